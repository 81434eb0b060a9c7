using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver;

/// <summary>A module on a serial line, or behind anything that carries its bytes.</summary>
/// <remarks>
/// Members may be called from any thread; they take their turn on the modem's own loop. A token ends the wait of its
/// caller; a command that is already on the wire runs to its end, and later ones queue behind it.
/// </remarks>
public sealed partial class Modem : IAsyncDisposable
{
    // What a command without a limit of its own may take: the longest wait of a module for the network, and a margin.
    private static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultWaitLimit = TimeSpan.FromMinutes(5);

    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private readonly ModemOptions _options;

    private Modem(TransportFactory transport, ModemOptions options)
    {
        _options = options;
        _loop = new ModemLoop(options.Scheduler, options.Scheduler);
        _runner = new ModemRunner(_loop, transport, options)
        {
            StateListener = () => StateChanged is { } told ? change => told(this, change) : null,
            UrcListener = () => UrcReceived is { } told ? urc => told(this, urc) : null,
            RecoveryListener = () => RecoveryReported is { } told ? report => told(this, report) : null,
        };
        WiFi = new WiFiInterface(_loop, _runner);
        Cellular = new CellularInterface(_loop, _runner);
        Messages = new MessageInterface(_loop, _runner);
        Ussd = new UssdInterface(_loop, _runner);
        Calls = new CallInterface(_loop, _runner);
        Phonebook = new PhonebookInterface(_loop, _runner);
        Board = new BoardInterface(_loop, _runner);
    }

    /// <summary>
    /// Told of each change of state; in order, on the thread pool or <see cref="ModemOptions.Scheduler"/>.
    /// </summary>
    public event EventHandler<ModemStateChange>? StateChanged;

    /// <summary>
    /// Told of each rung of the recovery ladder that was climbed, and whether it helped; in order, on the thread pool or
    /// <see cref="ModemOptions.Scheduler"/>.
    /// </summary>
    public event EventHandler<RecoveryReport>? RecoveryReported;

    /// <summary>
    /// Told of each line that belongs to no answer; in order, on the thread pool or <see cref="ModemOptions.Scheduler"/>.
    /// A handler that does not keep up loses events (see <see cref="DroppedEvents"/>), never the modem its place. As with
    /// all events, it is told of what happens from its addition to its removal, and may be told of that after its removal.
    /// </summary>
    public event EventHandler<Urc>? UrcReceived;

    /// <summary>The port, as it was named.</summary>
    public string Port => _runner.PortName;

    /// <summary>Where the modem stands.</summary>
    public ModemState State => _runner.State;

    /// <summary>The module, as it gave itself out.</summary>
    public ModuleIdentity Identity => _runner.Dialect!.Identity; // An open modem has been identified.

    /// <summary>
    /// The bit rate at which the module was found, in bit/s; <see langword="null"/> where there is none.
    /// </summary>
    public int? BitRate => _runner.BitRate;

    /// <summary>
    /// The radio. Of a module without one every call throws <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public WiFiInterface WiFi { get; }

    /// <summary>
    /// Card, registration and signal. Of a module that is not cellular every call throws
    /// <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public CellularInterface Cellular { get; }

    /// <summary>
    /// Short messages. Of a module without them every call throws <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public MessageInterface Messages { get; }

    /// <summary>
    /// The dialogue with services of the network by codes. Of a module without it every call throws
    /// <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public UssdInterface Ussd { get; }

    /// <summary>
    /// Voice calls. Of a module without them every call throws <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public CallInterface Calls { get; }

    /// <summary>
    /// The phonebook. Of a module without one every call throws <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public PhonebookInterface Phonebook { get; }

    /// <summary>
    /// Supply, network card, place, satellites and power. What a module lacks throws
    /// <see cref="FeatureNotSupportedException"/>.
    /// </summary>
    public BoardInterface Board { get; }

    /// <summary>How many events were dropped because handlers were too slow.</summary>
    public long DroppedEvents => _runner.DroppedEvents;

    /// <summary>Opens a port and the module behind it.</summary>
    /// <param name="port">
    /// <c>/dev/ttyUSB0</c>, <c>usb:VID:PID[:SERIAL[:INTERFACE]]</c> (found again under another name after a replug, Linux),
    /// <c>COM3</c>, <c>serialport:/dev/ttyUSB0</c> (by System.IO.Ports), <c>tcp://host:port</c>.
    /// </param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt and closes the port.</param>
    /// <returns>The modem, in state <see cref="ModemState.Ready"/>.</returns>
    /// <exception cref="TransportException">The port is missing, busy, not ours to open, or no serial port.</exception>
    /// <exception cref="ModuleSilentException">Nothing answers on the port.</exception>
    /// <exception cref="CommandFailedException">The module refused a step without which it cannot be used.</exception>
    public static Task<Modem> OpenAsync(
        string port, ModemOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ModemOptions();
        options.Validate();
        var transport = TransportFactory.ForPort(port, options.Serial, options.TimeProvider);
        return OpenAsync(transport, options, cancellationToken);
    }

