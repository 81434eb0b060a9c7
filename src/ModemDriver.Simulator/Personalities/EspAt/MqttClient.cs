using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Network.Mqtt;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The module's MQTT client: what it was told, its connection, and what it says by itself.</summary>
/// <remarks>User guide, "MQTT AT commands". There is one, with the number 0.</remarks>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Clean cancels it.
internal sealed class MqttClient
#pragma warning restore CA1001
{
    internal const int MostTopics = 10;

    /// <summary>The buffer of a message.</summary>
    internal const int BufferBytes = 512;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(3);

    private readonly EspAtModule _module;
    private readonly List<(string Topic, int Qos)> _topics = [];
    private CancellationTokenSource _life = new();
    private MqttSession _session;
    private bool _hasSubscribed;

    internal MqttClient(EspAtModule module)
    {
        _module = module;
        _session = NewSession();
    }

    internal MqttUser? User { get; set; }

    internal MqttConnectionSettings? Connection { get; set; }

    /// <summary>Whom the client is, or was, connected to; <see langword="null"/> before that, and after
    /// <see cref="Forget"/>.</summary>
    internal MqttBroker? Broker { get; private set; }

    internal bool IsConnected => _session.IsConnected;

    internal MqttSession Session => _session;

    internal IReadOnlyList<(string Topic, int Qos)> Topics => _topics;

    /// <summary>The number in the answers to AT+MQTTCONN? and AT+MQTTSUB?.</summary>
    internal int State => this switch
    {
        { User: null } => 0,
        { Broker: null, Connection: null } => 1,
        { Broker: null } => 2,
        { IsConnected: false } => 3,
        { _topics.Count: > 0 } => 6,
        { _hasSubscribed: true } => 5,
        _ => 4,
    };

    private ModuleHost Host => _module.Host;

    internal void Add(string topic, int qos)
    {
        _topics.Add((topic, qos));
        _hasSubscribed = true;
    }

    internal void Remove(string topic) => _topics.RemoveAll(known => known.Topic == topic);

    /// <summary>Connects for the first time since it was configured.</summary>
    internal async Task<bool> ConnectAsync(MqttBroker broker, CancellationToken life)
    {
        if (await TryConnectAsync(broker, life) is null)
        {
            return false;
        }

        Broker = broker;
        SayConnected();
        return true;
    }

    /// <summary>AT+MQTTCLEAN: says goodbye and forgets everything.</summary>
    /// <returns>Whether there was a connection.</returns>
    internal async Task<bool> CleanAsync(CancellationToken life)
    {
        bool wasConnected = IsConnected;
        MqttSession session = _session;
        Forget(abort: false);
        await session.DisconnectAsync(life);
        return wasConnected;
    }

    /// <summary>The module stops: nothing is said.</summary>
    internal void Reset() => Forget(abort: true);

    /// <summary>The access point is gone.</summary>
    internal void AirLost()
    {
        bool wasConnected = IsConnected;
        _session.Abort();
        if (wasConnected)
        {
            Ended("the air is gone");
        }
    }

    private void Forget(bool abort)
    {
        _life.Cancel();
        _life = new CancellationTokenSource();
        if (abort)
        {
            _session.Abort();
        }

        _session = NewSession();
        _topics.Clear();
        _hasSubscribed = false;
        (User, Connection, Broker) = (null, null, null);
    }

    private MqttSession NewSession()
    {
        CancellationToken life = _life.Token;
        return new MqttSession(Host.Loop, Host.Clock)
        {
            Received = SayReceivedAsync,
            Ended = reason =>
            {
                if (!life.IsCancellationRequested)
                {
                    Ended(reason);
                }
            },
        };
    }

    /// <summary>Whether the broker has kept the session; <see langword="null"/> when there is no connection.</summary>
    private async Task<bool?> TryConnectAsync(MqttBroker broker, CancellationToken life)
    {
        MqttUser user = User!; // The command has looked.
        var request = new LinkRequest(user.UsesTls ? LinkRequest.Ssl : LinkRequest.Tcp, broker.Host, broker.Port);
        using var deadline = new CancellationTokenSource(ConnectLimit, Host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        try
        {
            (NetworkConnection? connection, _) = await _module.Opener.OpenAsync(
                request, user.Tls, user.Names, either.Token);
            return connection is null
                ? null
                : await _session.ConnectAsync(connection, Introduction(user), either.Token);
        }
        catch (NetworkException refused)
        {
            Host.Trace("! MQTT: " + refused.Message);
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !life.IsCancellationRequested)
        {
            Host.Trace("! MQTT: the broker does not answer");
            return null;
        }
    }

    // What is empty is not sent.
    private MqttConnect Introduction(MqttUser user)
    {
        MqttConnectionSettings settings = Connection ?? MqttConnectionSettings.Usual;
        bool hasUser = user.UserName.Length > 0;
        return new MqttConnect(user.ClientId)
        {
            UserName = hasUser ? user.UserName : null,
            Password = hasUser && user.Password.Length > 0 ? user.Password : null,
            KeepAlive = settings.KeepAlive,
            CleanSession = settings.CleanSession,
            Will = settings.Will,
        };
    }

    private void Ended(string reason)
    {
        Host.Trace("! MQTT: " + reason);
        SayDisconnected();
        if (Broker is { Reconnects: true } broker)
        {
            CancellationToken life = _life.Token;
            Host.Loop.StartHere(() => ReconnectAsync(broker, life));
        }
    }

    private async Task ReconnectAsync(MqttBroker broker, CancellationToken life)
    {
        while (true)
        {
            await Host.Clock.WaitAsync(ReconnectPause, life);
            bool? isKept = _module.Station.HasAddress ? await TryConnectAsync(broker, life) : null;
            life.ThrowIfCancellationRequested();
            if (isKept is bool hasSession)
            {
                SayConnected();
                await ResubscribeAsync(hasSession, life);
                return;
            }
        }
    }

    private async Task ResubscribeAsync(bool hasSession, CancellationToken life)
    {
        if (hasSession || !_module.Switches.IsOn(MqttSwitches.Resubscribes))
        {
            return;
        }

        foreach ((string topic, int qos) in _topics.ToArray())
        {
            _ = await _session.SubscribeAsync(topic, qos, life);
        }
    }

    // +MQTTCONNECTED:0,<scheme>,"host","port","path",<reconnect>
    private void SayConnected() => _module.Respond.Urc("+MQTTCONNECTED:0," + Describe());

    internal void SayDisconnected() => _module.Respond.Urc("+MQTTDISCONNECTED:0\r\n");

    /// <summary>Scheme, broker, path and whether it reconnects, as its lines end.</summary>
    internal string Describe()
    {
        string host = Broker?.Host ?? "";
        string port = Broker is MqttBroker broker ? WireText.Format($"{broker.Port}") : "";
        return WireText.Format(
            $"{User?.Scheme ?? 0},\"{host}\",\"{port}\",\"{User?.Path}\",{(Broker is { Reconnects: true } ? 1 : 0)}\r\n");
    }

    // +MQTTSUBRECV:0,"topic",<length>,<data>
    private async ValueTask SayReceivedAsync(MqttMessage message, CancellationToken life)
    {
        string order = _module.Switches[MqttSwitches.LongMessage];
        string topic = message.Topic;
        ReadOnlyMemory<byte> rest = message.Payload;
        do
        {
            await Host.Uart.WhenRoomAsync(life);
            int count = order == "whole" ? rest.Length : Math.Min(rest.Length, BufferBytes);
            int announced = Host.Faults.AnnouncedLength(count);
            _module.Respond.Urc(WireText.Format($"+MQTTSUBRECV:0,\"{topic}\",{announced},"));
            _module.Respond.Urc(rest.Span[..count]);
            _module.Respond.Urc("\r\n");
            rest = rest[count..];
            topic = order == "split-without-topic" ? "" : topic;
        }
        while (!rest.IsEmpty);
    }
}
