using System.IO.Pipelines;
using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network;

/// <summary>A connection of two pipes.</summary>
internal sealed class InMemoryConnection : NetworkConnection
{
    private readonly Pipe _toModule;
    private readonly Pipe _toPeer;
    private bool _closed;

    internal InMemoryConnection(IPEndPoint local, IPEndPoint remote, PipeScheduler scheduler, int windowBytes)
    {
        // The module's side resumes on its loop, which is its synchronization context; the peer's side on the scheduler.
        var options = new PipeOptions(null, scheduler, scheduler, windowBytes, windowBytes / 2);
        _toModule = new Pipe(options);
        _toPeer = new Pipe(options);
        Local = local;
        Remote = remote;
        Peer = new InMemoryPeer(_toPeer.Reader, _toModule.Writer, remote, local);
    }

    internal override IPEndPoint Local { get; }

    internal override IPEndPoint Remote { get; }

    internal InMemoryPeer Peer { get; }

    internal override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new NetworkException("The connection is gone.");
        }

        ReadResult result = await _toModule.Reader.ReadAsync(cancellationToken);
        return _toModule.Reader.Take(result, buffer.Span);
    }

    internal override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_closed || (await _toPeer.Writer.WriteAsync(data, cancellationToken)).IsCompleted)
        {
            throw new NetworkException("The connection is gone.");
        }
    }

    internal override void Close() => End(null);

    internal override void Abort() => End(new NetworkException("The module has vanished."));

    private void End(Exception? reason)
    {
        if (!_closed)
        {
            _closed = true;
            _toPeer.Writer.Complete(reason);
            _toModule.Reader.Complete();
        }
    }
}
