using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Network.Mqtt;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>The module's MQTT client: one, over the default context, its connection made and the session begun in two steps.
/// </summary>
internal sealed class LuatMqttClient
{
    private const int CacheSlots = 4;

    /// <summary>What stands in the place of a link's number.</summary>
    private const string LinkNumber = "7,";

    private readonly LuatModule _module;
    private readonly MqttMessage?[] _cache = new MqttMessage?[CacheSlots];
    private MqttSession _session;
    private NetworkConnection? _connection;
    private int _nextSlot;
    private int _connects;

    internal LuatMqttClient(LuatModule module)
    {
        _module = module;
        _session = NewSession();
    }

    /// <summary>AT+MCONFIG.</summary>
    internal MqttIdentity? Identity { get; set; }

    /// <summary>AT+MQTTMODE: payloads as hex.</summary>
    internal bool IsHex { get; set; }

    /// <summary>AT+MQTTMSGSET: messages wait until they are asked for.</summary>
    internal bool IsCached { get; set; }

    internal MqttSession Session => _session;

    /// <summary>0 nothing, 1 a session, 2 a connection without one.</summary>
    internal int Status => _session.IsConnected ? 1 : _connection is not null ? 2 : 0;

    private ModuleHost Host => _module.Host;

    private string Prefix => _module.Ip.IsMultiple ? LinkNumber : "";

    internal void Reset()
    {
        Drop();
        Identity = null;
        IsHex = false;
        IsCached = _module.Switches[LuatSwitches.MqttDefault] == "cached";
        Array.Clear(_cache);
        _nextSlot = 0;
    }

    /// <summary>The context has gone.</summary>
    internal void Lose()
    {
        bool wasUp = Status != 0;
        Drop();
        if (wasUp)
        {
            SayClosed();
        }
    }

    /// <summary>AT+MIPSTART, behind its OK.</summary>
    internal async Task OpenAsync(string host, int port, bool isSecure, CancellationToken life)
    {
        int connect = ++_connects;
        const int TlsContext = 88;
        (NetworkConnection? connection, _) = await _module.Services.ConnectAsync(host, port, isSecure ? TlsContext : null, life);
        if (life.IsCancellationRequested || connect != _connects)
        {
            connection?.Abort();
            life.ThrowIfCancellationRequested();
            return;
        }

        _connection = connection;
        if (connection is null && !_module.Ip.IsMultiple)
        {
            _module.Respond.Urc("STATE: " + IpStates.Name(_module.Stack.State, LinkRequest.Tcp));
        }

        _module.Respond.Urc(Prefix + (connection is null ? "CONNECT FAIL" : "CONNECT OK"));
    }

    /// <summary>AT+MCONNECT, behind its OK.</summary>
    internal async Task BeginAsync(bool isClean, int keepAlive, CancellationToken life)
    {
        NetworkConnection? connection = _connection;
        MqttIdentity? identity = Identity;
        if (connection is null || identity is null || _session.IsConnected)
        {
            _module.Respond.Urc("ERROR");
            return;
        }

        _connection = null; // It is the session's from here on.
        try
        {
            _ = await _session.ConnectAsync(
                connection,
                new MqttConnect(identity.ClientId)
                {
                    UserName = identity.UserName.Length > 0 ? identity.UserName : null,
                    Password = identity.UserName.Length > 0 && identity.Password.Length > 0 ? identity.Password : null,
                    KeepAlive = keepAlive,
                    CleanSession = isClean,
                    Will = identity.Will,
                },
                life);
            _module.Respond.Urc("CONNACK OK");
        }
        catch (NetworkException refused)
        {
            Host.Trace("! MQTT: " + refused.Message);
            _module.Respond.Urc("ERROR");
        }
    }

    /// <summary>AT+MDISCONNECT: false when there is no session.</summary>
    internal async Task<bool> DisconnectAsync(CancellationToken life)
    {
        if (!_session.IsConnected)
        {
            return false;
        }

        await _session.DisconnectAsync(life);
        return true;
    }

    /// <summary>AT+MIPCLOSE: false when there is nothing to close.</summary>
    internal bool Close(bool wasConnected)
    {
        bool isOpen = Status != 0 || wasConnected;
        _connects++;
        Drop();
        return isOpen;
    }

    /// <summary>AT+MQTTMSGGET?: which slots hold a message.</summary>
    internal IEnumerable<string> DescribeCache() => _cache.Select((message, slot) =>
        WireText.Format($"+MQTTMSGGET: {slot},{(message is null ? "INVALID" : "VALID")}"));

    /// <summary>AT+MQTTMSGGET: the messages, which are gone then.</summary>
    internal IReadOnlyList<MqttMessage> TakeCache()
    {
        MqttMessage[] messages = [.. _cache.OfType<MqttMessage>()];
        Array.Clear(_cache);
        _nextSlot = 0;
        return messages;
    }

    // +MSUB: "topic",<length> byte,<message>
    internal byte[] Describe(MqttMessage message)
    {
        byte[] shown = IsHex ? WireText.Bytes(Convert.ToHexString(message.Payload.Span)) : message.Payload.ToArray();
        int length = IsHex && _module.Switches[LuatSwitches.MqttHexLength] == "bytes" ? message.Payload.Length : shown.Length;
        int announced = Host.Faults.AnnouncedLength(length);
        return [.. WireText.Bytes(WireText.Format($"+MSUB: \"{message.Topic}\",{announced} byte,")), .. shown];
    }

    private MqttSession NewSession() => new(Host.Loop, Host.Clock)
    {
        Received = TakeAsync,
        Ended = reason =>
        {
            Host.Trace("! MQTT: " + reason);
            SayClosed();
        },
    };

    private async ValueTask TakeAsync(MqttMessage message, CancellationToken life)
    {
        await Host.Uart.WhenRoomAsync(life);
        life.ThrowIfCancellationRequested();
        if (IsCached)
        {
            int slot = _nextSlot;
            _nextSlot = (slot + 1) % CacheSlots;
            _cache[slot] = message; // The oldest is overwritten.
            _module.Respond.Urc($"+MSUB: {slot}");
            return;
        }

        _module.Respond.Raw([.. "\r\n"u8, .. Describe(message), .. "\r\n"u8]);
    }

    private void SayClosed() => _module.Respond.Urc(
        (_module.Switches[LuatSwitches.MqttClosed] == "prefixed" ? Prefix : "") + "CLOSED");

    private void Drop()
    {
        _connection?.Abort();
        _connection = null;
        _session.Abort();
        _session = NewSession();
    }
}

/// <summary>AT+MCONFIG.</summary>
/// <param name="ClientId">Up to 256 characters.</param>
/// <param name="UserName">Empty: none.</param>
/// <param name="Password">Empty: none.</param>
/// <param name="Will">What the broker publishes when the client goes without a word.</param>
internal sealed record MqttIdentity(string ClientId, string UserName, string Password, MqttMessage? Will)
{
    public override string ToString() => "MQTT client " + ClientId;
}
