using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>A connection that is a Stream: the other end of an in-memory one, or TLS over another connection.</summary>
/// <param name="stream">Disposed with the connection.</param>
/// <param name="local">The module's end.</param>
/// <param name="remote">The peer's end.</param>
/// <param name="abort">Lets go of what lies below without a word.</param>
internal sealed class StreamConnection(Stream stream, IPEndPoint local, IPEndPoint remote, Action abort)
    : NetworkConnection
{
    internal override IPEndPoint Local => local;

    internal override IPEndPoint Remote => remote;

    internal override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception gone) when (gone is (IOException and not NetworkException) or ObjectDisposedException)
        {
            throw new NetworkException("The connection is gone.", gone);
        }
    }

    internal override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(data, cancellationToken);
        }
        catch (Exception gone) when (gone is (IOException and not NetworkException) or ObjectDisposedException)
        {
            throw new NetworkException("The connection is gone.", gone);
        }
    }

    internal override void Close() => stream.Dispose();

    internal override void Abort() => abort();
}
