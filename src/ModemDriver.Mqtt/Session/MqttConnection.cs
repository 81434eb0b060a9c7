using ModemDriver.Mqtt.Diagnostics;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>One connection to the broker: a reader, a writer and a watchdog; the first that fails ends all three.</summary>
internal sealed partial class MqttConnection : IAsyncDisposable
{
    // How long the three tasks may take to see that the Stream is disposed.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private readonly SessionParts _parts;
    private readonly TimeProvider _time;
    private readonly Stream _stream;
    private readonly PacketChannel _channel;
    private readonly MqttChannelAdapter _adapter;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<MqttConnectionException?> _reason =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerLimits _limits;

    /// <summary>Takes over a Stream; nothing is sent yet.</summary>
    public MqttConnection(SessionParts parts, Stream stream)
    {
        _parts = parts;
        _time = parts.Options.TimeProvider;
        _stream = stream;
        (stream as IRefusesMessages)?.WhenRefused(
            topic => MqttLog.UnansweredRefused(parts.Log, parts.Options.Source.Name, topic));
        _channel = new PacketChannel(
            stream, parts.Options.Source.Flushes, parts.Options.MaxPacketBytes, _time);
        MqttPacketFormatterAdapter codec = new(
            parts.Options.ProtocolVersion, new MqttBufferWriter(4096, 65_535));
        // Header and payload apart costs nothing here: the channel collects them.
        _adapter = new MqttChannelAdapter(_channel, codec, MqttNetNullLogger.Instance) { AllowPacketFragmentation = true };
        _limits = BrokerLimits.Read(new MqttConnAckPacket(), parts.Options with { ProtocolVersion = MqttProtocolVersion.V311 });
    }

    /// <summary>Sends CONNECT and waits for the broker's word.</summary>
    /// <returns>Whether the broker still has the session.</returns>
    /// <exception cref="MqttRefusedException">The broker refused.</exception>
    /// <exception cref="MqttConnectionException">There was no answer, or none that can be.</exception>
    public async Task<bool> OpenAsync(MqttCredentials credentials, CancellationToken cancellationToken)
    {
        // The Stream is the caller's to dispose when the token fires: that ends a write that hangs.
        await WriteAsync(ConnectPackets.Connect(_parts.Options, credentials)).ConfigureAwait(false);
        await _channel.FlushAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        MqttPacket? packet = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (packet is null)
        {
            throw new MqttConnectionException(
                MqttDisconnectCause.ClosedByBroker, "The broker closed the connection without an answer to CONNECT.");
        }

        if (packet is not MqttConnAckPacket answer)
        {
            throw Protocol($"CONNACK was expected, but {packet.GetRfcName()} came.");
        }

        MqttConnectReasonCode code = _parts.Options.ProtocolVersion == MqttProtocolVersion.V500
            ? answer.ReasonCode
            : RefusalRules.FromReturnCode(answer.ReturnCode);
        if (code != MqttConnectReasonCode.Success)
        {
            throw new MqttRefusedException(code, answer.ReasonString);
        }

        if (answer.IsSessionPresent && _parts.Options.CleanSession)
        {
            // [MQTT-3.2.2-1]. It would resume exchanges that this client does not know.
            throw Protocol("The broker has a session although a clean one was asked for.");
        }

        _limits = BrokerLimits.Read(answer, _parts.Options);
        return answer.IsSessionPresent;
    }

