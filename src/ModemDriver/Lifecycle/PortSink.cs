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

    private readonly ConcurrentQueue<(IMemoryOwner<byte> Bytes, int Length)> _waiting = new();
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

        if (Volatile.Read(ref _backlog) + data.Length > MaxBacklog)
        {
            Fail();
            return;
        }

        var copy = loop.Blocks.Rent(data.Length);
        var length = data.Length;
        data.CopyTo(copy.Memory.Span);
        Interlocked.Add(ref _backlog, length);
        _waiting.Enqueue((copy, length));
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
            Interlocked.Add(ref _backlog, -next.Length);
            Deliver(next.Bytes.Memory.Span[..next.Length]);
            next.Bytes.Dispose();
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
