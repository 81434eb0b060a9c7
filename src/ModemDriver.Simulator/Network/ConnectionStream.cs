namespace ModemDriver.Simulator.Network;

/// <summary>A connection as a Stream, for TLS to stand on.</summary>
internal sealed class ConnectionStream(NetworkConnection connection) : DuplexStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? ValueTask.FromResult(0) : connection.ReceiveAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.SendAsync(buffer, cancellationToken);
}