    /// <summary>Serves the connection until it ends.</summary>
    /// <param name="owed">The identifiers for which PUBREL is owed.</param>
    /// <param name="isPresent">Whether the broker has a session, and with it the subscriptions.</param>
    /// <param name="isOurs">Whether it is the session that the outbox knows.</param>
    /// <returns>Why it ended; <see langword="null"/> when <see cref="CloseAsync"/> was called.</returns>
    public async Task<MqttConnectionException?> RunAsync(IReadOnlyList<ushort> owed, bool isPresent, bool isOurs)
    {
        foreach (ushort identifier in owed)
        {
            Enqueue(new MqttPubRelPacket { PacketIdentifier = identifier });
        }

        _parts.Outbox.Available = _work.Set;
        _parts.Outbox.StoreFailed = FailStore;
        _parts.Subscriptions.Available = _work.Set;
        _parts.Inbound.Begin(isOurs, Enqueue, FailStore);
        _parts.Subscriptions.Begin(isPresent);
        Task tasks = Task.WhenAll(
            GuardAsync(SendLoopAsync), GuardAsync(ReceiveLoopAsync), GuardAsync(WatchAsync));
        MqttConnectionException? reason = await _reason.Task.ConfigureAwait(false);
        await EndAsync(tasks).ConfigureAwait(false);
        return reason;
    }

    /// <summary>Ends the connection for a reason of ours.</summary>
    public void Break(MqttDisconnectCause cause, string message, Exception? inner = null) =>
        Fail(new MqttConnectionException(cause, message, inner));

    /// <summary>
    /// Says DISCONNECT after the messages that are being written, and ends the connection; within a second.
    /// </summary>
    public async Task CloseAsync()
    {
        Volatile.Write(ref _isClosing, true);
        _work.Set();
        try
        {
            await _reason.Task.WaitAsync(TimeSpan.FromSeconds(1), _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _reason.TrySetResult(null);
        }
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Abort() => _reason.TrySetResult(null);

    public async ValueTask DisposeAsync()
    {
        _reason.TrySetResult(null);
        await _ended.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        _adapter.Dispose();
        _ended.Dispose();
    }

    /// <summary>The exception for what a broker must not send.</summary>
    internal static MqttConnectionException Protocol(string message, Exception? inner = null) =>
        new(MqttDisconnectCause.ProtocolError, message, inner);

    private void Fail(MqttConnectionException reason) => _reason.TrySetResult(reason);

    private void FailStore(Exception failure) =>
        Break(MqttDisconnectCause.OutboxFailed, "The outbox could not be written.", failure);

    private async Task EndAsync(Task tasks)
    {
        // 1. Nobody calls into this connection any more.
        _parts.Outbox.Available = null;
        _parts.Outbox.StoreFailed = null;
        _parts.Subscriptions.Available = null;
        _parts.Inbound.End();
        // 2. The Stream: it ends the read and the write. 3. The waits that are ours. 4. The tasks.
        await _ended.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        _work.Set();
        _controlWritten.Set();
        _parts.Inbox.WakeWriter();
        try
        {
            await tasks.WaitAsync(EndLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The Stream does not end its calls when it is disposed. The tasks are left to it; they can change nothing.
            MqttLog.StreamHangs(_parts.Log, _parts.Options.Source.Name);
        }
    }

    /// <summary>Runs one of the tasks; what it throws becomes the end of the connection.</summary>
    private async Task GuardAsync(Func<Task> task)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (MqttConnectionException failure)
        {
            Fail(failure);
        }
        catch (MqttOutboxException failure)
        {
            FailStore(failure);
        }
        catch (MqttProtocolViolationException failure)
        {
            Fail(Protocol("The broker sent what cannot be: " + failure.Message, failure));
        }
#pragma warning disable CA1031 // Whatever a Stream or the codec throws ends the connection, with that as its reason.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(FindProtocolViolation(failure) is { } violation
                ? Protocol("The broker sent what cannot be: " + violation.Message, failure)
                : new MqttConnectionException(
                    MqttDisconnectCause.StreamFailed, "The connection failed: " + failure.Message, failure));
        }
    }

    /// <summary>The codec's complaint inside an exception; <see langword="null"/> where there is none.</summary>
    internal static MqttProtocolViolationException? FindProtocolViolation(Exception? failure) =>
        failure is null or MqttProtocolViolationException
            ? (MqttProtocolViolationException?)failure
            : FindProtocolViolation(failure.InnerException);
}
