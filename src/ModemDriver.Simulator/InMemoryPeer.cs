using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator;

/// <summary>The far end of a link in an <see cref="InMemoryNetwork"/>: a Stream, as a server would have it. A read gives
/// 0 when the module has closed, and throws <see cref="IOException"/> when it has vanished.</summary>
/// <remarks>A peer that is neither read nor closed is half-open: the module sends until the window is full.</remarks>
#pragma warning disable CA1710 // It is a peer, which is more than its Stream.
public sealed class InMemoryPeer : DuplexStream
#pragma warning restore CA1710
{
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal InMemoryPeer(PipeReader reader, PipeWriter writer, IPEndPoint local, IPEndPoint module)
    {
        _reader = reader;
        _writer = writer;
        LocalEndPoint = local;
        ModuleEndPoint = module;
    }

    /// <summary>This end.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The module's end.</summary>
    public IPEndPoint ModuleEndPoint { get; }

    /// <summary>What has arrived and was not read, without waiting.</summary>
    internal byte[] TakeReceived()
    {
        if (!_reader.TryRead(out ReadResult result))
        {
            return [];
        }

        byte[] taken = result.Buffer.ToArray();
        _reader.AdvanceTo(result.Buffer.End);
        return taken;
    }

    /// <summary>Completes when this end has been disposed or reset.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Sends no more, and still receives.</summary>
    public void ShutdownSend() => _writer.Complete();

    /// <summary>Resets the connection: what the module has not read yet is lost.</summary>
    public void Reset()
    {
        _writer.Complete(new NetworkException("The peer has reset the connection."));
        _reader.Complete();
        _ended.TrySetResult();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(result.IsCanceled, this);
        return _reader.Take(result, buffer.Span);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        FlushResult result = await _writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted)
        {
            throw new IOException("The module has closed the connection.");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_ended.TrySetResult())
        {
            _writer.Complete();
            _reader.CancelPendingRead();
            _reader.Complete();
        }

        base.Dispose(disposing);
    }
}
