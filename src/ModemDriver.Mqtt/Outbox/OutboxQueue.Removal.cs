namespace ModemDriver.Mqtt.Outbox;

/// <summary>What has left the queue leaves the store as well, at the latest when the store works again.</summary>
internal sealed partial class OutboxQueue
{
    // Has left the queue, and is still in the store: after a crash it would be sent again.
    private readonly List<long> _unremoved = [];
    private int _removing;

    /// <summary>How many delivered messages the store has yet to remove.</summary>
    public int Removing
    {
        get
        {
            lock (_gate)
            {
                return _removing;
            }
        }
    }

    /// <summary>Notes what is to be removed by the next <see cref="RemoveNowAsync"/>.</summary>
    private void MarkForRemoval(IReadOnlyList<long> sequences)
    {
        if (sequences.Count == 0 || !_store.KeepsMessages)
        {
            return;
        }

        lock (_gate)
        {
            _unremoved.AddRange(sequences);
            _removing += sequences.Count;
        }
    }

    private void RemoveLater(IReadOnlyList<long> sequences)
    {
        MarkForRemoval(sequences);
        _ = RemoveGuardedAsync();
    }

    private async Task RemoveGuardedAsync()
    {
        try
        {
            await RemoveNowAsync().ConfigureAwait(false);
        }
        catch (MqttOutboxException failure)
        {
            // They stay noted: the next removal, or the next sweep, tries again.
            StoreFailed?.Invoke(failure);
        }
    }

    /// <summary>Removes what has been noted. What fails stays noted.</summary>
    /// <exception cref="MqttOutboxException">The store failed.</exception>
    private async Task RemoveNowAsync()
    {
        long[] sequences;
        lock (_gate)
        {
            if (_unremoved.Count == 0)
            {
                return;
            }

            sequences = [.. _unremoved];
            _unremoved.Clear();
        }

        try
        {
            await _store.RemoveAsync(sequences).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _unremoved.AddRange(sequences);
            }

            throw;
        }

        lock (_gate)
        {
            _removing -= sequences.Length;
        }

        Available?.Invoke();
    }
}
