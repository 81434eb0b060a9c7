using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>An MQTT 3.1.1 client over one connection after another. For the loop only.</summary>
/// <remarks>Answers are awaited for <see cref="AnswerLimit"/>. A broker that goes fails what is under way; a message with
/// QoS 1 or 2 goes out again on the next connection unless that begins a clean session.</remarks>
#pragma warning disable CA1001 // A token source without a timer holds nothing; the end of the connection cancels it.
internal sealed class MqttSession(SimulatorLoop loop, ModuleClock clock)
#pragma warning restore CA1001
{
    /// <summary>How long a broker may take to answer.</summary>
    internal static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private const int SubscribeFailed = 0x80;

    /// <summary>Packets taken without giving the loop to others.</summary>
    private const int PacketBudget = 8;

    private readonly MqttOutbox _outbox = new();
    private readonly HashSet<ushort> _receivedOnce = [];
    private readonly ByteQueue _incoming = new();
    private readonly LoopSignal _sent = new(loop);
    private CancellationTokenSource _life = new();
    private NetworkConnection? _connection;
    private bool _isSending;
    private bool _awaitsPing;
    private long _sentAt;

    /// <summary>Told of each message; what follows waits for it, and so does the acknowledgement.</summary>
    internal required Func<MqttMessage, CancellationToken, ValueTask> Received { get; init; }

    /// <summary>Told when the broker has ended an open connection, or it broke.</summary>
    internal required Action<string> Ended { get; init; }

    internal bool IsConnected { get; private set; }

    /// <summary>Introduces itself to a broker. The session owns the connection from here on.</summary>
    /// <param name="connection">To the broker.</param>
    /// <param name="connect">What to say.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the broker has kept the session of an earlier connection.</returns>
    /// <exception cref="NetworkException">The broker has refused, or gone.</exception>
    internal async Task<bool> ConnectAsync(
        NetworkConnection connection, MqttConnect connect, CancellationToken cancellationToken)
    {
        _life = new CancellationTokenSource();
        _connection = connection;
        _incoming.Clear();
        _awaitsPing = false;
        CancellationToken life = _life.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(life, cancellationToken);
        try
        {
            await SendAsync(MqttCodec.Connect(connect), either.Token);
            MqttPacket? answer = await ReadAsync(connection, either.Token);
            bool isPresent = ReadAnswer(answer);
            Resume(connect, isPresent);
            loop.StartHere(() => ReceiveAsync(connection, life));
            loop.StartHere(() => KeepAliveAsync(connect.KeepAlive, life));
            return isPresent;
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            throw new NetworkException("The connection was given up.");
        }
        catch
        {
            Drop(orderly: true);
            throw;
        }
    }

    /// <summary>Sends a message and awaits what its QoS promises; false when that did not come.</summary>
    internal Task<bool> PublishAsync(MqttMessage message, CancellationToken cancellationToken) => message.Qos == 0
        ? TrySendAsync(MqttCodec.Publish(message, 0), cancellationToken)
        : AskAsync(id => MqttCodec.Publish(message, id), isMessage: true, cancellationToken);

    /// <summary>False when the broker refuses, or does not answer.</summary>
    internal Task<bool> SubscribeAsync(string topic, int qos, CancellationToken cancellationToken) =>
        AskAsync(id => MqttCodec.Subscribe(id, topic, qos), isMessage: false, cancellationToken);

    /// <summary>False when the broker does not answer.</summary>
    internal Task<bool> UnsubscribeAsync(string topic, CancellationToken cancellationToken) =>
        AskAsync(id => MqttCodec.Unsubscribe(id, topic), isMessage: false, cancellationToken);

    /// <summary>Says goodbye, so that the broker does not publish the will.</summary>
    internal async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        _ = await TrySendAsync(MqttCodec.Disconnect, cancellationToken);
        Drop(orderly: true);
    }

    /// <summary>Lets go without a word; nobody is told.</summary>
    internal void Abort() => Drop(orderly: false);

    private static bool ReadAnswer(MqttPacket? answer)
    {
        if (answer is not { Type: MqttPacketType.ConnectAcknowledge })
        {
            throw new NetworkException(answer is null ? "The broker has closed." : $"The broker began with {answer.Type}.");
        }

        return answer.Verdict == 0
            ? answer.IsSessionPresent
            : throw new NetworkException($"The broker refuses with {answer.Verdict}.");
    }

    private void Resume(MqttConnect connect, bool isPresent)
    {
        IsConnected = true;
        if (connect.CleanSession || !isPresent)
        {
            _receivedOnce.Clear();
        }

        if (connect.CleanSession)
        {
            _outbox.Clear();
        }

        CancellationToken life = _life.Token;
        foreach (byte[] packet in _outbox.Repeats().ToArray())
        {
            loop.StartHere(() => TrySendAsync(packet, life));
        }
    }

    private async Task<bool> AskAsync(
        Func<ushort, byte[]> encode, bool isMessage, CancellationToken cancellationToken)
    {
        if (!IsConnected)
        {
            return false;
        }

        MqttOutbox.Entry entry = _outbox.Add(encode, isMessage);
        using var deadline = new CancellationTokenSource(AnswerLimit, clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            bool isSent = await TrySendAsync(entry.Packet, either.Token);
            return isSent && await entry.Answer.Task.WaitAsync(either.Token) is >= 0 and < SubscribeFailed;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (!entry.IsMessage)
            {
                _outbox.Remove(entry);
            }
        }
    }

    /// <summary>False when the connection is gone, or takes nothing in time.</summary>
    private async Task<bool> TrySendAsync(byte[] packet, CancellationToken cancellationToken)
    {
        if (!IsConnected)
        {
            return false;
        }

        CancellationToken life = _life.Token;
        using var deadline = new CancellationTokenSource(AnswerLimit, clock.Provider);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life, cancellationToken);
        try
        {
            await SendAsync(packet, any.Token);
            return true;
        }
        catch (NetworkException gone)
        {
            End(gone.Message, life);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A packet may be cut: nothing can follow it.
            End("The broker takes nothing.", life);
            return false;
        }
    }

    /// <summary>One packet after the other.</summary>
    private async Task SendAsync(byte[] packet, CancellationToken cancellationToken)
    {
        while (_isSending)
        {
            await _sent.WaitAsync(cancellationToken);
        }

        _isSending = true;
        try
        {
            // Whoever sends has a connection.
            await _connection!.SendAsync(packet, cancellationToken);
            _sentAt = clock.Now;
        }
        finally
        {
            _isSending = false;
            _sent.Set();
        }
    }

    private async Task<MqttPacket?> ReadAsync(NetworkConnection connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (true)
        {
            if (MqttCodec.Read(_incoming) is MqttPacket packet)
            {
                return packet;
            }

            int count = await connection.ReceiveAsync(buffer, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (count == 0)
            {
                return null;
            }

            _incoming.Write(buffer.AsSpan(0, count));
        }
    }

    private async Task ReceiveAsync(NetworkConnection connection, CancellationToken life)
    {
        string reason = "The broker has closed.";
        try
        {
            for (int turn = 1; await ReadAsync(connection, life) is MqttPacket packet; turn++)
            {
                await HandleAsync(packet, life);
                life.ThrowIfCancellationRequested();
                if (turn % PacketBudget == 0)
                {
                    await Task.Yield();
                }
            }
        }
        catch (NetworkException gone)
        {
            reason = gone.Message;
        }

        End(reason, life);
    }

    private async ValueTask HandleAsync(MqttPacket packet, CancellationToken life)
    {
        switch (packet.Type)
        {
            case MqttPacketType.Publish:
                await TakeAsync(packet, life);
                break;
            case MqttPacketType.PublishRelease:
                _ = _receivedOnce.Remove(packet.Id);
                _ = await TrySendAsync(MqttCodec.Acknowledge(MqttPacketType.PublishComplete, packet.Id), life);
                break;
            case MqttPacketType.PublishReceived:
                if (_outbox.Find(packet.Id) is MqttOutbox.Entry released)
                {
                    released.IsReleased = true;
                }

                _ = await TrySendAsync(MqttCodec.Acknowledge(MqttPacketType.PublishRelease, packet.Id), life);
                break;
            case MqttPacketType.PublishAcknowledge or MqttPacketType.PublishComplete
                or MqttPacketType.UnsubscribeAcknowledge:
                Answered(packet.Id, 0);
                break;
            case MqttPacketType.SubscribeAcknowledge:
                Answered(packet.Id, packet.Verdict);
                break;
            case MqttPacketType.PingResponse:
                _awaitsPing = false;
                break;
            default:
                throw new NetworkException($"A broker sends no {packet.Type} here.");
        }
    }

    /// <summary>A message: with QoS 2 it counts once, however often it comes; section 4.3.</summary>
    private async ValueTask TakeAsync(MqttPacket packet, CancellationToken life)
    {
        (MqttMessage message, ushort id) = packet.ReadPublish();
        if (message.Qos < 2 || _receivedOnce.Add(id))
        {
            await Received(message, life);
        }

        if (message.Qos > 0)
        {
            MqttPacketType type = message.Qos == 1 ? MqttPacketType.PublishAcknowledge : MqttPacketType.PublishReceived;
            _ = await TrySendAsync(MqttCodec.Acknowledge(type, id), life);
        }
    }

    private void Answered(ushort id, int verdict)
    {
        if (_outbox.Find(id) is MqttOutbox.Entry entry)
        {
            _outbox.Remove(entry);
            Answer(entry, verdict);
        }
    }

    /// <summary>Whoever waits goes on in a turn of its own, not in the middle of this one.</summary>
    private void Answer(MqttOutbox.Entry entry, int? verdict) => loop.Post(() => entry.Answer.TrySetResult(verdict));

    /// <summary>Sends something at least twice in the time after which the broker would give the client up.</summary>
    private async Task KeepAliveAsync(int seconds, CancellationToken life)
    {
        if (seconds == 0)
        {
            return;
        }

        var pause = TimeSpan.FromSeconds(seconds / 2.0);
        TimeSpan patience = pause < AnswerLimit ? pause : AnswerLimit;
        while (true)
        {
            TimeSpan silent = clock.Since(_sentAt);
            if (silent < pause)
            {
                await clock.WaitAsync(TimeSpan.FromMilliseconds(Math.Ceiling((pause - silent).TotalMilliseconds)), life);
                life.ThrowIfCancellationRequested();
                continue;
            }

            _awaitsPing = true;
            _ = await TrySendAsync(MqttCodec.PingRequest, life);
            await clock.WaitAsync(patience, life);
            life.ThrowIfCancellationRequested();
            if (_awaitsPing)
            {
                End("The broker is silent.", life);
                return;
            }
        }
    }

    /// <summary>The connection of this life is over, not by the client's wish.</summary>
    private void End(string reason, CancellationToken life)
    {
        if (!life.IsCancellationRequested)
        {
            Drop(orderly: true);
            Ended(reason);
        }
    }

    private void Drop(bool orderly)
    {
        IsConnected = false;
        _life.Cancel();
        foreach (MqttOutbox.Entry entry in _outbox.Interrupt())
        {
            Answer(entry, null);
        }

        NetworkConnection? connection = _connection;
        _connection = null;
        if (orderly)
        {
            connection?.Close();
        }
        else
        {
            connection?.Abort();
        }
    }
}
