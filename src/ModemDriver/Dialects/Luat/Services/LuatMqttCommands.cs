using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>The MQTT client of the module. The vendor's AT manual, chapter MQTT.</summary>
/// <remarks>
/// What the broker answers is told behind the OK by words without numbers, so there is one exchange at a time. The module's words
/// for the connection are those of links; where links are numbered, its number is 7, or it has none.
/// </remarks>
/// <param name="firmware">The firmware.</param>
/// <param name="tls">What the module was told of TLS.</param>
/// <param name="stack">Who must know that it is in use.</param>
internal sealed class LuatMqttCommands(LuatFirmware firmware, LuatTlsCommands tls, LuatIpStack stack) : IModuleMqttCommands
{
    private const int TlsContext = 88;
    private const int MaxTopic = 256;
    private const int MaxWill = 1360;
    private const int MaxSettingsLine = 4096;
    private const int MaxLine = 512;
    private const int MaxMessage = 4100;
    private const int MaxMessage8910 = 2384;
    private const int MaxReceived = 64 * 1024;

    // The OK comes at once; the connection may take 75 s by the manual, and the rest is the broker's affair.
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReachLimit = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan SessionLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(30);

    // At 9600 bit/s a byte takes a little more than 1 ms.
    private static readonly TimeSpan TimePerByte = TimeSpan.FromMilliseconds(2);

    private static readonly SearchValues<byte> Quotable = SearchValues.Create(QuotableBytes());

    /// <summary>What announces a message, pushed or fetched.</summary>
    /// <remarks><c>+MSUB: "topic",&lt;count&gt; byte,&lt;message&gt;</c> and a line end; the cached form may lack the quotes.</remarks>
    public static PayloadHeader Message { get; } =
        PayloadHeader.WithText("+MSUB: ", " byte", maxText: 1024, maxPayload: MaxReceived);

    private int MostBytes => firmware.Generation == LuatGeneration.Unisoc8910 ? MaxMessage8910 : MaxMessage;

    /// <summary>Whether the line is a word for the module's own connection, and not for a link.</summary>
    public bool Claims(ReadOnlySpan<byte> line) => stack.IsMqttInUse && WordOf(line) is not null;

    /// <inheritdoc/>
    public void Take(ConnectionMode mode, bool hasLinks)
    {
        if (mode == ConnectionMode.Single && hasLinks)
        {
            throw new InvalidOperationException(
                "In single mode this module has the same words for its MQTT and for the link that is open; close it, or use multiple mode.");
        }

        stack.IsMqttInUse = true;
    }

    /// <inheritdoc/>
    public void GiveBack() => stack.IsMqttInUse = false;

    /// <inheritdoc/>
    public IReadOnlyList<ModuleMqttStep> Open(ModuleMqttOptions options)
    {
        List<ModuleMqttStep> steps =
        [
            .. Close(),
            new(new SimpleCommand(Identity(options), SettingLimit)),

            // In the other mode payloads are digits, and what the length in +MSUB then counts is not certain.
            new(new SimpleCommand("AT+MQTTMODE=0", SettingLimit)) { IsRequired = false },
            new(new SimpleCommand(options.KeepsOnModule ? "AT+MQTTMSGSET=1" : "AT+MQTTMSGSET=0", SettingLimit)),
        ];
        if (options.Tls is { } wanted)
        {
            steps.AddRange(tls.PrepareContext(TlsContext, options.Host, wanted)
                .Select(step => new ModuleMqttStep(step.Command) { IsRequired = step.IsRequired }));
        }

        var port = options.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        steps.Add(new(
            new SimpleCommand(
                new CommandLineBuilder(options.Tls is null ? "AT+MIPSTART=" : "AT+SSLMIPSTART=")
                    .Text(options.Host, nameof(options.Host)).Text(port, nameof(options.Port)).Build(),
                SettingLimit),
            ModuleMqttFailure.NotReached,
            ModuleMqttWord.Connected)
        {
            UntilLimit = ReachLimit,
        });
        steps.Add(new(Connect(options), ModuleMqttFailure.SessionRefused));
        return steps;
    }

