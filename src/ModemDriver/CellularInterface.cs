using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Lifecycle;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The cellular side of a module: card, registration, operators, signal, radio.</summary>
/// <remarks>
/// Members may be called from any thread. Of a module that is not cellular every call throws
/// <see cref="FeatureNotSupportedException"/> before anything is sent.
/// </remarks>
public sealed partial class CellularInterface
{
    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private EventHandler<CellularRegistration>? _registrationChanged;
    private EventHandler<SimState>? _simChanged;
    private EventHandler<SignalChange>? _signalChanged;

    internal CellularInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
    }

    /// <summary>
    /// Told of each change of the registration; in order, on the thread pool, as <see cref="Modem.UrcReceived"/>.
    /// </summary>
    public event EventHandler<CellularRegistration>? RegistrationChanged
    {
        add
        {
            _registrationChanged += value;
            _runner.RegistrationChanged = Listener(_registrationChanged);
        }

        remove
        {
            _registrationChanged -= value;
            _runner.RegistrationChanged = Listener(_registrationChanged);
        }
    }

    /// <summary>
    /// Told of each change of the card that the module tells by itself; in order, on the thread pool, as
    /// <see cref="Modem.UrcReceived"/>. Many modules tell nothing of a card that is taken out.
    /// </summary>
    public event EventHandler<SimState>? SimChanged
    {
        add
        {
            _simChanged += value;
            _runner.SimChanged = Listener(_simChanged);
        }

        remove
        {
            _simChanged -= value;
            _runner.SimChanged = Listener(_simChanged);
        }
    }

    /// <summary>
    /// Told when the signal has changed its class for good: averaged over some readings, and by 2 dB more than the limit.
    /// It is read by itself only where <see cref="CellularOptions.SignalInterval"/> is set, and counts whenever it is
    /// read. In order, on the thread pool, as <see cref="Modem.UrcReceived"/>.
    /// </summary>
    public event EventHandler<SignalChange>? SignalChanged
    {
        add
        {
            _signalChanged += value;
            _runner.SignalChanged = Listener(_signalChanged);
        }

        remove
        {
            _signalChanged -= value;
            _runner.SignalChanged = Listener(_signalChanged);
        }
    }

    /// <summary>
    /// Waits for the card, switches the radio on and registers with the network; goes no further. From then on the modem
    /// comes back to it after a failure. Does nothing when the modem is online.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the module goes on searching.</param>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="SimException">The card cannot be used.</exception>
    /// <exception cref="NetworkJoinException">No network took the module; the reason says why.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task RegisterAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.RegisterAsync(cancellationToken));

    /// <summary>Asks for the registration.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The registration that counts for data.</returns>
    /// <exception cref="FeatureNotSupportedException">The module is not cellular.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<CellularRegistration> ReadRegistrationAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.Cellular, async dialect =>
        {
            await _runner.ReadRegistrationAsync(dialect, cancellationToken);
            return _runner.Registration
                ?? new CellularRegistration(RegistrationStatus.Unknown, RegistrationDomain.Evolved);
        }, cancellationToken);

    // Whoever listens now: an event reaches those who did when it happened.
    private Action<T>? Listener<T>(EventHandler<T>? handlers) =>
        handlers is null ? null : change => handlers(this, change);

    private Task<T> QueryAsync<T>(
        ModemFeature feature, Func<Dialect, QueryCommand<T>> query, CancellationToken cancellationToken) =>
        CallAsync(feature, async dialect =>
        {
            var command = query(dialect);
            await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return command.Answer;
        }, cancellationToken);

    private Task<FinalResult> DoAsync(
        ModemFeature feature, Func<Dialect, AtCommand> build, CancellationToken cancellationToken) =>
        CallAsync(
            feature, dialect => _runner.ExecuteOrThrowAsync(build(dialect), cancellationToken).AsTask(), cancellationToken);

    private Task<T> CallAsync<T>(
        ModemFeature feature, Func<Dialect, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var dialect = _runner.Require(feature);
            return _runner.CallAsync(() => body(dialect), cancellationToken);
        });
}
