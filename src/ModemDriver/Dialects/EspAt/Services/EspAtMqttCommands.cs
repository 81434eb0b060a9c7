using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Dialects.EspAt.Services;

/// <summary>The MQTT client of the module. ESP-AT user guide, MQTT AT Commands.</summary>
/// <param name="firmware">The firmware.</param>
internal sealed class EspAtMqttCommands(EspAtFirmware firmware) : IModuleMqttCommands
{
    // There is one client.
    private const int Client = 0;

    private const int MaxTopic = 128;
    private const int MaxWill = 64;
    private const int MaxName = 64;
    private const int MaxReceived = 64 * 1024;

    // A packet of the ESP8266 has to fit its buffer: type, length, length of the topic, topic, number, message.
    private const int BufferBytes = 512;
    private const int HeaderBytes = 5;
    private const int NumberBytes = 2;
    private const int MaxMessage = 65_535;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CleanLimit = TimeSpan.FromSeconds(10);

    // By the guide it gives up after 15 s.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(30);

    // At 9600 bit/s a byte takes a little more than 1 ms.
    private static readonly TimeSpan TimePerByte = TimeSpan.FromMilliseconds(2);

    // The OK stands before the prompt.
    private static readonly ResultCode Published = new("+MQTTPUB:OK", ResultVerdict.Success);
    private static readonly ResultCode NotPublished = new("+MQTTPUB:FAIL", ResultVerdict.Failure);

    /// <summary>What announces a message.</summary>
    /// <remarks><c>+MQTTSUBRECV:0,"topic",&lt;count&gt;,&lt;data&gt;</c> and a line end; of a piece the topic may be empty.</remarks>
    public static PayloadHeader Message { get; } =
        PayloadHeader.WithText("+MQTTSUBRECV:0,", string.Empty, maxText: 1024, maxPayload: MaxReceived);

    private bool HasLongNames => firmware.IsEsp32 ? firmware.IsAtLeast(2, 4) : firmware.IsAtLeast(2, 3);

    // Its words name it, so links do not matter.
    /// <inheritdoc/>
    public void Take(ConnectionMode mode, bool hasLinks)
    {
    }

    /// <inheritdoc/>
    public void GiveBack()
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<ModuleMqttStep> Open(ModuleMqttOptions options)
    {
        List<ModuleMqttStep> steps = [.. Close()];
        AddNames(steps, options);
        if (options.Tls is { } tls)
        {
            AddTls(steps, options.Host, tls);
        }

        steps.Add(new(new SimpleCommand(Settings(options), SettingLimit)));

        // It does not connect again by itself: whether it then still has its subscriptions would not be known.
        steps.Add(new(
            new SimpleCommand(
                NewLine("AT+MQTTCONN=").Text(options.Host, nameof(options.Host)).Number(options.Port).Number(0).Build(),
                ConnectLimit),
            ModuleMqttFailure.NoSession));
        return steps;
    }

    /// <inheritdoc/>
    public ModuleMqttStep Subscribe(string topicFilter, ModuleMqttQos qos) => new(
        new SimpleCommand(
            NewLine("AT+MQTTSUB=").Text(Fit(topicFilter, nameof(topicFilter)), nameof(topicFilter)).Number((int)qos).Build(),
            ExchangeLimit),
        ModuleMqttFailure.Refused);

    /// <inheritdoc/>
    public ModuleMqttStep Unsubscribe(string topicFilter) => new(
        new SimpleCommand(
            NewLine("AT+MQTTUNSUB=").Text(Fit(topicFilter, nameof(topicFilter)), nameof(topicFilter)).Build(), ExchangeLimit),
        ModuleMqttFailure.Refused);

