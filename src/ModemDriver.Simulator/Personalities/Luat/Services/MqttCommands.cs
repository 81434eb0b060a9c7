using System.Text;
using ModemDriver.Simulator.Network.Mqtt;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>MQTT 3.1.1 on board. What is awaited of the broker is said behind the OK.</summary>
internal sealed class MqttCommands(LuatModule module) : CommandGroup(module)
{
    private const int LongestName = 256;
    private const int LongestWill = 1360;
    private const int LongestTopic = 256;

    /// <summary>Input behind the prompt of a message without a length ends when nothing has come for so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly LuatModule _module = module;
    private bool _hasLeft;
    private int _inputs;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+MCONFIG") { Set = At(Configure) },
        new("+MIPSTART") { Set = At(call => Open(call, isSecure: false)) },
        new("+SSLMIPSTART") { Set = At(call => Open(call, isSecure: true)) },
        new("+MCONNECT") { Set = At(Connect) },
        new("+MSUB") { Set = At(Subscribe) },
        new("+MUNSUB") { Set = At(Unsubscribe) },
        new("+MPUB") { Set = At(Publish) },
        new("+MPUBEX") { Set = At(PublishRaw) },
        new("+MQTTMODE") { Read = Says(() => $"+MQTTMODE: {(Client.IsHex ? 1 : 0)}"), Set = Takes(0, 1, value => Client.IsHex = value == 1) },
        new("+MQTTMSGSET") { Read = Says(() => $"+MQTTMSGSET: {(Client.IsCached ? 1 : 0)}"), Set = Takes(0, 1, value => Client.IsCached = value == 1) },
        new("+MQTTMSGGET") { Read = At(ReadCacheState), Execute = At(ReadCache) },
        new("+MQTTSTATU") { Execute = Says(() => $"+MQTTSTATU :{Client.Status}") },
        new("+MDISCONNECT") { Execute = DisconnectAsync },
        new("+MIPCLOSE") { Execute = At(Close) },
    ];

    private LuatMqttClient Client => _module.Mqtt;

    private static Outcome Failed => Outcome.Cme(CmeError.OperationFailed);

    private int LongestMessage => _module.Luat.Silicon == "8910" ? 2384 : 4100;

    // AT+MCONFIG=<client>[,<user>,<password>[,<will qos>,<will retain>,"<will topic>","<will message>"]]
    private Outcome Configure(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!(given.Takes(1, 1) || given.Takes(3, 3) || given.Takes(7, 7)) || !given.Text(0, LongestName, out string client)
            || client.Length == 0 || !given.TextOr(1, "", LongestName, out string user)
            || !given.TextOr(2, "", LongestName, out string password))
        {
            return WrongParameter;
        }

        MqttMessage? will = null;
        if (given.Count == 7)
        {
            if (!given.Number(3, 0, 2, out int qos) || !given.Number(4, 0, 1, out int retain)
                || !given.Text(5, LongestTopic, out string topic) || !given.Text(6, LongestWill, out string message))
            {
                return WrongParameter;
            }

            will = new MqttMessage(topic, WireText.Bytes(QuotedText.Unescape(message)), qos, retain == 1);
        }

        Client.Identity = new MqttIdentity(client, user, password, will);
        return Outcome.Ok;
    }

    // AT+MIPSTART="host","port"
    private Outcome Open(CommandCall call, bool isSecure)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 2) || !given.Text(0, LongestName, out string host) || host.Length == 0
            || !given.Number(1, 1, 65535, out int port))
        {
            return WrongParameter;
        }

        return Outcome.OkThen(() =>
        {
            if (Client.Status != 0)
            {
                Respond.Urc("ALREADY CONNECT");
                return;
            }

            Host.Loop.StartHere(() => Client.OpenAsync(host, port, isSecure, _module.Life));
        });
    }

    // AT+MCONNECT=<clean>,<keep-alive in seconds>
    private Outcome Connect(CommandCall call) =>
        call.Parameters.Takes(2, 2) && call.Parameters.Number(0, 0, 1, out int isClean) && call.Parameters.Number(1, 1, 65535, out int seconds)
            ? Outcome.OkThen(() => Host.Loop.StartHere(() => Client.BeginAsync(isClean == 1, seconds, _module.Life)))
            : WrongParameter;

    // AT+MSUB="topic",<qos>
    private Outcome Subscribe(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 2) || !given.Text(0, LongestTopic, out string topic) || topic.Length == 0 || !given.Number(1, 0, 2, out int qos))
        {
            return WrongParameter;
        }

        return WhenConnected(life => Client.Session.SubscribeAsync(Utf8(topic), qos, life), "SUBACK");
    }

    private Outcome Unsubscribe(CommandCall call) =>
        call.Parameters.Takes(1, 1) && call.Parameters.Text(0, LongestTopic, out string topic) && topic.Length > 0
            ? WhenConnected(life => Client.Session.UnsubscribeAsync(Utf8(topic), life), "UNSUBACK")
            : WrongParameter;

    /// <summary>OK, and what the broker's answer is called; nothing when none comes.</summary>
    private Outcome WhenConnected(Func<CancellationToken, Task<bool>> ask, params string[] words)
    {
        if (Client.Status != 1)
        {
            return Failed;
        }

        return Outcome.OkThen(() => Host.Loop.StartHere(async () =>
        {
            CancellationToken life = _module.Life;
            if (await ask(life))
            {
                life.ThrowIfCancellationRequested();
                foreach (string word in words)
                {
                    Respond.Urc(word);
                }
            }
        }));
    }

    // AT+MPUB="topic",<qos>,<retain>,"message"
    private Outcome Publish(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(4, 4) || !TryHead(given, out string topic, out int qos, out bool retain) || !given.IsGiven(3))
        {
            return WrongParameter;
        }

        byte[]? payload = Client.IsHex ? MessageText.FromHex(given.Text(3)) : WireText.Bytes(QuotedText.Unescape(given.Text(3)));
        return payload is null || payload.Length > LongestMessage ? WrongParameter : Send(new MqttMessage(Utf8(topic), payload, qos, retain));
    }

    private static bool TryHead(AtParameters given, out string topic, out int qos, out bool retain)
    {
        int retained = 0;
        qos = 0;
        bool isRight = given.Text(0, LongestTopic, out topic) && topic.Length > 0
            && given.Number(1, 0, 2, out qos) && given.Number(2, 0, 1, out retained);
        retain = retained == 1;
        return isRight;
    }

    private Outcome Send(MqttMessage message) =>
        WhenConnected(life => Client.Session.PublishAsync(message, life), message.Qos switch
        {
            0 => [],
            1 => ["PUBACK"],
            _ => ["PUBREC", "PUBCOMP"],
        });

    // AT+MPUBEX="topic",<qos>,<retain>[,<length>]: without a length Ctrl-Z ends it, or a pause of 5 s.
    private Outcome PublishRaw(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(3, 4) || !TryHead(given, out string topic, out int qos, out bool retain)
            || !given.NumberOr(3, LongestMessage, 1, LongestMessage, out int length))
        {
            return WrongParameter;
        }

        if (Client.Status != 1)
        {
            return Failed;
        }

        if (!Host.Faults.LosesPrompt())
        {
            Respond.Answer("\r\n>");
        }

        bool isCounted = given.IsGiven(3);
        var buffer = new byte[length];
        var phase = new SendPhase(buffer, isCounted ? length : null, phase =>
        {
            _inputs++;
            _module.End(phase.IsCancelled
                ? Outcome.Error
                : Send(new MqttMessage(Utf8(topic), buffer.AsMemory(0, phase.Count), qos, retain)));
        });
        _module.Input.Collect(phase);
        if (!isCounted)
        {
            int input = ++_inputs;
            Host.Loop.StartHere(() => EndAtPauseAsync(phase, input, call.Life));
        }

        return Outcome.Said;
    }

    private async Task EndAtPauseAsync(SendPhase phase, int input, CancellationToken life)
    {
        int count;
        do
        {
            count = phase.Count;
            await Host.Clock.WaitAsync(Pause, life);
            life.ThrowIfCancellationRequested();
        }
        while (input == _inputs && phase.Count != count);

        if (input == _inputs)
        {
            _module.Input.Busy();
            ((IPayloadPhase)phase).Complete();
        }
    }

    private Outcome ReadCacheState()
    {
        Respond.Lines(Client.DescribeCache());
        return Outcome.Ok;
    }

    private Outcome ReadCache()
    {
        foreach (MqttMessage message in Client.TakeCache())
        {
            Respond.Answer([.. "\r\n"u8, .. Client.Describe(message), .. "\r\n"u8]);
        }

        return Outcome.Ok;
    }

    private async ValueTask<Outcome> DisconnectAsync(CommandCall call) =>
        await Client.DisconnectAsync(call.Life) ? WithMark() : Failed;

    /// <summary>AT+MIPCLOSE behind this has something to close.</summary>
    private Outcome WithMark()
    {
        _hasLeft = true;
        return Outcome.Ok;
    }

    private Outcome Close()
    {
        bool wasOpen = Client.Close(_hasLeft);
        _hasLeft = false;
        return wasOpen ? Outcome.Ok : Failed;
    }

    /// <summary>A topic is UTF-8 on the wire, and a text in the packet.</summary>
    private static string Utf8(string text) => Encoding.UTF8.GetString(WireText.Latin1.GetBytes(QuotedText.Unescape(text)));
}
