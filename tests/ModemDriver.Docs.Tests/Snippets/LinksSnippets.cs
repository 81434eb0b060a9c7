using System.Text;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/links.md.</summary>
internal static class LinksSnippets
{
    public static async Task ServeOneAsync(Modem modem, CancellationToken cancellationToken)
    {
        #region WebServer
        await using LinkListener listener = await modem.ListenAsync(8080, cancellationToken);
        await foreach (LinkStream link in listener.AcceptAllAsync(cancellationToken))
        {
            await using (link)
            {
                using var reader = new StreamReader(link, Encoding.ASCII, leaveOpen: true);
                string? request = await reader.ReadLineAsync(cancellationToken); // GET /path HTTP/1.1
                while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 }) { }
                string page = $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nYou asked for {request}";
                await link.WriteAsync(Encoding.ASCII.GetBytes(page), cancellationToken);
            }
        }
        #endregion
    }

    public static async Task<Datagram> AskAsync(Modem modem, string host, int port, CancellationToken cancellationToken)
    {
        #region Udp
        await using UdpLink link = await modem.OpenUdpAsync(new UdpRequest(host, port), cancellationToken);
        await link.SendAsync("what time is it?"u8.ToArray(), cancellationToken);
        Datagram answer = await link.ReceiveAsync(cancellationToken);
        Console.WriteLine($"{answer.RemoteEndPoint} says {Encoding.UTF8.GetString(answer.Data.Span)}");
        #endregion
        return answer;
    }
}
