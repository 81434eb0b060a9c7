using ModemDriver.Clients;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/managed-tcp.md.</summary>
internal static class ManagedTcpSnippet
{
    public static async Task RunAsync(Modem modem, Func<string, Task> handle, CancellationToken cancellationToken)
    {
        #region LineProtocol
        var options = new ManagedTcpOptions
        {
            Heartbeat = "PING\n"u8.ToArray(),
            HeartbeatInterval = TimeSpan.FromSeconds(60),
            SilenceLimit = TimeSpan.FromSeconds(150), // the peer answers PONG
        };
        var client = new ManagedTcpClient(modem, new LinkRequest("example.com", 4000), options);
        client.Changed += (_, change) => Console.WriteLine($"{change.State} {change.Reason?.Message}");
        await client.RunAsync(
            async (stream, token) =>
            {
                await stream.WriteAsync("HELLO gateway-7\n"u8.ToArray(), token);
                using var reader = new StreamReader(stream, leaveOpen: true);
                while (await reader.ReadLineAsync(token) is { } line)
                {
                    await handle(line);
                }
            },
            cancellationToken);
        #endregion
    }
}
