using System.Globalization;
using System.Text;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network.Http;

/// <summary>One request and its response (HTTP/1.1, RFC 9112) over a connection of its own.</summary>
internal static class HttpExchange
{
    private const int LongestHead = 16 * 1024;

    /// <summary>Sends the request, and reads the response to its end.</summary>
    /// <param name="connection">It is closed afterwards.</param>
    /// <param name="request">Head and body, with <c>Connection: close</c>.</param>
    /// <param name="hasNoBody">The answer to HEAD ends with its head.</param>
    /// <param name="largest">The most bytes of a body.</param>
    /// <param name="life">Gives up.</param>
    /// <returns>The response; <see langword="null"/> when it is none of HTTP.</returns>
    /// <exception cref="NetworkException">The connection broke, or the response is cut short.</exception>
    internal static async Task<HttpResponse?> RunAsync(
        NetworkConnection connection, byte[] request, bool hasNoBody, int largest, CancellationToken life)
    {
        await connection.SendAsync(request, life);
        var incoming = new ByteQueue();
        int end;
        while ((end = incoming.Span.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (incoming.Count > LongestHead || !await FillAsync(connection, incoming, life))
            {
                return null;
            }
        }

        string head = WireText.Latin1.GetString(incoming.Span[..(end + 4)]);
        incoming.Skip(end + 4);
        if (!head.StartsWith("HTTP/1.", StringComparison.Ordinal) || head.Length < 12
            || !int.TryParse(head.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            return null;
        }

        if (hasNoBody || status is 204 or 304)
        {
            return new HttpResponse(status, head, [], IsTooLong: false);
        }

        bool isChunked = Header(head, "transfer-encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;
        long? length = long.TryParse(Header(head, "content-length"), NumberStyles.None, CultureInfo.InvariantCulture, out long given)
            ? given
            : null;
        if (length > largest)
        {
            return new HttpResponse(status, head, [], IsTooLong: true);
        }

        byte[]? body = isChunked
            ? await ReadChunksAsync(connection, incoming, largest, life)
            : await ReadAsync(connection, incoming, length, largest, life);
        return new HttpResponse(status, head, body ?? [], body is null);
    }

    private static async Task<byte[]?> ReadAsync(
        NetworkConnection connection, ByteQueue incoming, long? length, int largest, CancellationToken life)
    {
        while (length is null || incoming.Count < length)
        {
            if (incoming.Count > largest)
            {
                return null;
            }

            if (!await FillAsync(connection, incoming, life))
            {
                return length is null ? incoming.Span.ToArray() : throw new NetworkException("The response is cut short.");
            }
        }

        return incoming.Span[..(int)length].ToArray();
    }

    private static async Task<byte[]?> ReadChunksAsync(
        NetworkConnection connection, ByteQueue incoming, int largest, CancellationToken life)
    {
        var body = new ByteQueue();
        while (true)
        {
            int end;
            while ((end = incoming.Span.IndexOf("\r\n"u8)) < 0)
            {
                await FillOrFailAsync(connection, incoming, life);
            }

            string line = Encoding.ASCII.GetString(incoming.Span[..end]).Split(';')[0].Trim();
            incoming.Skip(end + 2);
            if (!int.TryParse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int size) || size == 0)
            {
                return body.Span.ToArray();
            }

            if (body.Count + (long)size > largest)
            {
                return null;
            }

            while (incoming.Count < size + 2)
            {
                await FillOrFailAsync(connection, incoming, life);
            }

            body.Write(incoming.Span[..size]);
            incoming.Skip(size + 2);
        }
    }

    private static async Task FillOrFailAsync(NetworkConnection connection, ByteQueue incoming, CancellationToken life)
    {
        if (!await FillAsync(connection, incoming, life))
        {
            throw new NetworkException("The response is cut short.");
        }
    }

    private static async Task<bool> FillAsync(NetworkConnection connection, ByteQueue incoming, CancellationToken life)
    {
        var buffer = new byte[2048];
        int count = await connection.ReceiveAsync(buffer, life);
        life.ThrowIfCancellationRequested();
        incoming.Write(buffer.AsSpan(0, count));
        return count > 0;
    }

    private static string? Header(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}

/// <summary>A response.</summary>
/// <param name="Status">Three digits.</param>
/// <param name="Head">The status line and the headers.</param>
/// <param name="Body">Without the marks of chunks.</param>
/// <param name="IsTooLong">The body is larger than there is room.</param>
internal sealed record HttpResponse(int Status, string Head, byte[] Body, bool IsTooLong);