    // AT+MQTTPUB=0,"topic","data",<qos>,<retain>       OK
    // AT+MQTTPUBRAW=0,"topic",<count>,<qos>,<retain>   OK, a prompt, so many bytes, +MQTTPUB:OK
    /// <inheritdoc/>
    public ModuleMqttStep Publish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain)
    {
        Fit(topic, nameof(topic));
        var most = MostBytes(topic, qos);
        if (payload.Length > most)
        {
            throw new ArgumentException($"This module takes a message of at most {most} bytes with this topic.", nameof(payload));
        }

        AtCommand command = AsText(topic, payload.Span, qos, retain) is { } text ? text : AsBytes(topic, payload, qos, retain);
        return new ModuleMqttStep(command, ModuleMqttFailure.Refused);
    }

    /// <inheritdoc/>
    public ModuleMqttStep? FetchKept() => null;

    /// <inheritdoc/>
    public IReadOnlyList<ModuleMqttStep> Close() =>
        [new(new SimpleCommand("AT+MQTTCLEAN=0", CleanLimit)) { IsRequired = false }];

    /// <inheritdoc/>
    public ModuleMqttWord? Read(ReadOnlySpan<byte> line) =>
        line.StartsWith("+MQTTDISCONNECTED:"u8) ? ModuleMqttWord.Lost
        : line.StartsWith("+MQTTSUBRECV"u8) ? ModuleMqttWord.Damaged
        : null;

    // AT+MQTTUSERCFG=0,<scheme>,"client","user","password",<certificate>,<authority>,"path"
    private void AddNames(List<ModuleMqttStep> steps, ModuleMqttOptions options)
    {
        var (client, user, password) = (options.ClientId, options.User ?? string.Empty, options.Password ?? string.Empty);
        if (LengthOf(user) <= MaxName && LengthOf(password) <= MaxName
            && Escaped(client) + Escaped(user) + Escaped(password) + UserOverhead <= EspAtDialect.MaxCommandLine)
        {
            steps.Add(new(new SimpleCommand(User(options, client, user, password), SettingLimit)));
            return;
        }

        if (!HasLongNames)
        {
            throw new ArgumentException(
                $"This firmware takes a user and a password of at most {MaxName} bytes, and all names in one line of "
                + $"{EspAtDialect.MaxCommandLine}.",
                nameof(options));
        }

        steps.Add(new(new SimpleCommand(User(options, string.Empty, string.Empty, string.Empty), SettingLimit)));
        AddLong(steps, "CLIENTID", client, isSecret: false);
        AddLong(steps, "USERNAME", user, isSecret: false);
        AddLong(steps, "PASSWORD", password, isSecret: true);
    }

    // AT+MQTTUSERCFG=0,5,"","","",0,0,"" and the line's end
    private const int UserOverhead = 40;

    private static CommandLine User(ModuleMqttOptions options, string client, string user, string password) =>
        NewLine("AT+MQTTUSERCFG=")
            .Number(SchemeOf(options.Tls))
            .Text(client, nameof(options.ClientId))
            .Text(user, nameof(options.User))
            .Secret(password, nameof(options.Password))
            .Number(options.Tls?.ClientSlot ?? 0)
            .Number(options.Tls is { VerifyServer: true } tls ? tls.AuthoritySlot : 0)
            .Text(string.Empty, "path")
            .Build();

    // AT+MQTTLONG...=0,<count>      OK, a prompt, so many bytes, OK
    private static void AddLong(List<ModuleMqttStep> steps, string what, string text, bool isSecret)
    {
        if (text.Length > 0)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            steps.Add(new(new SendBytesCommand(
                NewLine($"AT+MQTTLONG{what}=").Number(bytes.Length).Build(),
                SettingLimit,
                new CommandPayload(new ReadOnlySequence<byte>(bytes), isSecret))));
        }
    }

    // 1 TCP, 2 TLS, 3 the server shows a certificate, 4 we do, 5 both do
    private static int SchemeOf(ModuleTlsOptions? tls) => tls is null ? 1
        : tls.VerifyServer ? (tls.ClientSlot is null ? 3 : 5)
        : tls.ClientSlot is null ? 2 : 4;

    private static void AddTls(List<ModuleMqttStep> steps, string host, ModuleTlsOptions tls)
    {
        if (tls.NameToAskFor(host) is { } name)
        {
            steps.Add(new(new SimpleCommand(NewLine("AT+MQTTSNI=").Text(name, nameof(tls.ServerName)).Build(), SettingLimit))
            {
                IsRequired = tls.ServerName is not null,
            });
        }

        if (tls.ApplicationProtocols is { Count: > 0 } protocols)
        {
            var line = NewLine("AT+MQTTALPN=").Number(protocols.Count);
            foreach (var protocol in protocols)
            {
                line.Text(protocol, nameof(tls.ApplicationProtocols));
            }

            steps.Add(new(new SimpleCommand(line.Build(), SettingLimit)));
        }
    }

    // AT+MQTTCONNCFG=0,<keep-alive>,<keeps the session>,"will topic","will message",<qos>,<retain>
    private static CommandLine Settings(ModuleMqttOptions options)
    {
        var will = options.Will;
        if (will is not null && LengthOf(will.Message) > MaxWill)
        {
            throw new ArgumentException($"The will of this module's own MQTT has at most {MaxWill} bytes.", nameof(options));
        }

        return NewLine("AT+MQTTCONNCFG=")
            .Number(options.KeepAliveSeconds)
            .Number(options.CleanSession ? 0 : 1)
            .Text(will is null ? string.Empty : Fit(will.Topic, nameof(options.Will)), nameof(options.Will))
            .Secret(will?.Message ?? string.Empty, nameof(options.Will))
            .Number((int)(will?.Qos ?? ModuleMqttQos.AtMostOnce))
            .Number(will is { Retain: true } ? 1 : 0)
            .Build();
    }

    // One line, of what prints; null where the counted form is needed. Nothing at all can be written in this one only.
    private static SimpleCommand? AsText(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos, bool retain)
    {
        if (payload.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(payload);
        return payload.IsEmpty || Escaped(topic) + Escaped(text) + PublishOverhead <= EspAtDialect.MaxCommandLine
            ? new SimpleCommand(
                NewLine("AT+MQTTPUB=").Text(topic, nameof(topic)).Secret(text, nameof(payload))
                    .Number((int)qos).Number(retain ? 1 : 0).Build(),
                ExchangeLimit)
            : null;
    }

    // AT+MQTTPUB=0,"","",2,1 and the line's end
    private const int PublishOverhead = 24;

    private static SendBytesCommand AsBytes(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain) => new(
        NewLine("AT+MQTTPUBRAW=").Text(topic, nameof(topic)).Number(payload.Length).Number((int)qos).Number(retain ? 1 : 0).Build(),
        ExchangeLimit + (TimePerByte * payload.Length),
        new CommandPayload(new ReadOnlySequence<byte>(payload)))
    {
        Verdicts = [Published, NotPublished],
    };

    private int MostBytes(string topic, ModuleMqttQos qos) => firmware.IsEsp32
        ? MaxMessage
        : BufferBytes - HeaderBytes - LengthOf(topic) - (qos == ModuleMqttQos.AtMostOnce ? 0 : NumberBytes);

    private static string Fit(string topic, string parameterName) => LengthOf(topic) <= MaxTopic
        ? topic
        : throw new ArgumentException($"A topic of this module's own MQTT has at most {MaxTopic} bytes.", parameterName);

    private static int LengthOf(string text) => Encoding.UTF8.GetByteCount(text);

    private static int Escaped(string text) => LengthOf(text) + text.Count(c => c is '"' or '\\' or ',');

    private static CommandLineBuilder NewLine(string command) =>
        new CommandLineBuilder(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine).Number(Client);
}
