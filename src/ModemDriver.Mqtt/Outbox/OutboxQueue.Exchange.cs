using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>The exchange with the broker.</summary>
internal sealed partial class OutboxQueue
{
    /// <summary>Called when the store failed at a change that no caller waits for.</summary>
    public Action<Exception>? StoreFailed { get; set; }

    /// <summary>Begins with a broker that has this client's session, or with one that has none.</summary>
    /// <param name="identity">Whose session it is.</param>
    /// <param name="isPresent">Whether the broker still has it.</param>
    /// <param name="isForeign">
    /// Whether the broker has one that this outbox knows nothing of: from a process whose outbox was in memory, say. It may
    /// hold identifiers of QoS 2, and would take a new message with one of them for a repetition.
    /// </param>
    /// <returns>The identifiers for which PUBREL is owed, in order.</returns>
    public async Task<IReadOnlyList<ushort>> BeginAsync(string identity, bool isPresent, bool isForeign = false)
    {
        List<ushort> owed = [];
        lock (_gate)
        {
            OutboxEntry[] entries = [.. _inFlight.Values];
            Array.Sort(entries, static (left, right) => right.Sequence.CompareTo(left.Sequence));
            foreach (OutboxEntry entry in entries)
            {
                Rewind(entry, isPresent, owed);
            }

            if (!isPresent)
            {
                for (OutboxEntry? entry = _waiting.First; entry is not null; entry = entry.Next)
                {
                    entry.MaybeSent = false;
                }

                // Until each identifier has been used once.
                long first = _waiting.First?.Sequence ?? _lastSequence + 1;
                _releaseBelow = isForeign ? first + OutboxEntry.PublishIdentifiers : 0;
            }
        }

        if (!isPresent)
        {
            // First what has been handed over: a new session makes what is left in the store a message to be sent.
            await RemoveNowAsync().ConfigureAwait(false);
            await _store.BeginSessionAsync(identity).ConfigureAwait(false);
        }

        owed.Reverse();
        return owed;
    }

    /// <summary>Takes the next messages to send, in order; each becomes <see cref="EntryPhase.Sent"/>.</summary>
    /// <param name="batch">Is filled.</param>
    /// <param name="maxCount">How many at most.</param>
    /// <param name="maxBytes">How much at most, but at least one message.</param>
    /// <param name="window">How many of QoS 1 and 2 may be on their way at a time.</param>
    public void Take(List<OutboxEntry> batch, int maxCount, long maxBytes, int window)
    {
        List<long>? expired = null;
        lock (_gate)
        {
            long bytes = 0;
            while (batch.Count < maxCount && _removing < MaxRemoving
                && _waiting.First is { Phase: EntryPhase.Waiting } entry)
            {
                if (IsDroppable(entry) && IsExpired(entry))
                {
                    (expired ??= []).Add(entry.Sequence);
                    Leave(entry, new MqttDelivery(MqttDeliveryOutcome.Expired));
                    continue;
                }

                bool isAnswered = entry.QualityOfService != MqttQualityOfServiceLevel.AtMostOnce;
                if ((isAnswered && (_inFlight.Count >= window || _inFlight.ContainsKey(entry.Identifier)))
                    || (batch.Count > 0 && bytes + entry.Size > maxBytes))
                {
                    break;
                }

                _waiting.Remove(entry);
                entry.Phase = EntryPhase.Sent;
                if (isAnswered)
                {
                    _inFlight.Add(entry.Identifier, entry);
                }

                entry.NeedsRelease = !entry.MaybeSent && entry.Sequence < _releaseBelow
                    && entry.QualityOfService == MqttQualityOfServiceLevel.ExactlyOnce;
                bytes += entry.Size;
                batch.Add(entry);
            }
        }

        if (expired is not null)
        {
            RemoveLater(expired);
        }
    }

    /// <summary>The messages of a batch, read back where the queue does not have them.</summary>
    public async ValueTask LoadAsync(List<OutboxEntry> batch, List<MqttMessage?> messages)
    {
        List<long>? missing = null;
        foreach (OutboxEntry entry in batch)
        {
            MqttMessage? message = entry.Message;
            messages.Add(message);
            if (message is null)
            {
                (missing ??= []).Add(entry.Sequence);
            }
        }

        if (missing is null)
        {
            return;
        }

        IReadOnlyDictionary<long, MqttMessage> found = await _store.ReadAsync(missing).ConfigureAwait(false);
        for (int i = 0; i < batch.Count; i++)
        {
            messages[i] ??= found.GetValueOrDefault(batch[i].Sequence);
        }
    }

