using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using ModemDriver.Channel;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Links;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>
/// Owns a modem's state: applies events, carries out what the state machine asks for. Lives on the loop.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Closing is asynchronous, and disposes what there is.")]
internal sealed partial class ModemRunner : IChannelListener
{
    // Polite closing of links and port; a module that does not answer does not hold the program up for longer.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(5);

    private readonly ModemLoop _loop;
    private readonly ModemOptions _options;
    private readonly TransportFactory _factory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventQueue _events;
    private readonly ModemMetrics _metrics;
    private readonly ModemStatus _status;
    private readonly NoticeBoard _notices;
    private readonly ModuleProbe _probe;
    private readonly NetworkAttachment _wiFi;
    private readonly SimUnlock _unlock;
    private readonly CellularAttachment _cellular;
    private readonly BitRateChange _rateChange;
    private readonly LoopGate _joining = new();
    private readonly CancellationTokenSource _life = new();

    private ITransport? _transport;
    private PortSink? _sink;
    private Dialect? _dialect;
    private Task? _closeOnce;
    private CancellationTokenSource? _joinAttempt;
    private bool _isBroughtUp;
    private bool _isPortLost;
    private bool _isJoining;
    private bool _isLeaving;

    /// <summary>Makes a closed modem.</summary>
    public ModemRunner(ModemLoop loop, TransportFactory factory, ModemOptions options)
    {
        _loop = loop;
        _factory = factory;
        _options = options;
        _time = options.TimeProvider;
        _jitter = options.Seed is { } seed ? new Random(seed) : new Random();
        _logger = options.LoggerFactory.CreateLogger("ModemDriver.Modem");
        _metrics = new ModemMetrics(factory.Name);
        _events = new EventQueue(_logger, factory.Name, loop.Rim, _metrics);
        _status = new ModemStatus(options, _logger, _events, factory.Name, _metrics);
        _notices = new NoticeBoard(_time);
        Channel = new CommandChannel(loop, _time, this, _logger, options.Tap, _metrics);
        Links = new LinkSet(
            loop, _time, Channel, _logger, new LinkSetOptions(factory.Name, options.LinkBufferBytes, _metrics))
        {
            AttemptFailed = CheckHealth,
            HasNoNetwork = () => Registration is { IsRegistered: false },
            DataStateChanged = isInData =>
                Raise(isInData ? ModemEvent.DataStateEntered : ModemEvent.DataStateLeft, null),
        };
        _metrics.Observe(() => State, () => Links.HeldCount);
        _probe = new ModuleProbe(Channel, _time, _logger, options);
        _wiFi = new NetworkAttachment(Channel, _notices, _time) { Network = options.WiFi };
        _unlock = new SimUnlock(loop, Channel, options.Cellular);
        _cellular = new CellularAttachment(Channel, _notices, _time, options.Cellular, _unlock)
        {
            Happened = OnAttachStep,
            Registered = OnRegistration,
            Refused = (command, answer) => Log.BringUpStepRefused(_logger, PortName, command, answer),
        };
        Kept = new KeptSettings();
        _rateChange = new BitRateChange(Channel, _time);
        Channel.Resynchronised = OnResynchronised;
        _probe.DataStateLeft = OnDataStateLeft;
        Links.UnknownClosed = OnUnknownLinksClosed;
        loop.OnFault(OnLoopFault);
    }

    /// <summary>Who is told of a change of state, off the loop; asked for each. Null while nobody wants to know.</summary>
    public Func<Action<ModemStateChange>?>? StateListener
    {
        set => _status.Listener = value;
    }

    /// <summary>Who is told of an unsolicited line, off the loop; asked for each. Null while nobody wants to know.</summary>
    public Func<Action<Urc>?>? UrcListener { private get; init; }

    /// <summary>Told of what happens to the radio, off the loop; null while nobody wants to know.</summary>
    public Action<WiFiEvent>? WiFiChanged { get; set; }

    /// <summary>The port, for people.</summary>
    public string PortName => _factory.Name;

    /// <summary>The state; may be read from any thread.</summary>
    public ModemState State => _status.State;

    /// <summary>How many events were dropped because handlers were too slow.</summary>
    public long DroppedEvents => _events.Dropped;

    /// <summary>The command channel.</summary>
    public CommandChannel Channel { get; }

    /// <summary>The links.</summary>
    public LinkSet Links { get; }

    /// <summary>What was set since the modem was opened, and is set again after each bring-up.</summary>
    public KeptSettings Kept { get; }

    /// <summary>The dialect; null before the module is known.</summary>
    public Dialect? Dialect => Volatile.Read(ref _dialect);

    /// <summary>The bit rate; null where there is none.</summary>
    public int? BitRate => _transport?.BitRate;

