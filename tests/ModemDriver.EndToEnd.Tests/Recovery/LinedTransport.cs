using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A transport whose DTR is wired to something.</summary>
internal sealed class LinedTransport(ITransport inner, Action onDropped) : ITransport, IControlLines
{
    private bool _isAsserted = true;

    public string Name => inner.Name;

    public int? BitRate => inner.BitRate;

    public IControlLines ControlLines => this;

    public bool IsLossless => inner.IsLossless;

    public bool? ClearToSend => null;

    public bool? DataSetReady => null;

    public bool? DataCarrierDetect => null;

    public bool? RingIndicator => null;

    /// <summary>The same port, with the line.</summary>
    public static TransportFactory Wire(TransportFactory port, Action onDropped) =>
        new(port.Name, () => new LinedTransport(port.Create(), onDropped));

    public bool TrySetDataTerminalReady(bool asserted)
    {
        if (_isAsserted && !asserted)
        {
            onDropped();
        }

        _isAsserted = asserted;
        return true;
    }

    public bool TrySetRequestToSend(bool asserted) => false;

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default) =>
        inner.OpenAsync(sink, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(data, cancellationToken);

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
        inner.SetBitRateAsync(bitsPerSecond, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