    /// <summary>
    /// Removes the messages of QoS 0 of a batch from the store before they are written: at most once also means not again
    /// after a crash.
    /// </summary>
    public ValueTask ForgetUnansweredAsync(List<OutboxEntry> batch)
    {
        if (!_store.KeepsMessages)
        {
            return default;
        }

        List<long>? unanswered = null;
        foreach (OutboxEntry entry in batch)
        {
            if (entry.QualityOfService == MqttQualityOfServiceLevel.AtMostOnce)
            {
                (unanswered ??= []).Add(entry.Sequence);
            }
        }

        return unanswered is null ? default : _store.RemoveAsync(unanswered);
    }

    /// <summary>A message has ended without an answer of the broker: written at QoS 0, lost, or not sendable.</summary>
    public void End(OutboxEntry entry, MqttDelivery delivery)
    {
        lock (_gate)
        {
            Leave(entry, delivery);
        }

        if (entry.QualityOfService != MqttQualityOfServiceLevel.AtMostOnce)
        {
            RemoveLater([entry.Sequence]);
        }
    }

    /// <summary>PUBACK, or a PUBREC that refuses, has come.</summary>
    /// <returns>The message that it ended; <see langword="null"/> for an identifier that is not on its way.</returns>
    public OutboxEntry? Acknowledge(
        ushort identifier, MqttQualityOfServiceLevel level, MqttPubAckReasonCode? code)
    {
        OutboxEntry? entry;
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(identifier, out entry)
                || entry.QualityOfService != level || entry.Phase != EntryPhase.Sent)
            {
                return null;
            }

            bool isRefused = code >= MqttPubAckReasonCode.UnspecifiedError;
            Leave(entry, new MqttDelivery(
                isRefused ? MqttDeliveryOutcome.Refused : MqttDeliveryOutcome.Delivered, code));
        }

        RemoveLater([entry.Sequence]);
        return entry;
    }

    /// <summary>PUBREC has come: the store notes it before PUBREL may be sent.</summary>
    /// <returns>The message; <see langword="null"/> for an identifier that is not on its way.</returns>
    public async ValueTask<OutboxEntry?> ReleaseAsync(ushort identifier)
    {
        OutboxEntry? entry;
        ValueTask storing;
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(identifier, out entry)
                || entry.QualityOfService != MqttQualityOfServiceLevel.ExactlyOnce)
            {
                return null;
            }

            if (entry.Phase == EntryPhase.Released)
            {
                return entry;
            }

            entry.Phase = EntryPhase.Released;
            storing = _store.ReleaseAsync(entry.Sequence);
        }

        try
        {
            await storing.ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                // As if PUBREC had not come: PUBREL must not be sent before it is known after a crash.
                entry.Phase = entry.Phase == EntryPhase.Released ? EntryPhase.Sent : entry.Phase;
            }

            throw;
        }

        return entry;
    }

    /// <summary>PUBCOMP has come.</summary>
    /// <returns>The message; <see langword="null"/> for an identifier for which it is not awaited.</returns>
    public OutboxEntry? Complete(ushort identifier)
    {
        OutboxEntry? entry;
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(identifier, out entry) || entry.Phase != EntryPhase.Released)
            {
                return null;
            }

            Leave(entry, new MqttDelivery(MqttDeliveryOutcome.Delivered));
        }

        RemoveLater([entry.Sequence]);
        return entry;
    }

    private void Rewind(OutboxEntry entry, bool isPresent, List<ushort> owed)
    {
        if (entry.Phase == EntryPhase.Released)
        {
            if (isPresent)
            {
                owed.Add(entry.Identifier);
            }
            else
            {
                // PUBREC was the broker's word that it has the message. Sending it anew could double it.
                MarkForRemoval([entry.Sequence]);
                Leave(entry, new MqttDelivery(MqttDeliveryOutcome.Delivered));
            }

            return;
        }

        _inFlight.Remove(entry.Identifier);
        entry.Phase = EntryPhase.Waiting;
        entry.MaybeSent = isPresent;
        _waiting.Prepend(entry);
    }
}
