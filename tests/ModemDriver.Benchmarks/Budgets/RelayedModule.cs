using System.Globalization;
using System.Text;
using ModemDriver.Simulator;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A pseudo-terminal with a simulated module behind it, until a link is open; from then on a bare loop on the same
/// terminal does what the module would do, so that the module's own speed is not measured.
/// </summary>
internal sealed class RelayedModule : IAsyncDisposable
{
    private const string Host = "10.0.0.2";
    private const int Port = 7;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TestPty _pty = new();
    private readonly ModemSimulator _module;
    private readonly HostStream _line;
    private readonly Thread _thread;
    private volatile TaskCompletionSource? _drained;
    private int _left;

    public RelayedModule()
    {
        InMemoryNetwork network = new();
        network.Serve(Host, Port, static peer => peer.Ended);
        _module = new ModemSimulator(new SimulatorOptions { Network = network });
        _line = _module.OpenStream();
        _thread = new Thread(ToModule) { IsBackground = true, Name = "relay" };
        _thread.Start();
        _ = FromModuleAsync();
    }

    /// <summary>The other side of the terminal.</summary>
    public string Path => _pty.Path;

    /// <summary>Opens a modem on the terminal, and a link or a transparent session.</summary>
    public async Task<(Modem Modem, Stream Link)> OpenLinkAsync(bool isTransparent, ReceiveMode receive)
    {
        Modem modem = await Modem.OpenAsync(Path, new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            ConnectionMode = isTransparent ? ConnectionMode.Single : ConnectionMode.Multiple,
            ReceiveMode = receive,

            // Pushed payload comes faster than a line brings it, and what its reader leaves must have room.
            LinkBufferBytes = 16 * 1024 * 1024,
        }).WaitAsync(Limit);
        await modem.GoOnlineAsync().WaitAsync(Limit);
        Stream link = isTransparent
            ? await modem.OpenTransparentAsync(Host, Port).WaitAsync(Limit)
            : await modem.ConnectAsync(new LinkRequest(Host, Port) { LinkId = 0 }).WaitAsync(Limit);
        return (modem, link);
    }

    /// <summary>From now on what comes is counted and forgotten; ends when so many bytes have come.</summary>
    public Task DrainAsync(int bytes)
    {
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = bytes;
        _drained = drained;
        return drained.Task;
    }

    /// <summary>Sends bytes as they are, all in pieces of one size.</summary>
    public void Send(ReadOnlySpan<byte> payload)
    {
        const int Piece = 4096;
        for (int at = 0; at < payload.Length; at += Piece)
        {
            _pty.Write(payload.Slice(at, Math.Min(Piece, payload.Length - at)), Limit);
        }
    }

    /// <summary>Payload as a module pushes it on link 0, in pieces of 1460 bytes.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        const int Piece = 1460;
        using MemoryStream framed = new();
        for (int at = 0; at < payload.Length; at += Piece)
        {
            int count = Math.Min(Piece, payload.Length - at);
            framed.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\r\n+IPD,0,{count}:")));
            framed.Write(payload.Slice(at, count));
        }

        return framed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        _pty.Dispose();
        await _module.DisposeAsync();
    }

    private void ToModule()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = _pty.Read(buffer, Limit);
                if (count == 0)
                {
                    return;
                }

                if (_drained is not { } drained)
                {
                    _line.Write(buffer, 0, count);
                }
                else if ((_left -= count) <= 0)
                {
                    drained.TrySetResult();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or TimeoutException)
        {
            // The terminal is gone.
        }
    }

    private async Task FromModuleAsync()
    {
        byte[] buffer = new byte[4096];
        while (await _line.ReadAsync(buffer) is var count and > 0)
        {
            _pty.Write(buffer.AsSpan(0, count), Limit);
        }
    }
}
