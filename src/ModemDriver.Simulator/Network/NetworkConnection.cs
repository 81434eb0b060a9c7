using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>One connection, seen from the module: of TCP, or a UDP socket with its peer.</summary>
internal abstract class NetworkConnection
{
    internal abstract IPEndPoint Local { get; }

    internal abstract IPEndPoint Remote { get; }

    /// <summary>Whether each receive gives one datagram, and each send makes one.</summary>
    internal virtual bool KeepsBorders => false;

    /// <summary>Bytes of the peer, at least one; 0 for an orderly end, or for an empty datagram.</summary>
    /// <exception cref="NetworkException">The connection was reset.</exception>
    internal abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Completes when the stack has taken all of it.</summary>
    /// <exception cref="NetworkException">The connection is gone.</exception>
    internal abstract ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Closes in an orderly way. What was sent still arrives.</summary>
    internal abstract void Close();

    /// <summary>Lets go without a word: the air is gone, or the power.</summary>
    internal abstract void Abort();
}
