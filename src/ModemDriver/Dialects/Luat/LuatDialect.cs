using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects.Luat.Services;
using ModemDriver.Dialects.Standard;
using ModemDriver.Links;
using ModemDriver.Messaging;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat;

/// <summary>Air720, Air724, Air780, Air820 and their relatives with the vendor's AT firmware.</summary>
/// <remarks>docs/dialects/luat.md has the wire, with sources. Numbers below are from the vendor's AT manuals.</remarks>
internal sealed class LuatDialect : CellularDialect
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(10);

    // EC618 before V1122 leaves the line end behind it out, and no other line begins so on any firmware.
    private static readonly string[] Unended =
    [
        "CONNECT OK", .. Enumerable.Range(0, 8).SelectMany(id => (string[])[$"{id}, CONNECT OK", $"{id},CONNECT OK"]),
    ];

    private readonly LuatFirmware _firmware;
    private readonly LuatIpStack _stack = new();
    private readonly LuatPacketData _packetData;
    private readonly LuatLinkCommands _links;
    private readonly LuatMqttCommands? _mqtt;

    /// <summary>Makes the dialect for a firmware.</summary>
    public LuatDialect(LuatFirmware firmware)
    {
        _firmware = firmware;
        _packetData = new LuatPacketData(_stack);
        var tls = new LuatTlsCommands(LuatFeatures.Has(firmware, ModemFeature.ModuleTlsServerName));
        _mqtt = LuatFeatures.Has(firmware, ModemFeature.OnBoardMqtt) ? new LuatMqttCommands(firmware, tls, _stack) : null;
        _links = new LuatLinkCommands(firmware, _stack, _packetData, tls);
        Cellular = new LuatCellularCommands(firmware.Generation);
        Board = new LuatBoardCommands(firmware.Generation);
        ModuleHttp = new LuatHttpCommands(firmware.Generation);
        Identity = new ModuleIdentity("Luat", "AirM2M", firmware.Family, firmware.Text, firmware.Lines);
        Rules = new ChannelRules
        {
            ResultCodes =
            [
                new("OK", ResultVerdict.Success),
                new("ERROR", ResultVerdict.Failure),
                new("+CME ERROR:", ResultVerdict.Failure, hasValue: true),
                new("+CMS ERROR:", ResultVerdict.Failure, hasValue: true),

                // In place of an OK, for those who send the command themselves.
                new("SHUT OK", ResultVerdict.Success),
                new("CLOSE OK", ResultVerdict.Success),
            ],
            SecretPrefixes = [.. StandardSecrets, .. Secrets],
            UnendedLines = Unended,
            ServiceHeaders = _mqtt is null ? [] : [LuatMqttCommands.Message],

            // A chip without a way out has no transparent mode either.
            DataEscape = LuatFeatures.Has(firmware, ModemFeature.TransparentMode)
                ? new PayloadEscape(
                    LuatTransparentCommands.Escape, LuatTransparentCommands.QuietBefore, LuatTransparentCommands.LeftWithin)
                : null,
        };
    }

    /// <summary>The start of lines that hold passwords.</summary>
    public static IReadOnlyList<string> Secrets { get; } =
    [
        "AT+CSTT=", "+CSTT:", "AT+CPNETAPN=", "PWD:", "AT+CIPCSGP=", "AT+SAPBR=", "AT+MCONFIG=", "+MCONFIG:", "AT+FTPPW=",
        "+FTPPW:", "AT+SSLCFG=\"premaster", "AT+HTTPPARA=",
    ];

    /// <inheritdoc/>
    public override ModuleIdentity Identity { get; }

    /// <inheritdoc/>
    public override ChannelRules Rules { get; }

    // The context that the module activates by itself.
    /// <inheritdoc/>
    protected override int? ContextId => _firmware.Generation switch
    {
        LuatGeneration.Ec618 or LuatGeneration.Ec718 => 1,
        LuatGeneration.Unisoc8910 => 5,
        _ => null,
    };

    /// <inheritdoc/>
    public override ILinkCommands Links => _links;

    /// <inheritdoc/>
    public override IPacketDataCommands PacketData => _packetData;

    /// <inheritdoc/>
    public override ICellularCommands Cellular { get; }

    /// <inheritdoc/>
    public override CellularReport ReadCellularReport(ReadOnlySpan<byte> line) =>
        LuatSignalLine.Read(line) is { } signal ? new(Signal: signal) : base.ReadCellularReport(line);

    // This chip has none.
    /// <inheritdoc/>
    public override IMessageCommands? Messages =>
        _firmware.Generation == LuatGeneration.Ec716 ? null : base.Messages;

    /// <inheritdoc/>
    public override IMessageCommands? TextMessages =>
        _firmware.Generation == LuatGeneration.Ec716 ? null : base.TextMessages;

    // Nor this.
    /// <inheritdoc/>
    public override ICallCommands? Calls => _firmware.Generation == LuatGeneration.Ec716 ? null : base.Calls;

    /// <inheritdoc/>
    public override IBearerCommands Bearer { get; } = new LuatBearerCommands();

    /// <inheritdoc/>
    public override IBoardCommands Board { get; }

    /// <inheritdoc/>
    public override ISleepCommands Sleep { get; } = new LuatSleepCommands();

    /// <inheritdoc/>
    public override IModuleHttpCommands ModuleHttp { get; }

    /// <inheritdoc/>
    public override IModuleFtpCommands ModuleFtp { get; } = new LuatFtpCommands();

    /// <inheritdoc/>
    public override IModuleMqttCommands? ModuleMqtt => _mqtt;

    /// <inheritdoc/>
    public override IServiceCommands Services { get; } = new LuatServiceCommands();

    /// <inheritdoc/>
    public override ILineCommands Line { get; } = new LuatLineCommands();

    /// <inheritdoc/>
    public override AtCommand NewReset() => new SimpleCommand("AT+RESET", SettingLimit);

    /// <inheritdoc/>
    public override AtCommand NewFactoryRestore() => new SimpleCommand("AT+RSTSET", RestoreLimit);

    /// <inheritdoc/>
    public override ModuleNotice ReadNotice(ReadOnlySpan<byte> line)
    {
        // Of no link, though it sounds so.
        if (_mqtt?.Claims(line) == true)
        {
            return new(NoticeKind.Known);
        }

        var notice = LuatNotices.Read(line);

        // +CGEV: ME ...       what the module does to its context by itself follows from our commands, AT+CIPSHUT among
        // them; where it does not, +PDP DEACT comes too.
        if (!line.StartsWith("+CGEV: ME "u8) && notice.Kind is NoticeKind.None or NoticeKind.Known
            && base.ReadNotice(line) is { Kind: not NoticeKind.None } standard)
        {
            notice = standard;
        }

        _stack.OnNotice(notice);
        return notice;
    }

    /// <inheritdoc/>
    public override void Choose(ReceiveMode mode) => _links.Receiving.WantsPush = mode == ReceiveMode.Push;

    /// <inheritdoc/>
    public override IReadOnlyList<BringUpStep> BringUp()
    {
        var steps = new List<BringUpStep>(base.BringUp());
        if (_firmware.UpdatesItself)
        {
            // It may start the module anew at any time.
            steps.Add(Step("AT+UPGRADE=\"AUTO\",0"));
        }

        // Most of what follows can be set only while no address is there and no link.
        steps.Add(new BringUpStep(_packetData.Shut()));
        if (_firmware.Generation != LuatGeneration.Ec716)
        {
            steps.Add(Step("AT+CIPMODE=0"));
        }

        if (Supports(ModemFeature.ModuleTls))
        {
            steps.Add(Step("AT+CIPSSL=0"));
        }

        steps.Add(Step("AT+CIPSPRT=1"));
        steps.Add(Step("AT+CIPQSEND=1"));

        // A byte of payload that was lost on the line would be waited for without end; after 10 s it is sent without.
        steps.Add(Step("AT+CIPATS=1,10"));
        steps.Add(Step("AT+CIPHEAD=1"));
        steps.Add(Step("AT+CIPSHOWTP=0"));
        steps.Add(Step("AT+CIPSRIP=0"));
        steps.Add(Step("AT+CIPRXF=1"));
        steps.Add(_links.Receiving.WantsPush
            ? Step("AT+CIPRXGET=0")
            : Step("AT+CIPRXGET=5") with { OnRefused = _links.Receiving.FallBackToPush });
        return steps;
    }

    /// <inheritdoc/>
    public override bool Supports(ModemFeature feature) => feature switch
    {
        // The module may have refused it after all.
        ModemFeature.PassiveReceive => _links.Receiving.CanKeep,
        _ => base.Supports(feature) || LuatFeatures.Has(_firmware, feature),
    };
}
