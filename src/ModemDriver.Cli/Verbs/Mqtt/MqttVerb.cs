using System.CommandLine;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary><c>modem mqtt</c>: publishing that loses nothing, receiving, and a bridge.</summary>
internal sealed class MqttVerb(ToolContext context)
{
    public Command Create() => new("mqtt", "MQTT by the managed client: what it has stored reaches the broker.")
    {
        new PubVerb(context).Create(),
        new SubVerb(context).Create(),
        new BridgeVerb(context).Create(),
        new OutboxVerb(context).Create(),
    };
}
