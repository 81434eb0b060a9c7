using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ModemDriver.Cli.Demo;

/// <summary>
/// A TCP server of this host that sends its own bytes and takes the client's at the same time, and keeps the digests of
/// both, so that neither direction can be an echo of the other.
/// </summary>
internal sealed class TransferServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly int _bytesEachWay;
    private readonly TaskCompletionSource<TransferDigests> _digests =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Task _serving;

    public TransferServer(IPAddress address, int bytesEachWay)
    {
        _bytesEachWay = bytesEachWay;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _serving = ServeAsync(_stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the one client to have sent and taken everything.</summary>
    public Task<TransferDigests> ReadDigestsAsync(CancellationToken cancellationToken) =>
        _digests.Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // 1. Accept and transfer end. 2. The port is free.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using Socket client = await _listener.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
            using var stream = new NetworkStream(client);
            _digests.SetResult(await TransferPayload.ExchangeAsync(stream, _bytesEachWay, cancellationToken)
                .ConfigureAwait(false));

            // The client closes first. A server that closes as soon as it has the last byte may be ahead of the
            // module's own verdict on that byte.
            await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
        {
            // Whoever waits for the digests learns of it; after them, how the client goes does not matter.
            _digests.TrySetException(ended);
        }
    }
}

/// <summary>The SHA-256 of what one end has sent and of what it has received, in hexadecimal.</summary>
internal sealed record TransferDigests(string Sent, string Received);

/// <summary>Random bytes out, any bytes in, a digest of each.</summary>
internal static class TransferPayload
{
    /// <summary>Sends and receives at the same time.</summary>
    public static async Task<TransferDigests> ExchangeAsync(
        Stream stream, int bytesEachWay, CancellationToken cancellationToken)
    {
        string[] digests = await Task.WhenAll(
            SendAsync(stream, bytesEachWay, cancellationToken),
            ReceiveAsync(stream, bytesEachWay, cancellationToken)).ConfigureAwait(false);
        return new TransferDigests(digests[0], digests[1]);
    }

    public static async Task<string> SendAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[8192];
        for (int left = count; left > 0;)
        {
            Memory<byte> piece = buffer.AsMemory(0, Math.Min(left, buffer.Length));
            RandomNumberGenerator.Fill(piece.Span);
            hash.AppendData(piece.Span);
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            left -= piece.Length;
        }

        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    public static async Task<string> ReceiveAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[8192];
        for (int left = count; left > 0;)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException($"The other end closed {left} bytes early.");
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
