using ModemDriver.Scheduling;
using ModemDriver.Services;

namespace ModemDriver.Lifecycle;

/// <summary>The module's own MQTT client, one exchange at a time. Lives on the loop.</summary>
/// <remarks>
/// What the broker answers has no numbers. So an exchange that has begun goes on to its end without its caller, and one that is
/// not answered in time ends the connection: a late word cannot be taken for the answer to another exchange.
/// </remarks>
internal sealed partial class ModuleMqtt : IServiceListener
{
    private readonly ModemRunner _runner;
    private readonly ModuleMqttOptions _options;
    private readonly LoopGate _turn = new();
    private readonly LoopMailbox<ModuleMqttWord> _words;
    private IModuleMqttCommands? _commands;
    private Task? _closing;
    private ModuleMqttException? _ended;
    private ModuleMqttException? _lostReason;
    private volatile bool _isConnected;
    private bool _isInExchange;

    /// <summary>Makes a client that holds nothing yet.</summary>
    public ModuleMqtt(ModemRunner runner, ModuleMqttOptions options)
    {
        _runner = runner;
        _options = options;
        _words = new LoopMailbox<ModuleMqttWord>(runner.Time);
        _messages = new LoopMailbox<ModuleMqttMessage>(runner.Time);
    }

    /// <summary>Told, off the loop, when the session has ended and was not closed from this side.</summary>
    public Action<ModuleMqttException>? Lost { private get; init; }

    /// <summary>Whether there is a session; may be read from any thread.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>Why there is none any more; may be read from any thread.</summary>
    public ModuleMqttException? LostReason => Volatile.Read(ref _lostReason);

    /// <summary>Takes the module's client, and has it connect.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var dialect = _runner.Require(ModemFeature.OnBoardMqtt);
        var commands = dialect.ModuleMqtt ?? throw ModemRunner.NotSupported(dialect, ModemFeature.OnBoardMqtt);
        RequireOptions();

        // All are built before the first is sent: what cannot be sent is refused as a whole.
        var steps = commands.Open(_options);
        if (_runner.Links.Transparent is not null)
        {
            throw new InvalidOperationException("A transparent session has the line for itself; close it first.");
        }

