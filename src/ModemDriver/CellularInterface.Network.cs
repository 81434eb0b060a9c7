using System.Net;

namespace ModemDriver;

/// <content>Operators, access point, radio, clock.</content>
public sealed partial class CellularInterface
{
    // Vendors give up to 180 s, and 300 s for narrow-band networks.
    private static readonly TimeSpan ListLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestListLimit = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Searches for operators. It takes minutes; meanwhile the module does nothing else, and on many networks links are
    /// lost.
    /// </summary>
    /// <param name="progress">Told every second how long it has run, on the thread pool.</param>
    /// <param name="timeLimit">How long it may take; above zero, at most 30 minutes. Default 5 minutes.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the module searches on to its end, and other calls wait for that.
    /// </param>
    /// <returns>The operators that were heard, in the order of the module.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="CommandFailedException">The module refused; it may be busy with its network.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<CellularOperator>> ListOperatorsAsync(
        IProgress<OperatorScanProgress>? progress = null,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default)
    {
        var limit = timeLimit ?? ListLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestListLimit, nameof(timeLimit));
        return _loop.InvokeAsync(() => _runner.ListOperatorsAsync(progress, limit, cancellationToken));
    }

    /// <summary>Asks for the operator, by code and by name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<CurrentOperator> ReadOperatorAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.OperatorSelection, async dialect =>
        {
            var commands = dialect.Cellular!; // a dialect with the feature has it
            var known = new CurrentOperator(OperatorSelectionMode.Unknown, null, null, null);
            foreach (var isCode in (bool[])[true, false])
            {
                await _runner.ExecuteAsync(commands.NameOperatorsBy(isCode), cancellationToken);
                var read = commands.ReadOperator(known);
                await _runner.ExecuteOrThrowAsync(read, cancellationToken);
                known = read.Answer;
            }

            return known;
        }, cancellationToken);

    /// <summary>Takes one operator and no other, or leaves the choice to the module. It takes up to three minutes.</summary>
    /// <param name="operatorCode">5 or 6 digits; <see langword="null"/>: the module chooses.</param>
    /// <param name="technology">The radio technology; <see langword="null"/>: the module chooses.</param>
    /// <param name="cancellationToken">Ends the wait; the module goes on.</param>
    /// <exception cref="ArgumentException">It is no code; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="CommandFailedException">The operator was not found, or has refused the card.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SelectOperatorAsync(
        string? operatorCode, AccessTechnology? technology = null, CancellationToken cancellationToken = default)
    {
        if (operatorCode is not null)
        {
            CellularOptions.CheckOperator(operatorCode, nameof(operatorCode));
        }

        return DoAsync(
            ModemFeature.OperatorSelection,
            dialect => dialect.Cellular!.SelectOperator(operatorCode, technology),
            cancellationToken);
    }

    /// <summary>Lists the contexts of packet data.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<PdpContext>> ReadContextsAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.Cellular, _ => _runner.ReadContextsAsync(cancellationToken), cancellationToken);

    /// <summary>Asks for the address of the module's IP stack.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The address; <see langword="null"/> while the module has none.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no packet data.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IPAddress?> ReadAddressAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.PacketData, async dialect =>
        {
            var read = dialect.PacketData!.ReadAddress(); // a dialect with the feature has it
            await _runner.ExecuteAsync(read, cancellationToken);
            return read.Answer;
        }, cancellationToken);

    /// <summary>
    /// Takes another access point (APN) from now on. A modem that is online goes online anew with it, and its links are
    /// lost; if that fails, the one before is kept for the next time.
    /// </summary>
    /// <param name="apn">The access point; <see langword="null"/>: the one that the network chooses.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no packet data.</exception>
    /// <exception cref="NetworkJoinException">The network has refused it.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SetApnAsync(ApnOptions? apn, CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.ChangeApnAsync(apn, cancellationToken));

    /// <summary>
    /// Gives the address back; links are lost. From now on the modem does not go online by itself, until
    /// <see cref="Modem.GoOnlineAsync"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no packet data.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task GoOfflineAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.GoOfflineAsync(cancellationToken));

    /// <summary>Asks for the state of the radio.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<RadioState> ReadRadioAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.RadioSwitch, dialect => dialect.Cellular!.ReadRadio(), cancellationToken);

    /// <summary>
    /// Switches the radio. Off, links are lost, and the modem does not come back by itself until
    /// <see cref="Modem.GoOnlineAsync"/>, which switches it on; a module that starts anew is switched off again. It takes
    /// up to a minute and a half.
    /// </summary>
    /// <param name="state">Full, flight, or minimum; after minimum the card asks for its PIN again.</param>
    /// <param name="cancellationToken">Ends the wait; the module goes on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such state; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such switch.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetRadioAsync(RadioState state, CancellationToken cancellationToken = default)
    {
        if (state == RadioState.Unknown || !Enum.IsDefined(state))
        {
            throw new ArgumentOutOfRangeException(nameof(state), state, "There is no such state.");
        }

        return _loop.InvokeAsync(() => _runner.SetRadioAsync(state, cancellationToken));
    }

    /// <summary>Asks for the module's clock.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it shows; <see langword="null"/> for one that was never set.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has none.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<ModuleTime?> ReadClockAsync(CancellationToken cancellationToken = default) =>
        QueryAsync(ModemFeature.ModuleClock, dialect => dialect.Cellular!.ReadClock(), cancellationToken);

    /// <summary>
    /// Sets whether the network sets the module's clock (NITZ); set again after the module has started anew.
    /// </summary>
    /// <param name="isAutomatic">Whether it does.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no clock.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetAutomaticClockAsync(bool isAutomatic, CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.SetAsync(
            ModemFeature.ModuleClock,
            dialect => [dialect.Cellular!.SetAutomaticClock(isAutomatic)],
            isKept: true,
            cancellationToken));
}
