using ModemDriver.Mqtt.Diagnostics;
using Polly;
using Polly.Retry;

namespace ModemDriver.Mqtt.Session;

/// <summary>Keeps a client connected: attempts, pauses, and the state that they lead to.</summary>
/// <remarks>
/// One task. A connection is one attempt of the retry pipeline from opening to its end, so that one that breaks soon
/// after it was accepted counts as failed; one that was stable starts the pauses anew.
/// </remarks>
internal sealed class ClientRunner : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SessionParts _parts;
    private readonly ConnectionOpener _opener;
    private readonly ClientStates _states;
    private readonly ManagedMqttOptions _options;
    private readonly TimeProvider _time;
    private readonly IAvailability _availability;
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncSignal _wake = new();
    private readonly string? _storedIdentity;
    private readonly ResiliencePipeline _pipeline;
    private CancellationTokenSource? _pause;
    private TaskCompletionSource? _retry;
    private bool _isPausing;
    private int _calls;
    private int _callsHeard;
    private bool _isStopping;
    private MqttConnection? _connection;
    private bool _hasBegun;
    private Task _task = Task.CompletedTask;

    /// <summary>Makes a runner that has yet to be started.</summary>
    public ClientRunner(SessionParts parts, string? storedIdentity)
    {
        _parts = parts;
        _opener = new ConnectionOpener(parts);
        _states = new ClientStates(parts);
        _options = parts.Options;
        _time = _options.TimeProvider;
        _availability = _options.Source.Availability;
        _storedIdentity = storedIdentity;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(MayRetry(arguments.Outcome.Exception)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = _options.Reconnect.FirstDelay,
                MaxDelay = _options.Reconnect.LongestDelay,
                UseJitter = _options.Reconnect.UseJitter,
                OnRetry = arguments =>
                {
                    BeginPause(arguments.Outcome.Exception!); // only exceptions are handled
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Where the client stands.</summary>
    public ClientStates States => _states;

    /// <summary>Begins to connect.</summary>
    public void Start()
    {
        _availability.Changed += OnAvailabilityChanged;
        _task = RunAsync();
    }

    /// <summary>Ends a pause or a refusal; ends a connection, so that a new one is made.</summary>
    public void Reconnect()
    {
        lock (_gate)
        {
            _connection?.Break(MqttDisconnectCause.Requested, "A new connection was asked for.");
            _calls++;
            EndPause();
            _retry?.TrySetResult();
        }
    }

    /// <summary>Says goodbye to the broker and ends the task.</summary>
    public async ValueTask DisposeAsync()
    {
        MqttConnection? connection;
        lock (_gate)
        {
            // First: the end of the connection must not be followed by an attempt.
            _isStopping = true;
            connection = _connection;
        }

        if (connection is not null)
        {
            await connection.CloseAsync().ConfigureAwait(false);
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        await _task.ConfigureAwait(false);
        _availability.Changed -= OnAvailabilityChanged;
        _stop.Dispose();
    }

    private bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _isStopping;
            }
        }
    }

    private async Task RunAsync()
    {
        // Off the caller's thread: the first attempt may do much before it waits.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (!IsStopping)
            {
                await RunOnceAsync().ConfigureAwait(false);
            }

            _states.Become(MqttClientState.Closed, MqttDisconnectCause.None, null);
        }
        catch (MqttClosedException gone)
        {
            _states.Become(MqttClientState.Closed, MqttDisconnectCause.ModemLost, gone);
            _parts.End(gone);
        }
#pragma warning disable CA1031 // A bug must not leave a client that looks alive: it is closed, with that as its reason.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            MqttLog.ClientFailed(_parts.Log, _options.Source.Name, failure);
            _states.Become(MqttClientState.Closed, MqttDisconnectCause.None, failure);
            _parts.End(failure);
        }
    }

    /// <summary>Attempts until a stable connection has ended, the broker has refused for good, or a pause was ended.</summary>
    private async Task RunOnceAsync()
    {
        using CancellationTokenSource pause = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        lock (_gate)
        {
            (_pause, _isPausing) = (pause, false);
        }

        try
        {
            await _pipeline.ExecuteAsync(
                static async (runner, _) => await runner.AttemptAsync().ConfigureAwait(false), this, pause.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested)
        {
            // The pause was ended, or the client is being closed: the caller's loop knows.
        }
        catch (MqttRefusedException refused)
        {
            await StayRefusedAsync(refused).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                (_pause, _isPausing) = (null, false);
            }
        }
    }

    /// <summary>Until it is told to try again: the same CONNECT would be refused again.</summary>
    private async Task StayRefusedAsync(MqttRefusedException refused)
    {
        TaskCompletionSource retry = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _retry = retry;
            if (_calls != _callsHeard)
            {
                // Reconnect was called while the attempt was being refused.
                retry.TrySetResult();
            }
        }

        _parts.Metrics.CountDisconnect(MqttDisconnectCause.Refused);
        _states.Become(MqttClientState.Refused, MqttDisconnectCause.Refused, refused);
        await retry.Task.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _retry = null;
        }
    }

    /// <summary>One connection from its opening to its end.</summary>
    private async ValueTask AttemptAsync()
    {
        lock (_gate)
        {
            _isPausing = false;
        }

        await WaitUntilAvailableAsync().ConfigureAwait(false);
        if (IsStopping)
        {
            return;
        }

        lock (_gate)
        {
            _callsHeard = _calls;
        }

        _states.Become(MqttClientState.Connecting, MqttDisconnectCause.None, null);
        MqttConnectionException? reason;
        long began;
        (MqttConnection connection, bool isPresent) = await _opener.OpenAsync(_stop.Token).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // A file that was another client's, or a new one: the session of this broker is not the one that it knows.
            bool isOurs = isPresent && (_hasBegun || _storedIdentity == _options.SignIn.Identity);
            IReadOnlyList<ushort> owed = await BeginAsync(isPresent, isOurs).ConfigureAwait(false);
            lock (_gate)
            {
                _connection = connection;
            }

            began = _time.GetTimestamp();
            // Also for a stop that came before the connection was known.
            using CancellationTokenRegistration stopping = _stop.Token.Register(connection.Abort);
            Task<MqttConnectionException?> running = connection.RunAsync(owed, isPresent, isOurs);
            _states.Become(MqttClientState.Connected, MqttDisconnectCause.None, null);
            reason = await running.ConfigureAwait(false);
            lock (_gate)
            {
                _connection = null;
            }
        }

        if (reason is null)
        {
            return;
        }

        if (_availability.Current != Availability.Available)
        {
            reason = new MqttConnectionException(
                MqttDisconnectCause.ModemLost, "The modem has lost the connection.", reason);
        }

        if (reason.Cause == MqttDisconnectCause.Requested || _time.GetElapsedTime(began) >= _options.Reconnect.StableAfter)
        {
            _parts.Metrics.CountDisconnect(reason.Cause);
            _states.Become(MqttClientState.Connecting, reason.Cause, reason);
            return;
        }

        throw reason;
    }

    private async Task<IReadOnlyList<ushort>> BeginAsync(bool isPresent, bool isOurs)
    {
        IReadOnlyList<ushort> owed;
        try
        {
            owed = await _parts.Outbox
                .BeginAsync(_options.SignIn.Identity, isOurs, isForeign: isPresent && !isOurs).ConfigureAwait(false);
        }
        catch (MqttOutboxException failure)
        {
            throw new MqttConnectionException(
                MqttDisconnectCause.OutboxFailed, "The outbox could not be written.", failure);
        }

        _hasBegun = true;
        _parts.Metrics.CountConnect();
        MqttLog.SessionBegun(
            _parts.Log, _options.Source.Name, isPresent ? "resumed" : "new", _parts.Outbox.Count);
        return owed;
    }

    private async Task WaitUntilAvailableAsync()
    {
        while (!IsStopping)
        {
            switch (_availability.Current)
            {
                case Availability.Available:
                    return;
                case Availability.Gone:
                    throw new MqttClosedException(_states.LastFailure);
                default:
                    _states.Become(MqttClientState.WaitingForModem, MqttDisconnectCause.None, null);
                    await _wake.WaitAsync().ConfigureAwait(false);
                    break;
            }
        }
    }

    private void OnAvailabilityChanged()
    {
        lock (_gate)
        {
            // Back, or gone for good: nothing is left to wait for. Away: the next attempt waits for the modem.
            if (_availability.Current != Availability.Away)
            {
                _calls++;
                EndPause();
            }
        }

        _wake.Set();
    }

    private void BeginPause(Exception failure)
    {
        MqttDisconnectCause cause = failure switch
        {
            MqttConnectionException known => known.Cause,
            MqttRefusedException => MqttDisconnectCause.Refused,
            _ => MqttDisconnectCause.StreamFailed,
        };
        _parts.Metrics.CountDisconnect(cause);
        _states.Become(MqttClientState.BackingOff, cause, failure);
        lock (_gate)
        {
            _isPausing = true;
            if (_calls != _callsHeard)
            {
                // The modem came back, or Reconnect was called, while the attempt was failing: no pause.
                EndPause();
            }
        }
    }

    /// <summary>Under the lock. An attempt that is under way is left alone.</summary>
    private void EndPause()
    {
        if (_isPausing && _pause is { } pause)
        {
            _isPausing = false;
            // Not under the lock: Polly goes on in the callback.
            _ = pause.CancelAsync();
        }
    }

    private static bool MayRetry(Exception? failure) =>
        failure is MqttConnectionException or MqttRefusedException { MayRetry: true };
}
