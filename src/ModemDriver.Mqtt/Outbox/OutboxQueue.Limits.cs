using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Room, age and expiry.</summary>
internal sealed partial class OutboxQueue
{
    /// <summary>Drops what has waited too long, and removes from the store what could not be removed before.</summary>
    /// <exception cref="MqttOutboxException">The store failed; the next sweep tries again.</exception>
    public async Task SweepAsync()
    {
        lock (_gate)
        {
            List<long> dropped = [];
            DropExpired(dropped);
            MarkForRemoval(dropped);
        }

        await RemoveNowAsync().ConfigureAwait(false);
    }

    /// <summary>Makes room for a message by the policy. Under the lock.</summary>
    /// <returns>False where the message itself is to be dropped.</returns>
    /// <exception cref="MqttOutboxException">The message is to be refused.</exception>
    private bool TryMakeRoom(int size, out IReadOnlyList<long> dropped)
    {
        dropped = NoSequences;
        if (size > _options.MaxBytes)
        {
            throw new MqttOutboxException(
                MqttOutboxFailure.LimitReached,
                $"The message takes {size} bytes; the whole outbox may take {_options.MaxBytes}.");
        }

        if (HasRoom(size))
        {
            return true;
        }

        List<long> gone = [];
        dropped = gone;
        DropExpired(gone);
        while (!HasRoom(size))
        {
            if (_options.WhenFull == MqttOutboxPolicy.DropNewest)
            {
                // What has expired meanwhile goes at the next sweep of the file: it is out of the queue.
                RemoveLater(gone);
                return false;
            }

            if (_options.WhenFull == MqttOutboxPolicy.Refuse || !TryDropOldest(gone))
            {
                RemoveLater(gone);
                throw new MqttOutboxException(
                    MqttOutboxFailure.LimitReached,
                    $"The outbox is full: {_count} messages with {_bytes} bytes wait, of at most {_options.MaxMessages} "
                    + $"with {_options.MaxBytes}.");
            }
        }

        return true;
    }

    private bool HasRoom(int size) => _count < _options.MaxMessages && _bytes + size <= _options.MaxBytes;

    private bool TryDropOldest(List<long> dropped)
    {
        for (OutboxEntry? entry = _waiting.First; entry is not null; entry = entry.Next)
        {
            if (IsDroppable(entry))
            {
                dropped.Add(entry.Sequence);
                Leave(entry, new MqttDelivery(MqttDeliveryOutcome.Dropped));
                return true;
            }
        }

        return false;
    }

    private void DropExpired(List<long> dropped)
    {
        OutboxEntry? next;
        for (OutboxEntry? entry = _waiting.First; entry is not null; entry = next)
        {
            next = entry.Next;
            if (IsDroppable(entry) && IsExpired(entry))
            {
                dropped.Add(entry.Sequence);
                Leave(entry, new MqttDelivery(MqttDeliveryOutcome.Expired));
            }
        }
    }

    // One that is on its way must be sent again in the same session. After a start it is not known which those are: at QoS 2
    // all that may be are kept, since the broker may hold their identifiers; at QoS 1 it holds nothing.
    private static bool IsDroppable(OutboxEntry entry) =>
        entry.Phase == EntryPhase.Waiting
        && (!entry.MaybeSent || (entry.SentAt == 0 && entry.QualityOfService == MqttQualityOfServiceLevel.AtLeastOnce));

    private bool IsExpired(OutboxEntry entry)
    {
        TimeSpan age = _clock.Since(entry.AcceptedAt);
        return age >= _options.MaxAge || age >= entry.Expiry;
    }
}
