using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Docs.Tests;

/// <summary>Answers every HTTP request with <see cref="Body"/> and closes the connection.</summary>
internal sealed class SmallWebServer : IAsyncDisposable
{
    public const string Body = "hello from the other end";

    private static readonly byte[] Answer = System.Text.Encoding.ASCII.GetBytes(
        $"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;

    public SmallWebServer()
    {
        _listener.Start();
        _run = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                await ReadRequestAsync(stream);
                await stream.WriteAsync(Answer, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
        {
        }
    }
}
