using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>The module's UDP socket in an <see cref="InMemoryNetwork"/>.</summary>
internal sealed class InMemoryDatagramSocket(InMemoryDatagramPeer socket) : NetworkDatagrams
{
    internal override IPEndPoint Local => socket.LocalEndPoint;

    internal override async ValueTask<(int Count, IPEndPoint Sender)> ReceiveAsync(
        Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            InMemoryDatagram datagram = await socket.ReceiveAsync(cancellationToken);
            int count = Math.Min(datagram.Data.Length, buffer.Length);
            datagram.Data.Span[..count].CopyTo(buffer.Span);
            return (count, datagram.Sender);
        }
        catch (ObjectDisposedException gone)
        {
            throw new NetworkException("The socket is gone.", gone);
        }
    }

    internal override ValueTask SendAsync(
        ReadOnlyMemory<byte> data, IPEndPoint remote, CancellationToken cancellationToken)
    {
        socket.Send(data.Span, remote);
        return ValueTask.CompletedTask;
    }

    internal override void Close() => socket.Dispose();
}
