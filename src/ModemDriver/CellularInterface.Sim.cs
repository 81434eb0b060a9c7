namespace ModemDriver;

/// <content>The card.</content>
public sealed partial class CellularInterface
{
    private const int PukLength = 8;

    /// <summary>Asks what the card wants, how many wrong codes it takes, and for its numbers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<SimInfo> ReadSimAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.Cellular, _ => _runner.ReadSimAsync(cancellationToken), cancellationToken);

    /// <summary>
    /// Gives the card a PIN, whatever was refused before, and waits until it can be used. A wrong one costs a try. A
    /// modem that was <see cref="ModemState.Locked"/> is <see cref="ModemState.Ready"/> then, or goes back online if the
    /// lock had taken it from there.
    /// </summary>
    /// <param name="pin">4 to 8 digits; a secret.</param>
    /// <param name="mayUseLastTry">
    /// Whether the last try may be used: after it only the PUK helps. Default <see langword="false"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; a code that was sent counts.</param>
    /// <exception cref="ArgumentException">It is no PIN; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="SimException">The card has refused it, or has one try left.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task UnlockAsync(string pin, bool mayUseLastTry = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pin);
        CellularOptions.CheckPin(pin, nameof(pin));
        return _loop.InvokeAsync(() => _runner.UnlockAsync(pin, mayUseLastTry, cancellationToken));
    }

    /// <summary>
    /// Gives the PUK and a new PIN to a card that wants them. Ten wrong PUKs kill a card: never call it twice with the
    /// same one.
    /// </summary>
    /// <param name="puk">8 digits; a secret.</param>
    /// <param name="newPin">4 to 8 digits; a secret.</param>
    /// <param name="cancellationToken">Ends the wait; a code that was sent counts.</param>
    /// <exception cref="ArgumentException">One is no such code; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="SimException">The card has refused it.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task UnblockAsync(string puk, string newPin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(puk);
        ArgumentNullException.ThrowIfNull(newPin);
        if (puk.Length != PukLength || !puk.All(char.IsAsciiDigit))
        {
            throw new ArgumentException("A PUK has 8 digits.", nameof(puk));
        }

        CellularOptions.CheckPin(newPin, nameof(newPin));
        return _loop.InvokeAsync(() => _runner.UnblockAsync(puk, newPin, cancellationToken));
    }

    /// <summary>Sets whether the card asks for its PIN after each start. A wrong PIN costs a try.</summary>
    /// <param name="isEnabled">Whether it asks.</param>
    /// <param name="pin">Its PIN; a secret.</param>
    /// <param name="cancellationToken">Ends the wait; a code that was sent counts.</param>
    /// <exception cref="ArgumentException">It is no PIN; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The card refused, the module did not answer, or is not usable.</exception>
    public Task SetPinEnabledAsync(bool isEnabled, string pin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pin);
        CellularOptions.CheckPin(pin, nameof(pin));
        return DoAsync(
            ModemFeature.Cellular, dialect => dialect.Cellular!.SetPinEnabled(isEnabled, pin), cancellationToken);
    }

    /// <summary>Changes the PIN of a card that asks for it. A wrong one costs a try.</summary>
    /// <param name="pin">The PIN; a secret.</param>
    /// <param name="newPin">The new one, 4 to 8 digits; a secret.</param>
    /// <param name="cancellationToken">Ends the wait; a code that was sent counts.</param>
    /// <exception cref="ArgumentException">One is no PIN; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The card refused, the module did not answer, or is not usable.</exception>
    public Task ChangePinAsync(string pin, string newPin, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pin);
        ArgumentNullException.ThrowIfNull(newPin);
        CellularOptions.CheckPin(pin, nameof(pin));
        CellularOptions.CheckPin(newPin, nameof(newPin));
        return DoAsync(ModemFeature.Cellular, dialect => dialect.Cellular!.ChangePin(pin, newPin), cancellationToken);
    }

    /// <summary>Asks for the number of the module (IMEI).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>14 to 16 digits; <see langword="null"/> if the module did not say.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<string?> ReadImeiAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.Cellular, dialect => dialect.Cellular!.ReadImei(), cancellationToken);
}