    /// <summary>Opens the port, finds the module and brings it up.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => ModemTracing.RunAsync(
        ModemTracing.Open,
        PortName,
        _time,
        async _ =>
        {
            await OpenInTimeAsync(cancellationToken);
            return true;
        });

    private async Task OpenInTimeAsync(CancellationToken cancellationToken)
    {
        Raise(ModemEvent.OpenRequested, null);
        using var limit = new CancellationTokenSource(_options.OpenTimeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token, _life.Token);
        try
        {
            await OpenPortAsync(both.Token);
            await FindAndBringUpAsync(both.Token);
            Raise(ModemEvent.BroughtUp, null);
            StartSignal();
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var silent = new ModuleSilentException(
                $"The module on {PortName} was not ready within {_options.OpenTimeLimit}.", []) { Port = PortName };
            await FailOpeningAsync(silent);
            throw silent;
        }
        catch (Exception exception)
        {
            await FailOpeningAsync(exception);
            throw;
        }
    }

    /// <summary>Opens a link.</summary>
    public Task<Link> OpenLinkAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        Require(d => d.Links, ModemFeature.TcpClient);
        if (request.Allocation == LinkIdAllocation.ModuleAssigned)
        {
            Require(ModemFeature.ModuleAssignedLinkId);
        }

        if (request.FlushWaitsFor == FlushPoint.Acknowledged)
        {
            Require(ModemFeature.AcknowledgementQuery);
        }

        if (request.ModuleTls is { } tls)
        {
            RequireTls(tls);
        }

        ThrowIfNotOnline(request.EndPoint);
        return Links.OpenAsync(request, cancellationToken);
    }

    private void ThrowIfNotOnline(string endPoint)
    {
        if (State != ModemState.Online)
        {
            throw new LinkException(
                LinkFailure.NoNetwork, null, endPoint, $"{PortName} is {State}; go online before opening a link.")
            {
                Port = PortName,
                State = State,
            };
        }
    }

    /// <summary>Has the module listen.</summary>
    public Task<LinkServer> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        var dialect = Require(ModemFeature.TcpServer);
        return dialect.Links?.Server is null
            ? throw NotSupported(dialect, ModemFeature.TcpServer)
            : Links.ListenAsync(request, cancellationToken);
    }

    /// <summary>Waits until the modem is in a state.</summary>
    public Task WaitForStateAsync(ModemState state, TimeSpan limit, CancellationToken cancellationToken) =>
        _status.WaitAsync(state, limit, cancellationToken);

    /// <summary>Closes: no new commands, then the links, then the port. Bounded in time; may be repeated.</summary>
    public Task CloseAsync() => _closeOnce ??= CloseOnceAsync();

    private async Task CloseOnceAsync()
    {
        if (State == ModemState.Closed)
        {
            return;
        }

        if (State is ModemState.Online or ModemState.OnlineData && Channel.BrokenReason is null)
        {
            // 1. Peers are told; a module would otherwise keep the links open for whoever comes next.
            await Links.CloseAllAsync().WaitAsync(CloseLimit, _time).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // 2. What is under way ends. 3. The state, which fails the links and closes the port.
        StopSignal();
        StopRegistrationLoss();
        await EndLifeAsync();
        Raise(ModemEvent.CloseRequested, new ModemClosedException($"{PortName} was closed."));
        await _closing;
        await _recovery;
        await DetachPortAsync();
        _events.Complete();
    }

    /// <summary>The module has sent bytes.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes) => Channel.Received(bytes);

    /// <summary>The port has ended.</summary>
    public void OnPortClosed(TransportException? reason)
    {
        Log.TransportClosed(_logger, PortName, reason);
        _isPortLost = true;
        var why = (Exception?)reason ?? new ModemClosedException($"{PortName} has ended.");
        Raise(ModemEvent.PortLost, why);
        Channel.Break(why);
    }

    private void OnLoopFault(Exception exception)
    {
        Log.ChannelBroken(_logger, PortName, exception);
        Channel.Break(exception);
    }

    private void Raise(ModemEvent happened, Exception? reason)
    {
        var effects = _status.Apply(happened, reason);
        if (State is ModemState.Ready or ModemState.Registered or ModemState.Online or ModemState.OnlineData)
        {
            Links.Resume();
        }

        AskRegularly();
        TellInbox();
        if (effects.HasFlag(ModemEffects.FailLinks))
        {
            Links.FailAll(FailureOf(happened), reason?.Message ?? "the network was changed", reason);
            OnServicesLost(reason ?? new ModemClosedException($"{PortName}: the network was changed.") { Port = PortName });
        }

        if ((effects & (ModemEffects.ClosePort | ModemEffects.Recover)) != 0)
        {
            _joinAttempt?.Cancel();
        }

        if (effects.HasFlag(ModemEffects.ClosePort))
        {
            Links.FailServer(reason);
            _closing = ClosePortAsync(reason);
        }

        if (effects.HasFlag(ModemEffects.Recover))
        {
            _loop.Post(() =>
            {
                _recovery = RecoverAsync(happened);
                _loop.Watch(_recovery);
            });
        }
    }

    private static LinkFailure FailureOf(ModemEvent happened) => happened switch
    {
        ModemEvent.ModuleReset => LinkFailure.ModuleReset,
        ModemEvent.NetworkLost or ModemEvent.NetworkRequested or ModemEvent.NetworkReleased => LinkFailure.NetworkLost,
        ModemEvent.PacketDataLost => LinkFailure.PacketDataLost,
        ModemEvent.SimRemoved => LinkFailure.SimRemoved,
        _ => LinkFailure.ModemClosed,
    };

    /// <summary>Refuses, before anything is sent, what the module cannot do.</summary>
    /// <exception cref="FeatureNotSupportedException">It cannot do it.</exception>
    /// <exception cref="ModemClosedException">It takes no commands now.</exception>
    public Dialect Require(ModemFeature feature)
    {
        if (SuspendedForCalls is null)
        {
            _status.ThrowIfUnusable();
        }

        return Dialect!.Supports(feature) ? Dialect : throw NotSupported(Dialect, feature);
    }

    private T Require<T>(Func<Dialect, T?> part, ModemFeature feature)
        where T : class
    {
        _status.ThrowIfUnusable();
        return part(Dialect!) ?? throw NotSupported(Dialect!, feature);
    }

    /// <summary>The error of a feature that the module lacks, by name.</summary>
    public static FeatureNotSupportedException NotSupported(Dialect dialect, ModemFeature feature) =>
        new(feature, dialect.Identity);
}
