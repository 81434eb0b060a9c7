using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects.EspAt.Services;
using ModemDriver.Dialects.EspAt.WiFi;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;
using ModemDriver.Services;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt;

/// <summary>ESP8266 and ESP32 with AT firmware: NonOS AT 1.x and ESP-AT 2.0 and later.</summary>
/// <remarks>docs/dialects/esp-at.md has the wire, with sources. Numbers below are from the ESP-AT user guide.</remarks>
internal sealed class EspAtDialect : Dialect
{
    // Module's own maximum, and a margin: queries 0.3 s, changes of the Wi-Fi mode 0.2 s but written to flash.
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    // Every setting is erased from the flash before the answer.
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(10);

    private readonly EspAtFirmware _firmware;
    private readonly EspAtLinkCommands _links;

    /// <summary>Makes the dialect for a firmware.</summary>
    public EspAtDialect(EspAtFirmware firmware)
    {
        _firmware = firmware;
        _links = new EspAtLinkCommands(firmware);
        WiFi = new EspAtWiFiCommands(firmware);
        SoftAp = new EspAtSoftApCommands(firmware);
        Services = new EspAtServiceCommands(firmware);
        ModuleMqtt = EspAtFeatures.Has(firmware, ModemFeature.OnBoardMqtt) ? new EspAtMqttCommands(firmware) : null;
        Rules = NewRules(ModuleMqtt is not null);
        Identity = new ModuleIdentity(
            firmware.Generation == EspAtGeneration.NonOs ? "ESP8266 NonOS AT" : "ESP-AT",
            "Espressif",
            firmware.Chip,
            firmware.VersionText,
            firmware.Lines);
    }

    /// <summary>The longest command line with its end, of every generation.</summary>
    public const int MaxCommandLine = 256;

    /// <inheritdoc/>
    public override ModuleIdentity Identity { get; }

    /// <summary>What the module says when it has thrown our last line away.</summary>
    public static IReadOnlyList<ResultCode> BusyCodes { get; } =
    [
        new("busy p...", ResultVerdict.Busy),
        new("busy s...", ResultVerdict.Busy),
        new("busy now ...", ResultVerdict.Busy),
        new("busy inet...", ResultVerdict.Busy),
    ];

    /// <summary>The start of lines that hold passwords.</summary>
    public static IReadOnlyList<string> Secrets { get; } =
    [
        "AT+CWJAP=", "AT+CWJAP_CUR=", "AT+CWJAP_DEF=", "AT+CWJEAP=", "AT+CWSAP=", "AT+CWSAP_CUR=", "AT+CWSAP_DEF=",
        "+CWSAP:", "AT+CWSTARTSMART=", "+CIPSSLCPSKHEX:", "+CWSAP_CUR:", "+CWSAP_DEF:", "+CWJEAP:", "AT+CIPSSLCPSK=", "+CIPSSLCPSK:", "AT+CIPSSLCPSKHEX=",
        "AT+MQTTUSERCFG=", "AT+MQTTPASSWORD=", "AT+MQTTLONGPASSWORD=", "+MQTTUSERCFG:", "password:",
    ];

    /// <inheritdoc/>
    public override ChannelRules Rules { get; }

    private static ChannelRules NewRules(bool hasMqtt) => new()
    {
        ResultCodes =
        [
            new("OK", ResultVerdict.Success),
            new("ERROR", ResultVerdict.Failure),
            new("FAIL", ResultVerdict.Failure),
            .. BusyCodes,
        ],
        Quoting = QuotingRule.Backslash,
        MaxCommandLine = MaxCommandLine,
        SecretPrefixes = Secrets,
        MessagesBeginWithLineEnd = true,
        ServiceHeaders = hasMqtt ? [EspAtMqttCommands.Message] : [],

        // Three signs in one read of the module's UART, with 20 ms of silence around them, end the wait for payload.
        Escape = new PayloadEscape("+++", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)),
    };

    /// <inheritdoc/>
    public override ILinkCommands Links => _links;

    /// <inheritdoc/>
    public override IWiFiCommands WiFi { get; }

    /// <inheritdoc/>
    public override ISoftApCommands SoftAp { get; }

    /// <inheritdoc/>
    public override IServiceCommands Services { get; }

    /// <inheritdoc/>
    public override IModuleMqttCommands? ModuleMqtt { get; }

    /// <inheritdoc/>
    public override AtCommand NewReset() => new SimpleCommand("AT+RST", SettingLimit);

    /// <inheritdoc/>
    public override ILineCommands Line { get; } = new EspAtLineCommands();

    /// <inheritdoc/>
    public override AtCommand NewFactoryRestore() => new SimpleCommand("AT+RESTORE", RestoreLimit);

    // AT+GSLP=<ms>      ESP-AT says the time before its OK.
    /// <inheritdoc/>
    public override AtCommand NewDeepSleep(TimeSpan time) =>
        new LinesCommand(new CommandLineBuilder("AT+GSLP=").Number((long)time.TotalMilliseconds).Build(), QueryLimit);

    /// <inheritdoc/>
    public override WiFiEvent? ReadWiFiEvent(ReadOnlySpan<byte> line) => EspAtWiFiEvents.Read(line);

    /// <inheritdoc/>
    public override ModuleNotice ReadNotice(ReadOnlySpan<byte> line) => EspAtNotices.Read(line);

    /// <inheritdoc/>
    public override bool MayFollowPushed(ReadOnlySpan<byte> line) => EspAtFollowers.Has(line);

    /// <inheritdoc/>
    public override void Choose(ReceiveMode mode) => _links.Receiving.WantsPush = mode == ReceiveMode.Push;

    /// <inheritdoc/>
    public override IReadOnlyList<BringUpStep> BringUp()
    {
        var isNonOs = _firmware.Generation == EspAtGeneration.NonOs;
        var steps = new List<BringUpStep>();
        if (!isNonOs && _firmware.IsAtLeast(2, 1))
        {
            // Each stored join wears the flash.
            steps.Add(Step("AT+SYSSTORE=0"));
        }

        steps.Add(Step("AT+CIPMODE=0"));

        // In light sleep the first bytes after a pause are lost (esp-at issues 429 and 493).
        steps.Add(Step("AT+SLEEP=0"));
        steps.Add(Step(isNonOs ? "AT+CWMODE_CUR=1" : "AT+CWMODE=1", isRequired: true));
        steps.Add(Step("AT+CIPDINFO=0"));
        if (_links.Receiving.CanKeep)
        {
            // An earlier program may have left it on.
            steps.Add(_links.Receiving.WantsPush
                ? Step("AT+CIPRECVMODE=0")
                : Step("AT+CIPRECVMODE=1", onRefused: _links.Receiving.FallBackToPush));
        }

        return steps;
    }

    /// <inheritdoc/>
    public override bool Supports(ModemFeature feature) => feature switch
    {
        // The module may have refused it after all.
        ModemFeature.PassiveReceive => _links.Receiving.CanKeep,
        _ => EspAtFeatures.Has(_firmware, feature),
    };

    private static BringUpStep Step(string line, bool isRequired = false, Action? onRefused = null) =>
        new(new SimpleCommand(line, isRequired ? SettingLimit : QueryLimit), isRequired, onRefused);
}
