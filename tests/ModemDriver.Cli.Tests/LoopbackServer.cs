using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Cli.Tests;

/// <summary>A TCP server on a free port of loopback that gives every client to a handler.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public LoopbackServer(Func<NetworkStream, CancellationToken, Task> handle)
    {
        _listener.Start();
        _serving = ServeAsync(handle, _stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sends everything back until the client closes.</summary>
    public static Task EchoAsync(NetworkStream client, CancellationToken cancellationToken) =>
        client.CopyToAsync(client, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<NetworkStream, CancellationToken, Task> handle, CancellationToken token)
    {
        while (true)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(token);
            await using NetworkStream stream = client.GetStream();
            await handle(stream, token);
        }
    }
}
