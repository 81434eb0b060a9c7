using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The radio of a module: scan, join, leave, and what can be set on it.</summary>
/// <remarks>
/// <para>Members may be called from any thread. A call that needs what the module cannot do throws
/// <see cref="FeatureNotSupportedException"/> before anything is sent.</para>
/// <para>What is set here is set again by the modem after the module has started anew, until the modem is closed.</para>
/// </remarks>
public sealed partial class WiFiInterface
{
    private const int MaxHostNameLength = 32;

    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private EventHandler<WiFiEvent>? _changed;

    internal WiFiInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
    }

    /// <summary>
    /// Told of what happens to the radio; in order, on the thread pool, as <see cref="Modem.UrcReceived"/>.
    /// </summary>
    public event EventHandler<WiFiEvent>? Changed
    {
        add
        {
            _changed += value;
            _runner.WiFiChanged = _changed is { } told ? change => told(this, change) : null;
        }

        remove
        {
            _changed -= value;
            _runner.WiFiChanged = _changed is { } told ? change => told(this, change) : null;
        }
    }

    /// <summary>Lists the access points that the module hears, the strongest first.</summary>
    /// <param name="request">What to look for; <see langword="null"/>: everything.</param>
    /// <param name="cancellationToken">Ends the wait; a scan that was begun runs on in the module.</param>
    /// <returns>
    /// A snapshot. Names are strangers' text of any bytes: show them with care. Two access points may have one name.
    /// </returns>
    /// <exception cref="ArgumentException">The request is out of range; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot scan.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemProtocolException">Nothing of the answer could be read.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<ScannedAccessPoint>> ScanAsync(
        WiFiScanRequest? request = null, CancellationToken cancellationToken = default)
    {
        request ??= new WiFiScanRequest();
        request.Validate();
        return CallAsync<IReadOnlyList<ScannedAccessPoint>>(ModemFeature.WiFiScan, async dialect =>
        {
            var commands = dialect.WiFi!; // a module that scans has a station
            var scan = commands.Scan(request);
            foreach (var preparation in commands.PrepareScan())
            {
                await _runner.ExecuteAsync(preparation, cancellationToken);
            }

            await _runner.ExecuteOrThrowAsync(scan, cancellationToken);
            return scan.Found.Count == 0 && scan.Remarks is [var unreadable, ..]
                ? throw new ModemProtocolException("an access point", unreadable)
                : [.. scan.Found.Where(request.Admits).OrderByDescending(found => found.RssiDbm)];
        }, cancellationToken);
    }

    /// <summary>Joins an access point, also when another one is joined; links are then lost.</summary>
    /// <param name="network">The access point.</param>
    /// <param name="cancellationToken">Ends the wait; a join that was begun runs on in the module.</param>
    /// <exception cref="ArgumentException">A name or password that cannot be sent; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module is no station, or lacks an option of it.</exception>
    /// <exception cref="NetworkJoinException">It could not be joined; the reason says why.</exception>
    /// <exception cref="CommandFailedException">The module refused a fixed address or the policy.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task JoinAsync(WiFiOptions network, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Validate();
        return _loop.InvokeAsync(() => _runner.GoOnlineAsync(network, isForced: true, cancellationToken));
    }

    /// <summary>
    /// Leaves the access point; links are lost. The module does not come back by itself, nor does the modem take it
    /// back, until <see cref="JoinAsync"/> or <see cref="Modem.GoOnlineAsync"/>. Does nothing where none is joined.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task LeaveAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.LeaveNetworkAsync(cancellationToken));

    /// <summary>Asks how far the module is on its way into a network.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The state. Firmware that cannot be asked for it never gives <see cref="WiFiState.Joining"/>: there it is told
    /// from the access point and the address.
    /// </returns>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<WiFiState> ReadStateAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.WiFiStation, async dialect =>
        {
            var commands = dialect.WiFi!; // it is a station
            if (commands.ReadState() is { } ask)
            {
                await _runner.ExecuteOrThrowAsync(ask, cancellationToken);
                return ask.Answer;
            }

            var accessPoint = commands.ReadAccessPoint();
            await _runner.ExecuteOrThrowAsync(accessPoint, cancellationToken);
            if (accessPoint.AccessPoint is null)
            {
                return WiFiState.NotJoined;
            }

            var addresses = commands.ReadAddresses();
            await _runner.ExecuteOrThrowAsync(addresses, cancellationToken);
            return addresses.Addresses.Address is null ? WiFiState.WithoutAddress : WiFiState.Joined;
        }, cancellationToken);

    /// <summary>Asks which access point is joined, on which channel, and how strong it is received.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The access point; <see langword="null"/> for none.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<AccessPointInfo?> ReadAccessPointAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.WiFiStation, async dialect =>
        {
            var command = dialect.WiFi!.ReadAccessPoint(); // it is a station
            await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return command.AccessPoint;
        }, cancellationToken);

    /// <summary>Asks for the addresses of the station.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module is no Wi-Fi station.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<ModuleAddresses> ReadAddressesAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.WiFiStation, async dialect =>
        {
            var command = dialect.WiFi!.ReadAddresses(); // it is a station
            await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return command.Addresses;
        }, cancellationToken);

    private Task<T> CallAsync<T>(
        ModemFeature feature, Func<Dialect, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var dialect = _runner.Require(feature);
            return _runner.CallAsync(() => body(dialect), cancellationToken);
        });

    private Task<T> QueryAsync<T>(
        ModemFeature feature, Func<Dialect, QueryCommand<T>> query, CancellationToken cancellationToken) =>
        CallAsync(feature, async dialect =>
        {
            var command = query(dialect);
            await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return command.Answer;
        }, cancellationToken);

    // Whether it is also set again after the module has started anew.
    private Task SetAsync(
        ModemFeature feature,
        Func<Dialect, IEnumerable<AtCommand>> commands,
        CancellationToken cancellationToken,
        bool isKept = true) =>
        _loop.InvokeAsync(() => _runner.SetAsync(feature, commands, isKept, cancellationToken));
}
