using System.Buffers;
using System.Collections.Concurrent;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>Brings what one transport receives onto the loop: in place when the loop is idle, else by a copy.</summary>
/// <remarks>Each opened transport has a sink of its own, so that a late byte of an old one reaches nobody.</remarks>
internal sealed class PortSink(ModemLoop loop, ModemRunner runner) : ITransportSink
{
    // A loop that is so far behind is stuck; memory must not pay for it.
    private const int MaxBacklog = 8 * 1024 * 1024;

    private static readonly SendOrPostCallback DeliverNext = static sink => ((PortSink)sink!).DeliverBacklog();

    // A few bytes do not take a whole block: on a slow line each read brings a few.
    private const int LeastOfBlock = BlockPool.BlockBytes / 8;

    private readonly ConcurrentQueue<Piece> _waiting = new();
    private int _backlog;

    /// <summary>Whether the modem has done with this transport.</summary>
    public bool IsDetached { get; set; }

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> data)
    {
        if (loop.TryRunInPlace(data, this, static (bytes, sink) => sink.Deliver(bytes)))
        {
            return;
        }

        var piece = data.Length < LeastOfBlock
            ? new Piece(ArrayPool<byte>.Shared.Rent(data.Length), null, data.Length)
            : new Piece(null, loop.Blocks.Rent(data.Length), data.Length);
        if (Interlocked.Add(ref _backlog, piece.Memory.Length) > MaxBacklog)
        {
            Interlocked.Add(ref _backlog, -piece.Memory.Length);
            piece.Return();
            Fail();
            return;
        }

        data.CopyTo(piece.Memory.Span);
        _waiting.Enqueue(piece);
        loop.Post(DeliverNext, this);
    }

    /// <inheritdoc/>
    public void Closed(TransportException? reason) => loop.Post(() =>
    {
        if (!IsDetached)
        {
            runner.OnPortClosed(reason);
        }
    });

    private void Fail() => loop.Post(() =>
    {
        if (!IsDetached)
        {
            runner.OnPortClosed(new TransportException(
                TransportFailure.Other, runner.PortName, "More bytes arrive than the program can look at."));
        }
    });

    // One for each that was posted, in the order in which they were brought.
    private void DeliverBacklog()
    {
        if (_waiting.TryDequeue(out var next))
        {
            Interlocked.Add(ref _backlog, -next.Memory.Length);
            Deliver(next.Memory.Span[..next.Length]);
            next.Return();
        }
    }

    // What one read has brought, in one of the two kinds of memory.
    private readonly record struct Piece(byte[]? Array, IMemoryOwner<byte>? Block, int Length)
    {
        public Memory<byte> Memory => Array is null ? Block!.Memory : Array; // one of them is there

        public void Return()
        {
            if (Array is not null)
            {
                ArrayPool<byte>.Shared.Return(Array);
            }

            Block?.Dispose();
        }
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (!IsDetached)
        {
            runner.OnReceived(bytes);
        }
    }
}
