using System.Text;

namespace ModemDriver;

/// <summary>How surely a message is handed over (QoS of MQTT).</summary>
public enum ModuleMqttQos
{
    /// <summary>At most once (0): it may be lost.</summary>
    AtMostOnce,

    /// <summary>At least once (1): it may come twice.</summary>
    AtLeastOnce,

    /// <summary>Exactly once (2).</summary>
    ExactlyOnce,
}

/// <summary>What the broker publishes when the client goes without a word.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Message">
/// A text without line ends and other control characters, as long as the module takes it (docs/mqtt.md).
/// </param>
public sealed record ModuleMqttWill(string Topic, string Message)
{
    /// <summary>How surely it is handed over. Default: at most once.</summary>
    public ModuleMqttQos Qos { get; init; }

    /// <summary>Whether the broker keeps it for later subscribers. Default false.</summary>
    public bool Retain { get; init; }
}

/// <summary>A broker, and how the module's own MQTT client is to speak with it. MQTT 3.1.1.</summary>
/// <param name="Host">The broker's name, resolved by the module, or its address.</param>
/// <param name="ClientId">
/// Under which name: 1 to 256 bytes in UTF-8. A broker throws a client out when another comes with the same name.
/// </param>
public sealed record ModuleMqttOptions(string Host, string ClientId)
{
    private const int MaxText = 256;
    private const int MaxKeepAliveSeconds = 7200;
    private const int LeastBuffer = 4 * 1024;
    private const int MostBuffer = 64 * 1024 * 1024;

    private static readonly TimeSpan LongestLimit = TimeSpan.FromHours(1);

    /// <summary>The broker's port, 1 to 65535. Default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>
    /// TLS by the module, to a <see cref="Port"/> that expects it (usually 8883). Default <see langword="null"/>: none; user,
    /// password and messages go in clear text.
    /// </summary>
    public ModuleTlsOptions? Tls { get; init; }

    /// <summary>The user, up to 256 bytes. Default <see langword="null"/>: none.</summary>
    public string? User { get; init; }

    /// <summary>The password, up to 256 bytes; in no log and no exception. Default <see langword="null"/>: none.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// How long nothing may be sent before the module sends a ping: whole seconds, 1 s to 7200 s, both included. Default 120
    /// seconds.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Whether the broker forgets the client's subscriptions, and what waits for it, with the connection. Default true.
    /// </summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>What the broker publishes when the client goes without a word. Default <see langword="null"/>: nothing.</summary>
    public ModuleMqttWill? Will { get; init; }

    /// <summary>
    /// Whether the module keeps what arrives, up to four messages, until the driver has room for it
    /// (<see cref="ModemFeature.OnBoardMqttCache"/>); a fifth takes the place of the oldest, and is counted by
    /// <see cref="IModuleMqttClient.LostMessages"/>. Default false: it pushes them.
    /// </summary>
    public bool KeepsOnModule { get; init; }

    /// <summary>
    /// How many bytes of topics and payloads wait for the reader at most, 4 KiB to 64 MiB; what comes beyond is lost, and
    /// counted by <see cref="IModuleMqttClient.LostMessages"/>. Default 256 KiB.
    /// </summary>
    public int ReceiveBufferBytes { get; init; } = 256 * 1024;

    /// <summary>How long the broker may take for an answer. Above zero, at most an hour. Default 30 seconds.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names neither user nor password.</summary>
    public override string ToString() => $"mqtt://{Host}:{Port} as {ClientId}";

    internal int KeepAliveSeconds => (int)KeepAlive.TotalSeconds;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Host);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentException.ThrowIfNullOrEmpty(ClientId);
        CheckLength(ClientId, nameof(ClientId));
        CheckLength(User, nameof(User));
        CheckLength(Password, nameof(Password));
        if (string.IsNullOrEmpty(User) && !string.IsNullOrEmpty(Password))
        {
            throw new ArgumentException("MQTT 3.1.1 has no password without a user.", nameof(Password));
        }

        if (KeepAlive < TimeSpan.FromSeconds(1) || KeepAlive > TimeSpan.FromSeconds(MaxKeepAliveSeconds)
            || KeepAlive.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(KeepAlive), KeepAlive, $"A keep-alive is whole seconds, 1 to {MaxKeepAliveSeconds}.");
        }

        if (Will is { } will)
        {
            ModuleMqttTopic.CheckName(will.Topic, nameof(Will));
            ArgumentNullException.ThrowIfNull(will.Message, nameof(Will));
            ModuleMqttTopic.CheckQos(will.Qos, nameof(Will));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBufferBytes, LeastBuffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReceiveBufferBytes, MostBuffer);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReplyLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReplyLimit, LongestLimit);
        Tls?.Validate();
    }

    // The message does not quote it: it may be the password.
    private static void CheckLength(string? text, string parameter)
    {
        if (text is not null && Encoding.UTF8.GetByteCount(text) > MaxText)
        {
            throw new ArgumentException($"It has at most {MaxText} bytes.", parameter);
        }
    }
}
