using System.Buffers;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>Brings what one transport receives onto the loop: in place when the loop is idle, else by a copy.</summary>
/// <remarks>Each opened transport has a sink of its own, so that a late byte of an old one reaches nobody.</remarks>
internal sealed class PortSink(ModemLoop loop, ModemRunner runner) : ITransportSink
{
    // A loop that is so far behind is stuck; memory must not pay for it.
    private const int MaxBacklog = 8 * 1024 * 1024;

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

        var copy = ArrayPool<byte>.Shared.Rent(data.Length);
        var length = data.Length;
        data.CopyTo(copy);
        Interlocked.Add(ref _backlog, length);
        loop.Post(() =>
        {
            Interlocked.Add(ref _backlog, -length);
            Deliver(copy.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(copy);
        });
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

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        if (!IsDetached)
        {
            runner.OnReceived(bytes);
        }
    }
}
