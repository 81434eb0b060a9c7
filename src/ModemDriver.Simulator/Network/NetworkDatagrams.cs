using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>One UDP socket, seen from the module.</summary>
internal abstract class NetworkDatagrams
{
    /// <summary>The module's end, with the port that the module knows.</summary>
    internal abstract IPEndPoint Local { get; }

    /// <summary>One datagram, whole, though it may be empty.</summary>
    /// <exception cref="NetworkException">The socket is gone.</exception>
    internal abstract ValueTask<(int Count, IPEndPoint Sender)> ReceiveAsync(
        Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Completes when the stack has taken it; whether it arrives is not known.</summary>
    /// <exception cref="NetworkException">The stack does not take it.</exception>
    internal abstract ValueTask SendAsync(
        ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken cancellationToken);

    internal abstract void Close();
}
