namespace ModemDriver.Transport;

/// <summary>Moves bytes between the DTE (this program) and the DCE (the module). Knows nothing of AT.</summary>
/// <remarks>
/// <para>Life: created, opened once, closed once, disposed. A modem that recovers from a lost port makes a new
/// transport from its <see cref="TransportFactory"/>; a transport that has closed stays closed.</para>
/// <para>Threads: the sink is called from one thread at a time. <see cref="WriteAsync"/> is called by one caller at a
/// time, and never waits on the thread that calls the sink: what the port does not take at once is sent when it is
/// writable.</para>
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>What a person calls it: <c>/dev/ttyUSB0</c>, <c>COM3</c>, <c>tcp://host:port</c>.</summary>
    string Name { get; }

    /// <summary>The bit rate in bit/s; <see langword="null"/> where the transport has none (TCP, a Stream).</summary>
    int? BitRate { get; }

    /// <summary>The control lines; <see langword="null"/> where the transport has none.</summary>
    IControlLines? ControlLines { get; }

    /// <summary>Opens the port. From then on <paramref name="sink"/> is told what arrives.</summary>
    /// <remarks>When it throws, the transport is closed, and the sink is told nothing. A second call throws.</remarks>
    /// <param name="sink">Told of bytes and, exactly once, of the end.</param>
    /// <param name="cancellationToken">Ends the attempt; the transport is then closed.</param>
    /// <exception cref="TransportException">The port is missing, busy, not ours to open, or no serial port.</exception>
    ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default);

    /// <summary>Sends bytes in order. Completes when the port has taken all of them.</summary>
    /// <param name="data">Must not change until the call has completed.</param>
    /// <param name="cancellationToken">Ends the wait for a port that takes nothing; a part may have been sent.</param>
    /// <exception cref="TransportException">
    /// The port is closed, gone, or has taken no byte for so long that it was closed; the reason of the end is inside.
    /// </exception>
    /// <exception cref="InvalidOperationException">The port is not open yet, or another write is under way.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether nothing is lost while one side is slow: with hardware flow control, or where no serial line is beneath.
    /// </summary>
    bool IsLossless => false;

    /// <summary>
    /// Stops reading, or goes on, so that a reader that is slow holds the module back. What was read before may still
    /// be delivered.
    /// </summary>
    /// <param name="isPaused">Whether to stop.</param>
    /// <returns>Whether it was done: false where bytes would be lost meanwhile, or the transport cannot.</returns>
    bool TryPauseReceiving(bool isPaused) => false;

    /// <summary>Changes the bit rate of the open port, after all that was written has left.</summary>
    /// <param name="bitsPerSecond">The new rate, 300 to 5,000,000 bit/s, both included.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException"><see cref="BitRate"/> is <see langword="null"/>.</exception>
    ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default);
}

/// <summary>Where a transport delivers what it receives.</summary>
public interface ITransportSink
{
    /// <summary>Bytes have arrived. The span is valid during the call only. Must not block, must not throw.</summary>
    /// <param name="data">At least one byte.</param>
    void Received(ReadOnlySpan<byte> data);

    /// <summary>The transport has ended. Called once, after the last <see cref="Received"/>.</summary>
    /// <param name="reason">Why; <see langword="null"/> when it was disposed by its owner.</param>
    void Closed(TransportException? reason);
}
