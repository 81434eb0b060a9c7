using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Entries come and go.</summary>
internal sealed partial class OutboxQueue
{
    private void Load(MqttStoredEntry found, ref int possiblySent)
    {
        bool mayHaveBeenSent = found.QualityOfService != MqttQualityOfServiceLevel.AtMostOnce && possiblySent-- > 0;
        OutboxEntry entry = new()
        {
            Sequence = found.Sequence,
            QualityOfService = found.QualityOfService,
            Size = found.Size,
            AcceptedAt = _clock.StampOf(found.AcceptedAt),
            Expiry = found.Expiry,
            HasKey = found.HasKey,
            Phase = found.IsReleased ? EntryPhase.Released : EntryPhase.Waiting,
            MaybeSent = mayHaveBeenSent || found.IsReleased,
        };
        if (found.IsReleased)
        {
            _inFlight[entry.Identifier] = entry;
            CountIn(entry);
        }
        else
        {
            Link(entry);
        }
    }

    private void Link(OutboxEntry entry)
    {
        _waiting.Append(entry);
        CountIn(entry);
    }

    private void CountIn(OutboxEntry entry)
    {
        _count++;
        _bytes += entry.Size;
        if (entry.HasKey)
        {
            _keyed[entry.Sequence] = entry;
        }
    }

    /// <summary>Takes an entry out of everything. Under the lock.</summary>
    private void Leave(OutboxEntry entry)
    {
        if (entry.Phase == EntryPhase.Done)
        {
            return;
        }

        entry.Phase = EntryPhase.Done;
        _waiting.Remove(entry);
        if (_inFlight.TryGetValue(entry.Identifier, out OutboxEntry? found) && ReferenceEquals(found, entry))
        {
            _inFlight.Remove(entry.Identifier);
        }

        _count--;
        _bytes -= entry.Size;
        if (entry.Message is not null)
        {
            _cached -= entry.Size;
            entry.Message = null;
        }

        if (entry.HasKey)
        {
            _keyed.Remove(entry.Sequence);
        }

        if (_count == 0)
        {
            _drained?.TrySetResult();
            _drained = null;
        }
    }

    private void Leave(OutboxEntry entry, MqttDelivery delivery)
    {
        if (entry.Phase == EntryPhase.Done)
        {
            return;
        }

        Leave(entry);
        entry.Delivery = delivery;
        entry.Waiter?.TrySetResult(delivery);
        Counters.Count(delivery.Outcome);
    }
}
