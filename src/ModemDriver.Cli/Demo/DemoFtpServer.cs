using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModemDriver.Cli.Demo;

/// <summary>An FTP server of this host that keeps its files in memory: as much of RFC 959 as a module asks for, passive mode.</summary>
internal sealed class DemoFtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public DemoFtpServer(IPAddress address)
    {
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _serving = ServeAsync(address, _stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The files, by their names.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        // 1. Accept and sessions end. 2. The port is free.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(IPAddress address, CancellationToken cancellationToken)
    {
        List<Task> sessions = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
                sessions.Add(RunSessionAsync(client, address, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions).ConfigureAwait(false);
        }
    }

    private async Task RunSessionAsync(TcpClient client, IPAddress address, CancellationToken cancellationToken)
    {
        using var session = new Session(client, address, Files);
        await session.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed class Session(TcpClient client, IPAddress address, ConcurrentDictionary<string, byte[]> files) : IDisposable
    {
        private TcpListener? _data;

        public void Dispose()
        {
            _data?.Dispose();
            client.Dispose();
        }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                await SayAsync(stream, "220 demo", cancellationToken).ConfigureAwait(false);
                while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line
                    && await ObeyAsync(stream, line, cancellationToken).ConfigureAwait(false))
                {
                    // On to the next command.
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
            {
                // The module went, or the demonstration is over: the step that waits says so.
            }
        }

        private async Task<bool> ObeyAsync(NetworkStream stream, string line, CancellationToken token)
        {
            string[] words = line.Split(' ', 2);
            string name = Path.GetFileName(words.ElementAtOrDefault(1) ?? "");
            switch (words[0].ToUpperInvariant())
            {
                case "USER":
                    await SayAsync(stream, "331 password", token).ConfigureAwait(false);
                    break;
                case "PASS":
                    await SayAsync(stream, "230 welcome", token).ConfigureAwait(false);
                    break;
                case "TYPE":
                    await SayAsync(stream, "200 done", token).ConfigureAwait(false);
                    break;
                case "PASV":
                    await ListenAsync(stream, token).ConfigureAwait(false);
                    break;
                case "SIZE" when files.TryGetValue(name, out byte[]? file):
                    await SayAsync(stream, string.Create(CultureInfo.InvariantCulture, $"213 {file.Length}"), token).ConfigureAwait(false);
                    break;
                case "RETR" when files.TryGetValue(name, out byte[]? file):
                    await TransferAsync(stream, data => data.WriteAsync(file, token).AsTask(), token).ConfigureAwait(false);
                    break;
                case "STOR" when name.Length > 0:
                    await TransferAsync(stream, data => StoreAsync(data, name, token), token).ConfigureAwait(false);
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye", token).ConfigureAwait(false);
                    return false;
                case "SIZE" or "RETR":
                    await SayAsync(stream, "550 no such file", token).ConfigureAwait(false);
                    break;
                default:
                    await SayAsync(stream, "502 not here", token).ConfigureAwait(false);
                    break;
            }

            return true;
        }

        private async Task ListenAsync(NetworkStream stream, CancellationToken token)
        {
            _data?.Dispose();
            _data = new TcpListener(address, 0);
            _data.Start();
            int port = ((IPEndPoint)_data.LocalEndpoint).Port;
            string host = address.ToString().Replace('.', ',');
            await SayAsync(stream, string.Create(CultureInfo.InvariantCulture, $"227 Entering Passive Mode ({host},{port >> 8},{port & 255})"), token)
                .ConfigureAwait(false);
        }

        private async Task TransferAsync(NetworkStream stream, Func<NetworkStream, Task> transfer, CancellationToken token)
        {
            if (_data is null)
            {
                await SayAsync(stream, "425 no connection", token).ConfigureAwait(false);
                return;
            }

            await SayAsync(stream, "150 it begins", token).ConfigureAwait(false);
            using (TcpClient data = await _data.AcceptTcpClientAsync(token).ConfigureAwait(false))
            {
                await transfer(data.GetStream()).ConfigureAwait(false);
            }

            await SayAsync(stream, "226 done", token).ConfigureAwait(false);
        }

        private async Task StoreAsync(NetworkStream data, string name, CancellationToken token)
        {
            using var file = new MemoryStream();
            await data.CopyToAsync(file, token).ConfigureAwait(false);
            files[name] = file.ToArray();
        }

        private static Task SayAsync(NetworkStream stream, string line, CancellationToken token) =>
            stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), token).AsTask();
    }
}