    // AT+MSUB="topic",<qos>       OK, SUBACK
    /// <inheritdoc/>
    public ModuleMqttStep Subscribe(string topicFilter, ModuleMqttQos qos) => new(
        new SimpleCommand(
            WithTopic("AT+MSUB=", topicFilter, nameof(topicFilter)).Number((int)qos).Build(), SettingLimit),
        ModuleMqttFailure.Refused,
        ModuleMqttWord.Subscribed);

    // AT+MUNSUB="topic"       OK, UNSUBACK
    /// <inheritdoc/>
    public ModuleMqttStep Unsubscribe(string topicFilter) => new(
        new SimpleCommand(WithTopic("AT+MUNSUB=", topicFilter, nameof(topicFilter)).Build(), SettingLimit),
        ModuleMqttFailure.Refused,
        ModuleMqttWord.Unsubscribed);

    // AT+MPUB="topic",<qos>,<retain>,"message"          AT+MPUBEX="topic",<qos>,<retain>,<count>      a prompt, so many bytes
    // OK; with QoS 1 PUBACK behind it, with QoS 2 PUBREC and PUBCOMP
    /// <inheritdoc/>
    public ModuleMqttStep Publish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain)
    {
        if (payload.Length > MostBytes)
        {
            throw new ArgumentException($"This module takes a message of at most {MostBytes} bytes.", nameof(payload));
        }

        AtCommand command = AsText(topic, payload.Span, qos, retain) is { } text ? text : AsBytes(topic, payload, qos, retain);
        return new ModuleMqttStep(
            command,
            ModuleMqttFailure.Refused,
            qos switch
            {
                ModuleMqttQos.AtMostOnce => null,
                ModuleMqttQos.AtLeastOnce => ModuleMqttWord.Acknowledged,
                _ => ModuleMqttWord.Completed,
            });
    }

    /// <inheritdoc/>
    public ModuleMqttStep FetchKept() => new(new SimpleCommand("AT+MQTTMSGGET", SendLimit));

    // What has ended already is refused.
    /// <inheritdoc/>
    public IReadOnlyList<ModuleMqttStep> Close() =>
    [
        new(new SimpleCommand("AT+MDISCONNECT", SettingLimit)) { IsRequired = false },
        new(new SimpleCommand("AT+MIPCLOSE", SettingLimit)) { IsRequired = false },
    ];

    // +MSUB: <slot>      a message is kept; what else begins so is the header of one that was pushed, and damaged
    /// <inheritdoc/>
    public ModuleMqttWord? Read(ReadOnlySpan<byte> line)
    {
        if (LuatFields.TryStrip(line, "+MSUB"u8, out var fields))
        {
            return FieldReader.TryParse(fields, out _) ? ModuleMqttWord.Kept : ModuleMqttWord.Damaged;
        }

        return line.SequenceEqual("SUBACK"u8) ? ModuleMqttWord.Subscribed
            : line.SequenceEqual("UNSUBACK"u8) ? ModuleMqttWord.Unsubscribed
            : line.SequenceEqual("PUBACK"u8) ? ModuleMqttWord.Acknowledged
            : line.SequenceEqual("PUBCOMP"u8) ? ModuleMqttWord.Completed
            : WordOf(line);
    }

    // CONNECT OK      7,CONNECT OK      7, CONNECT OK
    private static ModuleMqttWord? WordOf(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("7,"u8))
        {
            line = line[2..].TrimStart((byte)' ');
        }

        return line.SequenceEqual("CONNECT OK"u8) || line.SequenceEqual("ALREADY CONNECT"u8) ? ModuleMqttWord.Connected
            : line.SequenceEqual("CONNECT FAIL"u8) ? ModuleMqttWord.NotConnected
            : line.SequenceEqual("CLOSED"u8) ? ModuleMqttWord.Lost
            : null;
    }

    // AT+MCONFIG=<client>[,<user>,<password>[,<will qos>,<will retain>,"<will topic>","<will message>"]]
    private static CommandLine Identity(ModuleMqttOptions options)
    {
        var line = new CommandLineBuilder("AT+MCONFIG=", maxLength: MaxSettingsLine).Text(options.ClientId, nameof(options.ClientId));
        if (options.User is not null || options.Will is not null)
        {
            line.Text(options.User ?? string.Empty, nameof(options.User));
            line.Secret(options.Password ?? string.Empty, nameof(options.Password));
        }

        if (options.Will is { } will)
        {
            // Whether its escapes are undone here as they are in a message is not certain: what needs none is the same either way.
            if (will.Message.Contains('\\', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(will.Message) > MaxWill)
            {
                throw new ArgumentException(
                    $"The will of this module's own MQTT has at most {MaxWill} bytes and no backslash.", nameof(options));
            }

            line.Number((int)will.Qos).Number(will.Retain ? 1 : 0);
            line.Text(Fit(will.Topic, nameof(options.Will)), nameof(options.Will)).Secret(will.Message, nameof(options.Will));
        }

        return line.Build();
    }

    // AT+MCONNECT=<clean>,<keep-alive>      OK, then CONNACK OK or ERROR: no other command may take that ERROR for its own
    private static QueryCommand<bool> Connect(ModuleMqttOptions options) => new(
        new CommandLineBuilder("AT+MCONNECT=").Number(options.CleanSession ? 1 : 0).Number(options.KeepAliveSeconds).Build(),
        SessionLimit,
        false,
        static (ReadOnlySpan<byte> _, ref bool _) => false)
    {
        LastLines =
        [
            new("CONNACK OK", ResultVerdict.Success),
            new("CLOSED", ResultVerdict.Failure),
            new("7,CLOSED", ResultVerdict.Failure),
            new("7, CLOSED", ResultVerdict.Failure),
        ],
    };

    // A text that fits one line, with what has a meaning there by its number; null where the counted form is needed.
    private static SimpleCommand? AsText(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos, bool retain)
    {
        if (!payload.IsEmpty && (payload.Length > MaxLine || payload.ContainsAnyExcept(Quotable)))
        {
            return null;
        }

        var text = new StringBuilder(payload.Length + 16);
        foreach (var b in payload)
        {
            _ = b switch
            {
                (byte)'"' => text.Append("\\22"),
                (byte)'\\' => text.Append("\\5C"),
                (byte)'\r' => text.Append("\\0D"),
                (byte)'\n' => text.Append("\\0A"),
                _ => text.Append((char)b),
            };
        }

        var head = Head("AT+MPUB=", topic, qos, retain);
        return payload.IsEmpty || head.Length + text.Length + Overhead <= MaxLine
            ? new SimpleCommand(head.Secret(text.ToString(), nameof(payload)).Build(), SendLimit)
            : null;
    }

    // A comma, two quotes and the line's end.
    private const int Overhead = 5;

    // The line ends with CR LF: after CR alone a payload that begins with LF would lose it.
    private static SendBytesCommand AsBytes(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain) => new(
        Head("AT+MPUBEX=", topic, qos, retain).Number(payload.Length).Build(),
        SendLimit + (TimePerByte * payload.Length),
        new CommandPayload(new ReadOnlySequence<byte>(payload)));

    private static CommandLineBuilder Head(string command, string topic, ModuleMqttQos qos, bool retain) =>
        WithTopic(command, topic, nameof(topic)).Number((int)qos).Number(retain ? 1 : 0);

    private static CommandLineBuilder WithTopic(string command, string topic, string parameterName) =>
        new CommandLineBuilder(command, maxLength: MaxLine).Text(Fit(topic, parameterName), parameterName);

    // Quotes are refused by their builder; whether a backslash is an escape here is not certain.
    private static string Fit(string topic, string parameterName) =>
        topic.Contains('\\', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(topic) > MaxTopic
            ? throw new ArgumentException($"A topic of this module's own MQTT has at most {MaxTopic} bytes and no backslash.", parameterName)
            : topic;

    private static byte[] QuotableBytes()
    {
        var all = new List<byte> { (byte)'\r', (byte)'\n' };
        for (var b = 0x20; b < 0x7f; b++)
        {
            all.Add((byte)b);
        }

        return [.. all];
    }
}
