using System.Net;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator.Personalities.Common;

/// <summary>A UDP link: a socket, and the peer to which it sends.</summary>
/// <param name="socket">Closed with the link.</param>
/// <param name="peer">The one of AT+CIPSTART.</param>
/// <param name="mode">0: the peer stays; 1: it becomes the first sender; 2: it is always the last sender (user guide,
/// AT+CIPSTART for UDP).</param>
internal sealed class DatagramLink(NetworkDatagrams socket, IPEndPoint peer, int mode) : NetworkConnection
{
    private IPEndPoint _peer = peer;
    private bool _hasChanged;

    internal override IPEndPoint Local => socket.Local;

    internal override IPEndPoint Remote => _peer;

    internal override bool KeepsBorders => true;

    /// <summary>Whether it always leads to the one peer, as transparent mode wants it.</summary>
    internal bool HasFixedPeer => mode == 0;

    internal override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (int count, IPEndPoint sender) = await socket.ReceiveAsync(buffer, cancellationToken);
        if (mode == 2 || (mode == 1 && !_hasChanged))
        {
            _peer = sender;
            _hasChanged = true;
        }

        return count;
    }

    internal override ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        socket.SendAsync(data, _peer, cancellationToken);

    /// <summary>Sends one datagram to somebody else.</summary>
    internal ValueTask SendAsync(ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken cancellationToken) =>
        socket.SendAsync(data, remote, cancellationToken);

    /// <summary>The host has named somebody else for a datagram, and this build keeps that.</summary>
    internal void ChangePeer(IPEndPoint remote) => _peer = remote;

    internal override void Close() => socket.Close();

    internal override void Abort() => socket.Close();
}
