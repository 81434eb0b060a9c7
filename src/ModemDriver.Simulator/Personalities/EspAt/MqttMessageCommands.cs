using ModemDriver.Simulator.Network.Mqtt;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Messages and topics of the MQTT client: user guide, AT+MQTTPUB, AT+MQTTPUBRAW, AT+MQTTSUB, AT+MQTTUNSUB.
/// </summary>
internal sealed class MqttMessageCommands(EspAtModule module) : CommandGroup(module)
{
    internal const int LongestTopic = 128;

    // Type, length of the rest, length of the topic; the number of a message that is acknowledged.
    private const int HeaderBytes = 1 + 2 + 2;
    private const int NumberBytes = 2;

    private static readonly TimeSpan LatePrompt = TimeSpan.FromMilliseconds(20);

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("MQTTPUB") { Set = PublishAsync },
        new("MQTTPUBRAW") { Set = BeginAsync },
        new("MQTTSUB") { Read = At(_ => ListTopics()), Set = SubscribeAsync },
        new("MQTTUNSUB") { Set = UnsubscribeAsync },
    ];

    private MqttClient Client => Module.Mqtt;

    private static bool ReadTopic(Parameters given, out string topic) =>
        given.Blame(given.Text(1, LongestTopic, out topic), MqttError.TopicLength)
        && given.Blame(topic.Length > 0 || given.Refuse(MqttError.NoTopic), MqttError.NoTopic);

    private static bool ReadQuality(Parameters given, out int qos, out bool retain)
    {
        retain = false;
        if (!given.Blame(given.NumberOr(3, 0, 0, 2, out qos), MqttError.Qos)
            || !given.Blame(given.Number(4, 0, 1, out int retained), MqttError.Retain))
        {
            return false;
        }

        retain = retained == 1;
        return true;
    }

    // 0,"topic","data",[<QoS>],<retain>
    private async ValueTask<Outcome> PublishAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!MqttCommands.Begins(given, 5, 5)
            || !ReadTopic(given, out string topic)
            || !given.Blame(given.Text(2, int.MaxValue, out string data), MqttError.DataLength)
            || !ReadQuality(given, out int qos, out bool retain))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        bool isSent = await Client.Session.PublishAsync(
            new MqttMessage(topic, WireText.Bytes(data), qos, retain), call.Life);
        return isSent ? Outcome.Ok : Outcome.Error(MqttError.PublishFailed);
    }

    // 0,"topic",<length>,[<QoS>],<retain>
    private async ValueTask<Outcome> BeginAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!MqttCommands.Begins(given, 5, 5)
            || !ReadTopic(given, out string topic)
            || !ReadQuality(given, out int qos, out bool retain)
            || !given.Blame(given.Number(2, 1, MostBytes(topic, qos), out int length), MqttError.PublishLength))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        await PromptAsync(call.Life);
        Module.Input.Collect(new CountedPayload(length, bytes => Host.Loop.StartHere(
            () => PublishRawAsync(new MqttMessage(topic, bytes, qos, retain), Module.Life))));
        return Outcome.Said;
    }

    /// <summary>On an ESP8266 the packet must fit the buffer.</summary>
    private int MostBytes(string topic, int qos) => Module.Profile.MqttPublishBytes > 0
        ? Module.Profile.MqttPublishBytes
        : MqttClient.BufferBytes - HeaderBytes - topic.Length - (qos > 0 ? NumberBytes : 0);

    private async Task PromptAsync(CancellationToken life)
    {
        if (Host.Faults.LosesPrompt())
        {
            Respond.Ok();
        }
        else if (Module.Switches[MqttSwitches.Prompt] == "with-ok")
        {
            Respond.Answer(Forms.LengthPrompt);
        }
        else
        {
            Respond.Ok();
            await Host.Clock.WaitAsync(LatePrompt, life);
            life.ThrowIfCancellationRequested();
            Respond.Answer(EspAtModule.RawPrompt);
        }
    }

    private async Task PublishRawAsync(MqttMessage message, CancellationToken life)
    {
        bool isSent = await Client.Session.PublishAsync(message, life);
        life.ThrowIfCancellationRequested();
        Host.Faults.Verdict(isSent, "+MQTTPUB:OK\r\n", "+MQTTPUB:FAIL\r\n", Respond.Answer);
        Module.Input.Idle();
    }

    // +MQTTSUB:0,<state>,"topic",<QoS>, a line each; one with an empty topic where there is none
    private Outcome ListTopics()
    {
        IEnumerable<(string Topic, int Qos)> topics = Client.Topics.Count > 0 ? Client.Topics : [("", 0)];
        foreach ((string topic, int qos) in topics)
        {
            Respond.Answer(WireText.Format($"+MQTTSUB:0,{Client.State},\"{topic}\",{qos}\r\n"));
        }

        return Outcome.Ok;
    }

    // 0,"topic",<QoS>
    private async ValueTask<Outcome> SubscribeAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!MqttCommands.Begins(given, 3, 3)
            || !ReadTopic(given, out string topic)
            || !given.Blame(given.Number(2, 0, 2, out int qos), MqttError.Qos))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        if (Client.Topics.Any(known => known.Topic == topic))
        {
            Respond.Log("ALREADY SUBSCRIBE");
            return Outcome.Ok;
        }

        if (Client.Topics.Count >= MqttClient.MostTopics
            || !await Client.Session.SubscribeAsync(topic, qos, call.Life))
        {
            return Outcome.Error(MqttError.SubscribeFailed);
        }

        Client.Add(topic, qos);
        return Outcome.Ok;
    }

    // 0,"topic"
    private async ValueTask<Outcome> UnsubscribeAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!MqttCommands.Begins(given, 2, 2) || !ReadTopic(given, out string topic))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        if (!Client.Topics.Any(known => known.Topic == topic))
        {
            Respond.Log("NO UNSUBSCRIBE");
            return Outcome.Ok;
        }

        if (!await Client.Session.UnsubscribeAsync(topic, call.Life))
        {
            return Outcome.Error(MqttError.UnsubscribeFailed);
        }

        Client.Remove(topic);
        return Outcome.Ok;
    }

    private Outcome? Refusal() => Client switch
    {
        { User: null } => Outcome.Error(MqttError.Uninitialised),
        { Broker: null } => Outcome.Error(MqttError.WrongState),
        { IsConnected: false } => Outcome.Error(MqttError.Disconnected),
        _ => null,
    };
}
