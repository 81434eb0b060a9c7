using ModemDriver.Transport;

namespace ModemDriver;

/// <content>The line to the module, and how the module is started anew.</content>
public sealed partial class Modem
{
    /// <summary>
    /// Changes the bit rate of the module and of the port together, for as long as the module runs: a module that starts
    /// anew is at its own rate again, and the modem then sets this one once more. It is made sure that the module answers
    /// at the new rate; if not, both go back. No link may be open.
    /// </summary>
    /// <param name="bitsPerSecond">The new rate, 300 to 5,000,000 bit/s, both included.</param>
    /// <param name="cancellationToken">
    /// Ends the wait for its turn. A change that was begun is brought to its end, in at most fifteen seconds.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">
    /// The module has no such command, or the port no bit rate of its own, as one behind <c>tcp://</c>; nothing was sent.
    /// </exception>
    /// <exception cref="LinkException">A link is open, or a listener; nothing was sent.</exception>
    /// <exception cref="BitRateException">It was not changed; the reason says where module and port are now.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bitsPerSecond, SerialTransportOptions.MinimumBitRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bitsPerSecond, SerialTransportOptions.MaximumBitRate);
        return _loop.InvokeAsync(() => _runner.SetBitRateAsync(bitsPerSecond, cancellationToken));
    }

    /// <summary>
    /// Sets the module back to how it left the factory: its networks, names and stored settings are erased, and what was
    /// set through this modem is forgotten. It starts anew, perhaps at another bit rate, and is then
    /// <see cref="ModemState.Ready"/>; it is not online. Every link is lost.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the module goes on.</param>
    /// <exception cref="TimeoutException">
    /// The modem was not back within twice <see cref="ModemOptions.OpenTimeLimit"/>; it goes on trying.
    /// </exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such command.</exception>
    /// <exception cref="CommandFailedException">The module refused; nothing has changed.</exception>
    /// <exception cref="ModemException">The module did not come back, or was not usable.</exception>
    public Task RestoreFactoryAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.RestoreFactoryAsync(cancellationToken));
}
