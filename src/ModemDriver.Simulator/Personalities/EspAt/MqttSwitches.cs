namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The switches of the MQTT client.</summary>
internal static class MqttSwitches
{
    internal const string CleanOrder = "mqtt-clean-order";
    internal const string LongMessage = "mqtt-long-message";
    internal const string Prompt = "mqtt-prompt";
    internal const string Resubscribes = "mqtt-resubscribes";
    internal const string FailedConnect = "mqtt-failed-connect";

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(CleanOrder, ["disconnect-first", "ok-first"], "disconnect-first",
            "Where '+MQTTDISCONNECTED' stands in the answer to MQTTCLEAN."),
        new(LongMessage, ["split", "split-without-topic", "whole"], "split",
            "A received message of more than 512 bytes: in pieces that each have the topic, in pieces of which only "
            + "the first has it, or in one."),
        new(Prompt, ["with-ok", "later"], "with-ok",
            "Where the prompt of MQTTPUBRAW stands: behind its OK at once, or 20 ms later, so that a message may slip in."),
        new(Resubscribes, ["on", "off"], "on",
            "Whether a connection that was made anew subscribes again; the list of topics is kept in any case."),
        new(FailedConnect, ["error", "disconnect-first"], "error",
            "What a failed MQTTCONN says: ERROR, or '+MQTTDISCONNECTED' and ERROR."),
    ];
}
