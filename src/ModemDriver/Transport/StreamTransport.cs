namespace ModemDriver.Transport;

/// <summary>Any <see cref="Stream"/>: a simulator in memory, a tunnel, a pipe.</summary>
internal sealed class StreamTransport : ReadLoopTransport
{
    private readonly Func<CancellationToken, ValueTask<Stream>> _connect;

    public StreamTransport(
        string name,
        Func<CancellationToken, ValueTask<Stream>> connect,
        SerialTransportOptions options,
        TimeProvider timeProvider,
        bool onCapturedContext)
        : base(name, options, timeProvider)
    {
        _connect = connect;
        OnCapturedContext = onCapturedContext;
    }

    protected override bool OnCapturedContext { get; }

    protected override ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) =>
        _connect(cancellationToken);
}
