using System.Text;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Quirks;

/// <summary>A transport whose module does nothing by itself: a test hears each write and says each answer.</summary>
internal sealed class Wire : ITransport
{
    private readonly Queue<string> _writes = new();
    private ITransportSink? _sink;

    public string Name => "wire";

    public int? BitRate => null;

    /// <summary>The control lines; none by default.</summary>
    public IControlLines? ControlLines { get; set; }

    /// <summary>The last write.</summary>
    public string? Heard { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>How many writes nobody has looked at.</summary>
    public int Unheard => _writes.Count;

    /// <summary>Whether the other side waits, and loses nothing, while this one does not read.</summary>
    public bool IsLossless { get; set; } = true;

    /// <summary>Whether the driver holds the module back.</summary>
    public bool IsPaused { get; private set; }

    public bool TryPauseReceiving(bool isPaused)
    {
        IsPaused = isPaused && IsLossless;
        return IsLossless;
    }

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        _sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        Heard = Encoding.Latin1.GetString(data.Span);
        _writes.Enqueue(Heard);
        return ValueTask.CompletedTask;
    }

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>The next write, whole; null for none.</summary>
    public string? TakeWrite() => _writes.TryDequeue(out string? write) ? write : null;

    /// <summary>Bytes come from the module, in one read.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes) => _sink?.Received(bytes);

    /// <summary>The port ends.</summary>
    public void End(TransportException? reason) => _sink?.Closed(reason);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