    /// <summary>Opens a module behind a transport of the caller's.</summary>
    /// <param name="transport">Makes the transport, and a new one for each recovery of the port.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt and closes the transport.</param>
    /// <inheritdoc cref="OpenAsync(string, ModemOptions?, CancellationToken)"/>
    public static async Task<Modem> OpenAsync(
        TransportFactory transport, ModemOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        options ??= new ModemOptions();
        options.Validate();
        var modem = new Modem(transport, options);
        await modem._loop.InvokeAsync(() => modem._runner.OpenAsync(cancellationToken))
            .ConfigureAwait(modem._loop.StaysOnContext);
        return modem;
    }

    /// <summary>
    /// Opens a module behind a Stream, which the modem then owns. A Stream that ends cannot be recovered.
    /// </summary>
    /// <param name="stream">Carries the module's bytes, both ways.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the attempt and disposes the Stream.</param>
    /// <inheritdoc cref="OpenAsync(string, ModemOptions?, CancellationToken)"/>
    public static Task<Modem> OpenAsync(
        Stream stream, ModemOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Stream? once = stream;
        var factory = TransportFactory.ForStream(
            "stream",
            _ => Interlocked.Exchange(ref once, null) is { } first
                ? ValueTask.FromResult(first)
                : ValueTask.FromException<Stream>(
                    new TransportException(TransportFailure.Gone, "stream", "The Stream has ended; there is no other.")),
            options?.TimeProvider);
        return OpenAsync(factory, options, cancellationToken);
    }

    /// <summary>Whether the module, with its firmware, can do it.</summary>
    /// <param name="feature">What is wanted.</param>
    public bool Supports(ModemFeature feature) => _runner.Dialect?.Supports(feature) ?? false;

    /// <summary>Sends one command line as it is, and returns what the module answered.</summary>
    /// <param name="commandLine">The line without its end, such as <c>AT+GMR</c>; no control characters.</param>
    /// <param name="timeLimit">How long the answer may take. Default 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait; the command runs on to its end.</param>
    /// <returns>The lines of the answer and its final result code, which is a success.</returns>
    /// <exception cref="ArgumentException">The line is empty, too long, or holds a control character.</exception>
    /// <exception cref="CommandFailedException">The module answered with a failure.</exception>
    /// <exception cref="CommandTimeoutException">There was no final result code in time.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task<CommandResponse> SendAsync(
        string commandLine, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        var channel = _runner.Channel;
        var line = CommandLineBuilder.Raw(
            commandLine, channel.Rules.MaxCommandLine, channel.Redaction.VisibleLength);
        var limit = timeLimit ?? DefaultTimeLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        return _loop.InvokeAsync(async () =>
        {
            var command = new LinesCommand(line, limit);
            var result = await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            return new CommandResponse(command.Lines, result);
        });
    }

    /// <summary>
    /// Starts the module anew by its reset command. Every link is lost; returns when the modem is as it was before.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the reset goes on.</param>
    /// <exception cref="TimeoutException">
    /// The modem was not back within twice <see cref="ModemOptions.OpenTimeLimit"/>; it goes on trying.
    /// </exception>
    /// <exception cref="NotSupportedException">The module has no such command.</exception>
    /// <exception cref="CommandTimeoutException">The module did not answer.</exception>
    /// <exception cref="ModemClosedException">The modem did not come back, or was not usable.</exception>
    public Task ResetModuleAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.ResetModuleAsync(cancellationToken));

    /// <summary>Waits until the modem is in a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="timeLimit">How long to wait. Above zero. Default 5 minutes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The modem did not come to it in time.</exception>
    /// <exception cref="ModemClosedException">The modem was closed or is faulted, and will not come to it.</exception>
    public Task WaitForStateAsync(
        ModemState state, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        var limit = timeLimit ?? DefaultWaitLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        return _loop.InvokeAsync(() => _runner.WaitForStateAsync(state, limit, cancellationToken));
    }

    /// <summary>Closes the links, then the port. Bounded in time; does not throw; may be repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.InvokeAsync(_runner.CloseAsync).ConfigureAwait(_loop.StaysOnContext);
        GC.SuppressFinalize(this);
    }
}