        _runner.TakeService(ModemFeature.OnBoardMqtt, this);
        try
        {
            commands.Take(_runner.Links.Mode, _runner.Links.HeldCount > 0);
            _commands = commands;
            await LoopWait.ForAsync(ConnectAsync(steps), cancellationToken);
        }
        catch (Exception exception) when (exception is ModuleMqttException or CommandFailedException)
        {
            await CloseAsync();
            throw;
        }
        catch
        {
            // What is under way ends by its own limit, and then the client is free; nobody has to wait for that.
            _runner.Watch(CloseAsync());
            throw;
        }
    }

    /// <summary>Whether the module takes a message; from any thread.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public bool CanPublish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos) =>
        _commands!.Publish(topic, payload, qos, retain: false) is not null; // whoever is open has them

    /// <summary>Runs an exchange when its turn comes.</summary>
    /// <param name="make">Makes it; refuses what the module cannot take.</param>
    /// <param name="cancellationToken">Lets the caller go; an exchange that has begun goes on.</param>
    public async Task RunAsync(Func<IModuleMqttCommands, ModuleMqttStep> make, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        var step = make(_commands!); // whoever is open has them
        await _turn.EnterAsync(cancellationToken);
        await LoopWait.ForAsync(InTurnAsync(step), cancellationToken);
    }

    /// <summary>Says goodbye, and gives the client back. Ends by the limits of its commands; may be repeated.</summary>
    public Task CloseAsync() => _closing ??= CloseOnceAsync();

    /// <inheritdoc/>
    public void OnLine(ReadOnlySpan<byte> line)
    {
        if (_commands?.Read(line) is not { } word)
        {
            return;
        }

        switch (word)
        {
            case ModuleMqttWord.Kept:
                OnKept();
                break;
            case ModuleMqttWord.Damaged:
                OnBytesLost(isOfService: true);
                break;
            case ModuleMqttWord.Lost when _isConnected:
                End(ModuleMqttFailure.ConnectionLost, "the module says that the connection has ended", null);
                break;
            default:
                if (_isInExchange)
                {
                    _words.Post(word);
                }

                break;
        }
    }

    /// <inheritdoc/>
    public void OnLost(Exception reason) =>
        End(ModuleMqttFailure.ConnectionLost, $"the module or its network was lost: {reason.Message}", reason);

    private void RequireOptions()
    {
        if (_options.KeepsOnModule)
        {
            _runner.Require(ModemFeature.OnBoardMqttCache);
        }

        if (_options.Tls is { } tls)
        {
            var dialect = _runner.Require(ModemFeature.OnBoardMqttTls);
            _runner.RequireTls(tls);
            if (tls.PreSharedKey is not null)
            {
                throw new FeatureNotSupportedException(
                    ModemFeature.ModuleTlsPreSharedKey, dialect.Identity, "its MQTT works with certificates alone");
            }
        }
    }

    private async Task ConnectAsync(IReadOnlyList<ModuleMqttStep> steps)
    {
        await _turn.EnterAsync(CancellationToken.None); // nobody else has it yet
        try
        {
            foreach (var step in steps)
            {
                ThrowIfEnded();
                await ExchangeAsync(step);
            }

            ThrowIfEnded();
            _isConnected = true;
        }
        finally
        {
            _turn.Leave();
        }

        if (_options.KeepsOnModule)
        {
            // What nobody has fetched before.
            _runner.Watch(FetchKeptAsync());
        }
    }

    private async Task InTurnAsync(ModuleMqttStep step)
    {
        try
        {
            ThrowIfEnded();
            await ExchangeAsync(step);
        }
        catch (ModuleMqttException failure) when (failure.Reason == ModuleMqttFailure.NoAnswer)
        {
            GiveUp(failure.Reason, "the broker did not answer", failure);
            throw;
        }
        catch (CommandTimeoutException failure) when (step.Command.Payload is not null)
        {
            // Of counted bytes that were lost on the way, what is sent next takes the place, and the module publishes it.
            const string What = "the module did not say whether it has published the message; it may have been published, and where "
                + "bytes were lost on the way to the module, with others in their place";
            GiveUp(ModuleMqttFailure.NoAnswer, What, failure);
            throw Failed(ModuleMqttFailure.NoAnswer, What, failure);
        }
        catch (Exception failure) when (failure is not ModuleMqttException)
        {
            // How far it had come is not known, and its word may still come.
            GiveUp(ModuleMqttFailure.ConnectionLost, failure.Message, failure);
            throw;
        }
        finally
        {
            _turn.Leave();
        }
    }

    private async Task ExchangeAsync(ModuleMqttStep step)
    {
        _words.Clear();
        _isInExchange = true;
        try
        {
            var result = await _runner.ExecuteAsync(step.Command, CancellationToken.None);
            if (!result.IsSuccess && step.IsRequired)
            {
                // What was said before says more than the refusal.
                ThrowIfEnded();
                throw step.WhenRefused is { } failure
                    ? Failed(failure, $"the module answered {result.Text} to {step.Command.Line.Display}")
                    : new CommandFailedException(step.Command.Line.Display, result, step.Command.Remarks) { Port = _runner.PortName };
            }

            if (step.Until is { } wanted)
            {
                await WaitForAsync(wanted, step.UntilLimit ?? _options.ReplyLimit);
            }
        }
        finally
        {
            _isInExchange = false;
        }
    }

    private async Task WaitForAsync(ModuleMqttWord wanted, TimeSpan limit)
    {
        try
        {
            ModuleMqttWord word;
            do
            {
                word = await _words.TakeAsync(limit, CancellationToken.None);
            }
            while (word != wanted && word != ModuleMqttWord.NotConnected);

            if (word == ModuleMqttWord.NotConnected)
            {
                throw Failed(ModuleMqttFailure.NotReached, "the module says that there is no connection");
            }
        }
        catch (ModuleMqttException reason) when (_ended is not null)
        {
            throw Again(reason);
        }
        catch (TimeoutException exception)
        {
            throw Failed(ModuleMqttFailure.NoAnswer, $"nothing was said for {limit.TotalSeconds:0.###} s", exception);
        }
    }

    private void End(ModuleMqttFailure failure, string what, Exception? inner)
    {
        if (_ended is not null)
        {
            return;
        }

        _ended = Failed(failure, what, inner);
        _words.End(_ended);
        _messages.End(_ended);
        if (_isConnected)
        {
            _isConnected = false;
            Volatile.Write(ref _lostReason, _ended);
            if (Lost is { } told)
            {
                var reason = _ended;
                _runner.Tell(nameof(IModuleMqttClient.ConnectionLost), () => told(reason));
            }
        }
    }

    // The module may still have its session, and would go on acknowledging what nobody takes any more.
    private void GiveUp(ModuleMqttFailure failure, string what, Exception inner)
    {
        End(failure, what, inner);
        _runner.Watch(CloseAsync());
    }

    private async Task CloseOnceAsync()
    {
        _isConnected = false;
        _ended ??= Failed(ModuleMqttFailure.Closed, "it was closed");
        _words.End(_ended);
        _messages.End(_ended);
        await _turn.EnterAsync(CancellationToken.None); // every exchange ends by its limit
        try
        {
            foreach (var step in _commands?.Close() ?? [])
            {
                await _runner.ExecuteAsync(step.Command, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is ModemException or NotSupportedException)
        {
            // A module that is lost, or says nothing, has no session that could be ended; the next one begins with an end.
        }
        finally
        {
            _turn.Leave();
            _commands?.GiveBack();
            _runner.GiveBackService(ModemFeature.OnBoardMqtt, this);
        }
    }

    private void ThrowIfEnded()
    {
        if (_ended is { } reason)
        {
            throw Again(reason);
        }
    }

    // One exception for each caller.
    private ModuleMqttException Again(ModuleMqttException reason) =>
        new(reason.Reason, reason.Message, reason) { Port = _runner.PortName, State = _runner.State };

    private ModuleMqttException Failed(ModuleMqttFailure reason, string what, Exception? inner = null) =>
        new(reason, $"The module's MQTT: {what}.", inner) { Port = _runner.PortName, State = _runner.State };
}
