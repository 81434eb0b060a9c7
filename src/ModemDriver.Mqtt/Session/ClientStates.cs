using ModemDriver.Mqtt.Diagnostics;

namespace ModemDriver.Mqtt.Session;

/// <summary>The state of a client, why it is in it, and who waits for another.</summary>
internal sealed class ClientStates(SessionParts parts)
{
    private readonly Lock _gate = new();
    private readonly List<(MqttClientState Wanted, TaskCompletionSource Reached)> _waiters = [];
    private MqttClientState _state = MqttClientState.Connecting;
    private Exception? _lastFailure;

    /// <summary>Told of each change, in order, on the runner's task.</summary>
    public Action<MqttClientStateChange>? Changed { get; set; }

    /// <summary>Where the client stands.</summary>
    public MqttClientState Current
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Why the client is not connected; <see langword="null"/> while it is, or has never tried.</summary>
    public Exception? LastFailure
    {
        get
        {
            lock (_gate)
            {
                return _lastFailure;
            }
        }
    }

    /// <summary>Waits for a state.</summary>
    public async Task WaitForStateAsync(MqttClientState wanted, TimeSpan limit, CancellationToken cancellationToken)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!Decide(wanted, _state, reached))
            {
                _waiters.Add((wanted, reached));
            }
        }

        try
        {
            await reached.Task.WaitAsync(limit, parts.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.RemoveAll(waiter => ReferenceEquals(waiter.Reached, reached));
            }
        }
    }

    /// <summary>Goes to a state, and tells of it. On the runner's task.</summary>
    public void Become(MqttClientState state, MqttDisconnectCause cause, Exception? reason)
    {
        MqttClientStateChange change;
        lock (_gate)
        {
            _lastFailure = state == MqttClientState.Connected ? null : reason ?? _lastFailure;
            if (state == _state)
            {
                return;
            }

            change = new MqttClientStateChange(_state, state, cause, reason);
            _state = state;
            _waiters.RemoveAll(waiter => Decide(waiter.Wanted, state, waiter.Reached));
        }

        MqttLog.ClientStateChanged(parts.Log, parts.Options.Source.Name, change.OldState, state, cause, reason);
        Changed?.Invoke(change);
    }

    /// <summary>Whether a wait is over.</summary>
    private bool Decide(MqttClientState wanted, MqttClientState state, TaskCompletionSource waiter)
    {
        if (state == wanted)
        {
            waiter.TrySetResult();
            return true;
        }

        if (state == MqttClientState.Closed)
        {
            waiter.TrySetException(new MqttClosedException(_lastFailure));
            return true;
        }

        if (state == MqttClientState.Refused && _lastFailure is MqttRefusedException refused)
        {
            waiter.TrySetException(new MqttRefusedException(refused.Code, refused.BrokersWords));
            return true;
        }

        return false;
    }
}
