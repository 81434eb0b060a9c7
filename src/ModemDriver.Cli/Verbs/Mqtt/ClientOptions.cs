using System.CommandLine;
using System.CommandLine.Parsing;
using ModemDriver.Mqtt;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>The options of every MQTT verb that connects: the way to the broker, and how MQTT is spoken.</summary>
internal sealed class ClientOptions
{
    // A person waits, or a gateway that has nothing else to do: two minutes would be long.
    private static readonly MqttReconnectOptions Reconnect = new() { LongestDelay = TimeSpan.FromSeconds(15) };

    private readonly Option<bool> _direct = new("--direct")
    {
        Description = "Without a modem: this computer's own network takes the place of --port.",
    };

    private readonly Option<string> _protocol = new("--protocol")
    {
        Description = "The version of MQTT: 3.1.1 or 5.",
        HelpName = "VERSION",
        DefaultValueFactory = _ => "3.1.1",
    };

    private readonly Option<int> _keepAlive = new("--keep-alive")
    {
        Description = "After how many seconds of silence a connection counts as lost, 2 to 65535.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
        CustomParser = result => CommonOptions.WholeNumber(result, "--keep-alive", 2, 65_535),
    };

    private readonly Option<bool> _clean = new("--clean")
    {
        Description = "The broker forgets the client with each connection: no session goes on.",
    };

    public ClientOptions() => _protocol.AcceptOnlyFromAmong("3.1.1", "5");

    public SessionOptions Session { get; } = new(portRequired: false);

    public void AddTo(Command command)
    {
        command.Options.Add(_direct);
        command.Options.Add(_protocol);
        command.Options.Add(_keepAlive);
        command.Options.Add(_clean);
        Session.AddTo(command);
        command.Validators.Add(Check);
    }

    /// <summary>Whether no modem is used.</summary>
    public bool IsDirect(ParseResult parsed) => parsed.GetValue(_direct);

    /// <summary>Whether MQTT 5 is spoken.</summary>
    public bool IsVersion5(ParseResult parsed) => parsed.GetValue(_protocol) == "5";

    /// <summary>The same while the command line is being checked.</summary>
    public bool IsVersion5(CommandResult result) => result.GetValue(_protocol) == "5";

    /// <summary>What all clients of the run have in common.</summary>
    public ManagedMqttOptions ToOptions(ParseResult parsed, MqttStreamSource source, MqttSignIn signIn) => new(source, signIn)
    {
        ProtocolVersion = IsVersion5(parsed) ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
        KeepAlive = TimeSpan.FromSeconds(parsed.GetValue(_keepAlive)),
        CleanSession = parsed.GetValue(_clean),
        Reconnect = Reconnect,
    };

    /// <summary>The option of a level.</summary>
    /// <param name="description">What it is the level of.</param>
    public static Option<int> Qos(string description) => new("--qos")
    {
        Description = description,
        HelpName = "0|1|2",
        DefaultValueFactory = _ => 1,
        CustomParser = result => CommonOptions.WholeNumber(result, "--qos", 0, 2),
    };

    /// <summary>The level of a number that was checked.</summary>
    public static MqttQualityOfServiceLevel Level(int qos) => (MqttQualityOfServiceLevel)qos;

    private void Check(CommandResult result)
    {
        bool hasPort = result.GetResult(Session.Port) is not null;
        if (hasPort == result.GetValue(_direct))
        {
            result.AddError(hasPort
                ? "--port and --direct exclude each other"
                : "Name the module's port with --port, or say --direct");
        }
    }
}
