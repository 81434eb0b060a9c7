namespace ModemDriver.Mqtt.Session;

/// <summary>Received messages until they are read: bounded, so that a slow reader holds up the connection.</summary>
internal sealed class Inbox(int maxMessages, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<MqttInboxMessage> _messages = [];
    private readonly AsyncSignal _room = new();
    private TaskCompletionSource? _arrival;
    private long _bytes;
    private bool _isClosed;
    private Exception? _reason;

    /// <summary>How many messages wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    /// <summary>Adds a message. A single one may be larger than the bound.</summary>
    /// <returns>False when there is no room: wait for it, and try again.</returns>
    public bool TryAdd(MqttInboxMessage message)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (_messages.Count > 0 && (_messages.Count >= maxMessages || _bytes + message.Size > maxBytes))
            {
                return false;
            }

            _messages.Enqueue(message);
            _bytes += message.Size;
            (arrival, _arrival) = (_arrival, null);
        }

        arrival?.TrySetResult();
        return true;
    }

    /// <summary>Waits for room; one caller at a time.</summary>
    public ValueTask WaitForRoomAsync() => _room.WaitAsync();

    /// <summary>Wakes whoever waits for room, because his connection has ended.</summary>
    public void WakeWriter() => _room.Set();

    /// <summary>Takes the oldest message; waits for one.</summary>
    /// <returns><see langword="null"/> when the client was disposed.</returns>
    /// <exception cref="MqttClosedException">The client has ended by itself, and no message is left.</exception>
    public async ValueTask<MqttInboxMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (_messages.TryDequeue(out MqttInboxMessage? message))
                {
                    _bytes -= message.Size;
                    _room.Set();
                    return message;
                }

                if (_isClosed)
                {
                    return _reason is null ? null : throw new MqttClosedException(_reason);
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The client has ended by itself: no further messages; those that are here can still be taken.</summary>
    public void End(Exception reason) => Close(reason);

    /// <summary>
    /// The client is disposed: what is here is given up. It was not acknowledged, and could not be any more, so a broker that
    /// keeps the session sends it again.
    /// </summary>
    public void Close() => Close(null);

    private void Close(Exception? reason)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            (_isClosed, _reason) = (true, reason);
            if (reason is null)
            {
                _messages.Clear();
                _bytes = 0;
            }

            (arrival, _arrival) = (_arrival, null);
        }

        arrival?.TrySetResult();
    }
}
