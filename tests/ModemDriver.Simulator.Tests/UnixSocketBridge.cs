using System.Net.Sockets;

namespace ModemDriver.Simulator.Tests;

/// <summary>
/// A port of a module as a socket with a path, as ModemManager takes its test ports. Whoever connects has the port, and who
/// had it before has it no more: of two readers each would get a part of the answers.
/// </summary>
internal sealed class UnixSocketBridge : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream> _openPort;
    private readonly Task _serving;

    internal UnixSocketBridge(string path, Func<Stream> openPort)
    {
        _openPort = openPort;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        Task bridging = Task.CompletedTask;
        CancellationTokenSource? current = null;
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(_stop.Token);
                await EndAsync(current, bridging);
                current = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                bridging = BridgeAsync(client, current);
            }
        }
        finally
        {
            await EndAsync(current, bridging);
        }
    }

    private static async Task EndAsync(CancellationTokenSource? current, Task bridging)
    {
        if (current is not null)
        {
            await current.CancelAsync();
            await bridging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            current.Dispose();
        }
    }

    private async Task BridgeAsync(Socket client, CancellationTokenSource over)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        await using Stream port = _openPort();
        Task up = stream.CopyToAsync(port, over.Token);
        Task down = port.CopyToAsync(stream, over.Token);
        await Task.WhenAny(up, down);
        await over.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
