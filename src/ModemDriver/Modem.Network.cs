namespace ModemDriver;

/// <content>The network of the module.</content>
public sealed partial class Modem
{
    /// <summary>
    /// Gets the module onto its network: that of <see cref="ModemOptions.WiFi"/>, the one that it joins by itself, or the
    /// cellular one, as <see cref="ModemOptions.Cellular"/> says.
    /// Does nothing when it is online. From then on the modem keeps it there, and comes back after a failure.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; a join that was begun runs on in the module.</param>
    /// <exception cref="SimException">The card of a cellular module cannot be used.</exception>
    /// <exception cref="NetworkJoinException">The network could not be joined; the reason says why.</exception>
    /// <exception cref="CommandTimeoutException">The module did not answer.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task GoOnlineAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.GoOnlineAsync(network: null, isForced: false, cancellationToken));

    /// <summary>Reads how well a cellular module receives its cell.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The figures; what the module does not tell is <see langword="null"/>.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<SignalQuality> ReadSignalAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() =>
        {
            _runner.Require(ModemFeature.SignalQuality);
            return _runner.CallAsync(() => _runner.ReadSignalAsync(cancellationToken), cancellationToken);
        });
}
