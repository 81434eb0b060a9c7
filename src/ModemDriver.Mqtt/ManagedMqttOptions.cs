using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet.Formatter;

namespace ModemDriver.Mqtt;

/// <summary>When received messages are acknowledged.</summary>
public enum MqttAcknowledgement
{
    /// <summary>When the reader takes them: one that is lost with the process in the middle of its work is not sent again.</summary>
    Automatic,

    /// <summary>When the reader calls <see cref="MqttInboxMessage.Acknowledge"/>.</summary>
    Manual,
}

/// <summary>How a managed client works. Immutable; vary it with <c>with</c>. Checked once, when it is opened.</summary>
/// <param name="Source">Opens the Stream of each connection.</param>
/// <param name="SignIn">Who the client is.</param>
public sealed record ManagedMqttOptions(MqttStreamSource Source, MqttSignIn SignIn)
{
    /// <summary>The highest <see cref="MaxInFlight"/>.</summary>
    internal const int LargestWindow = 1000;

    /// <summary>MQTT 3.1.1 or 5. Default 3.1.1 (<see cref="MqttProtocolVersion.V311"/>), which every broker speaks.</summary>
    public MqttProtocolVersion ProtocolVersion { get; init; } = MqttProtocolVersion.V311;

    /// <summary>
    /// Whether the broker forgets the client with each connection. Default false: it keeps subscriptions and messages for
    /// it, and exchanges of QoS 2 go on where they stood.
    /// </summary>
    public bool CleanSession { get; init; }

    /// <summary>
    /// MQTT 5 only: how long the broker keeps the session after a connection. 1 second to 2^32 - 1 seconds, both included.
    /// Default 7 days. Not used with <see cref="CleanSession"/>.
    /// </summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// After how long a silence the connection counts as lost; half of it is the pause before a PINGREQ. Whole seconds, 2 to
    /// 65,535, both included. Default 60. A broker of MQTT 5 may order another time.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What the broker publishes when the client is lost; at most 65,535 bytes of payload. Default <see langword="null"/>:
    /// nothing.
    /// </summary>
    public MqttMessage? Will { get; init; }

    /// <summary>
    /// How many messages of QoS 1 and 2 may await their acknowledgement at a time, 1 to 1,000, both included. Default 20, as
    /// mosquitto's. A broker of MQTT 5 may lower it.
    /// </summary>
    public int MaxInFlight { get; init; } = 20;

    /// <summary>The largest packet that is received, 1,024 to 268,435,455 bytes, both included. Default 16 MiB.</summary>
    public int MaxPacketBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many received messages wait for the reader, 1 to 100,000, both included. Default 64.</summary>
    public int InboxMessages { get; init; } = 64;

    /// <summary>
    /// How many bytes of received messages wait for the reader; a single larger message is still received. 1,024 to 2^30,
    /// both included. Default 1 MiB.
    /// </summary>
    public int InboxBytes { get; init; } = 1024 * 1024;

    /// <summary>When received messages are acknowledged. Default <see cref="MqttAcknowledgement.Automatic"/>.</summary>
    public MqttAcknowledgement Acknowledgement { get; init; } = MqttAcknowledgement.Automatic;

    /// <summary>
    /// How long a connection may take: the Stream, TLS and the broker's answer. Above zero. Default 60 seconds.
    /// </summary>
    public TimeSpan ConnectTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How accepted messages are kept.</summary>
    public MqttOutboxOptions Outbox { get; init; } = new();

    /// <summary>When a lost connection is tried again.</summary>
    public MqttReconnectOptions Reconnect { get; init; } = new();

    /// <summary>Where logs go. Default: nowhere. No password, secret or payload is logged.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of everything. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Throws with all mistakes together.</summary>
    internal void Validate()
    {
        List<Exception> mistakes = [];
        Check(mistakes, () => ArgumentNullException.ThrowIfNull(Source));
        Check(mistakes, () => ArgumentNullException.ThrowIfNull(SignIn));
        Check(mistakes, CheckVersion);
        Check(mistakes, () => CheckRange(SessionExpiry, TimeSpan.FromSeconds(1), MqttMessage.LongestExpiry, nameof(SessionExpiry)));
        Check(mistakes, () => CheckRange(KeepAlive, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(65_535), nameof(KeepAlive)));
        Check(mistakes, CheckWill);
        Check(mistakes, () => CheckRange(MaxInFlight, 1, LargestWindow, nameof(MaxInFlight)));
        Check(mistakes, () => CheckRange(MaxPacketBytes, 1024, 268_435_455, nameof(MaxPacketBytes)));
        Check(mistakes, () => CheckRange(InboxMessages, 1, 100_000, nameof(InboxMessages)));
        Check(mistakes, () => CheckRange(InboxBytes, 1024, 1 << 30, nameof(InboxBytes)));
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeLimit, TimeSpan.Zero));
        Check(mistakes, Outbox.Validate);
        Check(mistakes, Reconnect.Validate);
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(
                "The options are out of range: " + string.Join(" ", mistakes.Select(mistake => mistake.Message)),
                nameof(ManagedMqttOptions),
                mistakes[0]);
        }
    }

    private void CheckWill()
    {
        Will?.Validate();
        // [MQTT-3.1.3-10] and MQTT 5 3.1.3.4: unlike that of a PUBLISH, its payload has a length of two bytes.
        TopicRules.CheckLength(Will?.Payload.Length ?? 0, $"The payload of {nameof(Will)}");
    }

    private void CheckVersion()
    {
        if (ProtocolVersion is not (MqttProtocolVersion.V311 or MqttProtocolVersion.V500))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ProtocolVersion), ProtocolVersion, "The version is MQTT 3.1.1 or 5.");
        }
    }

    private static void CheckRange<T>(T value, T lowest, T highest, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, lowest, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, highest, name);
    }

    private static void Check(List<Exception> mistakes, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException mistake)
        {
            mistakes.Add(mistake);
        }
    }
}
