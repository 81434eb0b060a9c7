using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>What the module says of its MQTT, behind the OK of a command or by itself.</summary>
internal enum ModuleMqttWord
{
    /// <summary>The broker is reached; there is no session yet.</summary>
    Connected,

    /// <summary>The broker was not reached.</summary>
    NotConnected,

    /// <summary>The broker has taken a subscription.</summary>
    Subscribed,

    /// <summary>The broker has ended a subscription.</summary>
    Unsubscribed,

    /// <summary>The broker has a message of QoS 1.</summary>
    Acknowledged,

    /// <summary>The broker has a message of QoS 2, and the exchange is at its end.</summary>
    Completed,

    /// <summary>The connection has ended.</summary>
    Lost,

    /// <summary>The module keeps one message more, until it is fetched.</summary>
    Kept,

    /// <summary>What should be a message, and was damaged on the line.</summary>
    Damaged,
}

/// <summary>One command, and what has to come of it.</summary>
/// <param name="Command">What is sent.</param>
/// <param name="WhenRefused">What a refusal means; null: that the setting was refused, and nothing more.</param>
/// <param name="Until">The word behind its OK that ends it; null: the OK does.</param>
internal sealed record ModuleMqttStep(
    AtCommand Command, ModuleMqttFailure? WhenRefused = null, ModuleMqttWord? Until = null)
{
    /// <summary>Whether it has to succeed. Default true.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>How long the word may take, where that is not the broker's affair alone; null: the limit of the options.</summary>
    public TimeSpan? UntilLimit { get; init; }
}

/// <summary>The MQTT client of the module, of which there is one: what a dialect must supply.</summary>
internal interface IModuleMqttCommands
{
    /// <summary>Somebody is going to use it.</summary>
    /// <param name="mode">How links are numbered.</param>
    /// <param name="hasLinks">Whether there are links.</param>
    /// <exception cref="InvalidOperationException">What the module says of it could not be told from what it says of links.</exception>
    void Take(ConnectionMode mode, bool hasLinks);

    /// <summary>Nobody uses it any more.</summary>
    void GiveBack();

    /// <summary>From whatever an earlier program has left to a session.</summary>
    /// <exception cref="ArgumentException">The module cannot take it; the message quotes no password.</exception>
    IReadOnlyList<ModuleMqttStep> Open(ModuleMqttOptions options);

    /// <summary>Asks for the messages of a filter.</summary>
    /// <exception cref="ArgumentException">The module cannot take it.</exception>
    ModuleMqttStep Subscribe(string topicFilter, ModuleMqttQos qos);

    /// <summary>Asks for them no more.</summary>
    /// <exception cref="ArgumentException">The module cannot take it.</exception>
    ModuleMqttStep Unsubscribe(string topicFilter);

    /// <summary>Publishes, in the form that the payload allows.</summary>
    /// <exception cref="ArgumentException">The module cannot take it: the topic, or so many bytes.</exception>
    ModuleMqttStep Publish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain);

    /// <summary>Fetches what the module keeps; each comes as if it were pushed.</summary>
    ModuleMqttStep? FetchKept();

    /// <summary>Says goodbye to the broker, and ends the connection.</summary>
    IReadOnlyList<ModuleMqttStep> Close();

    /// <summary>What a line says; null if it is nothing of the kind.</summary>
    ModuleMqttWord? Read(ReadOnlySpan<byte> line);
}
