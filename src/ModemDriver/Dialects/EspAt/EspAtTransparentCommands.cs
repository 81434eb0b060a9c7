using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;

namespace ModemDriver.Dialects.EspAt;

/// <summary>Transparent mode of AT firmware. ESP-AT user guide, TCP/IP AT Commands: AT+CIPMODE, AT+CIPSEND.</summary>
internal sealed class EspAtTransparentCommands(EspAtFirmware firmware, Func<bool> isPassive) : ITransparentCommands
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TlsOpenLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(5);

    private bool IsNonOs => firmware.Generation == EspAtGeneration.NonOs;

    // The module reconnects by itself and says nothing: only the command state tells whether a link stands.
    /// <inheritdoc/>
    public LossDetection LossDetection => LossDetection.StatusCheck;

    // The receive buffer of the UART; a longer burst has been lost without flow control (esp-at issues 444 and 455).
    /// <inheritdoc/>
    public int MaxWriteBytes => firmware.IsEsp32 ? 2048 : 1024;

    /// <inheritdoc/>
    public bool SetsMode => false;

    /// <inheritdoc/>
    public bool EntersByResult => false;

    /// <inheritdoc/>
    public bool ShowsWhileSuspended => true;

    // Passive receive is refused together with this mode.
    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(TransparentRequest request) =>
        isPassive() ? [new SetupStep(new SimpleCommand("AT+CIPRECVMODE=0", QueryLimit))] : [];

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Restore(bool fromAnyMode)
    {
        // Also after an answer to CIPMODE=1 that was lost: in that mode CIPMUX and CIPRECVMODE are refused.
        var mode = new SimpleCommand("AT+CIPMODE=0", QueryLimit);
        return isPassive() ? [mode, new SimpleCommand("AT+CIPRECVMODE=1", QueryLimit)] : [mode];
    }

    /// <inheritdoc/>
    public ReportSettingCommand ReadReportSetting() =>
        new EspAtReportSettingCommand(IsNonOs && firmware.IsAtLeast(1, 7) ? "AT+SYSMSG_CUR" : "AT+SYSMSG", QueryLimit);

    /// <inheritdoc/>
    public OpenLinkCommand Open(TransparentRequest request, IDataSink? sink)
    {
        var line = new CommandLineBuilder("AT+CIPSTART=", QuotingRule.Backslash, EspAtDialect.MaxCommandLine)
            .Text(TypeOf(request), "type")
            .Text(request.Host, nameof(request))
            .Number(request.Port);
        line = request.Protocol == TransparentProtocol.Udp
            ? line.NumberIf(request.LocalPort).NumberIf(request.LocalPort is null ? null : 0)
            : line.NumberIf(request.KeepAliveSeconds);
        return new EspAtOpenLinkCommand(
            line.Build(), request.Protocol == TransparentProtocol.Tls ? TlsOpenLimit : OpenLimit);
    }

    /// <inheritdoc/>
    public AtCommand Enter(IDataSink sink) =>
        new EspAtEnterDataCommand(CommandLineBuilder.Raw("AT+CIPMODE=1"), QueryLimit, sink);

    /// <inheritdoc/>
    public DataStateRules Rules(bool isReported) => new()
    {
        EnterLine = "AT+CIPSEND\r\n"u8.ToArray(),
        Entered = ["\r\nOK\r\n"u8.ToArray(), "\r\n>"u8.ToArray()],
        Escape = "+++"u8.ToArray(),
        ReadBytes = firmware.IsEsp32 ? 8192 : 2048,

        // The module looks at one read of its UART, which ends after 20 ms of silence; ten times that lets a busy
        // machine and an adapter be late. It must be given a second before the next command.
        QuietBefore = TimeSpan.FromMilliseconds(200),
        QuietAfter = TimeSpan.FromSeconds(1),
        Left = !isReported ? [] : IsNonOs ? ["+QUITT\r\n"u8.ToArray()] : ["\r\n+QUITT\r\n"u8.ToArray()],
        LeaveLine = "AT+CIPMODE=0\r\n"u8.ToArray(),
        Success = "\r\nOK\r\n"u8.ToArray(),
        Failure = "\r\nERROR\r\n"u8.ToArray(),
        Busy = IsNonOs
            ? ["\r\nbusy p...\r\n"u8.ToArray(), "\r\nbusy s...\r\n"u8.ToArray()]
            : ["\r\nbusy p...\r\n"u8.ToArray()],

        // The boot ROM's text, where its pins are those of the commands, and the firmware's word at the end of a start.
        Suspicious = [" ets Jan"u8.ToArray(), "rst cause:"u8.ToArray(), "\r\nready\r\n"u8.ToArray()],
    };

    // AT+SAVETRANSLINK=1,"<host>",<port>,"TCP",<keep-alive>        ...,"UDP",<local port>
    /// <inheritdoc/>
    public AtCommand Save(TransparentRequest request) => new SimpleCommand(
        new CommandLineBuilder("AT+SAVETRANSLINK=1,", QuotingRule.Backslash, EspAtDialect.MaxCommandLine)
            .Text(request.Host, nameof(request))
            .Number(request.Port)
            .Text(TypeOf(request), "type")
            .NumberIf(request.Protocol == TransparentProtocol.Udp ? request.LocalPort : request.KeepAliveSeconds)
            .Build(),
        StoreLimit);

    /// <inheritdoc/>
    public AtCommand ClearSaved() => new SimpleCommand("AT+SAVETRANSLINK=0", StoreLimit);

    private static string TypeOf(TransparentRequest request) => request.Protocol switch
    {
        TransparentProtocol.Udp => "UDP",
        TransparentProtocol.Tls => "SSL",
        _ => "TCP",
    };
}

/// <summary><c>AT+CIPMODE=1</c>: from its OK on what is received comes without headers.</summary>
internal sealed class EspAtEnterDataCommand(CommandLine line, TimeSpan timeLimit, IDataSink sink)
    : AtCommand(line, timeLimit)
{
    /// <inheritdoc/>
    public override IDataSink DataSink => sink;
}

/// <summary><c>AT+SYSMSG?</c>: which messages the module sends of its own.</summary>
/// <remarks>
/// Bit 0: that the data state was left. Bit 2: links and Wi-Fi also in the data state, where nobody can tell them from
/// data. ESP-AT keeps the setting in flash, so it is changed only if it is not as it should be.
/// </remarks>
internal sealed class EspAtReportSettingCommand(string command, TimeSpan timeLimit)
    : ReportSettingCommand(CommandLineBuilder.Raw(command + "?"), timeLimit)
{
    private const int LeavingReported = 1;
    private const int LinksInDataState = 4;

    // +SYSMSG:<bits>        +SYSMSG_CUR:<bits>
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+SYSMSG"u8))
        {
            return false;
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !FieldReader.TryParse(line[(colon + 1)..], out var bits))
        {
            return true;
        }

        IsKnown = true;
        var wanted = (bits | LeavingReported) & ~LinksInDataState;
        if (wanted != bits)
        {
            Change = new SimpleCommand(
                new CommandLineBuilder(command + "=").Number(wanted).Build(), TimeLimit);
        }

        return true;
    }
}
