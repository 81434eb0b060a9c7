using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>Transparent mode of the vendor's AT firmware. The vendor's AT manual: AT+CIPMODE, AT+CIPCCFG, ATO.</summary>
/// <remarks>
/// The mode can be set in <c>IP INITIAL</c> only, so the address is given up and got back on the way in and on the way out.
/// </remarks>
internal sealed class LuatTransparentCommands(
    LuatLinkCommands links, LuatIpStack stack, LuatPacketData packetData, LuatFirmware firmware)
    : ITransparentCommands
{
    /// <summary>The sequence that leaves the data state.</summary>
    public const string Escape = "+++";

    /// <summary>The silence before it: a second by the manual, and a tenth for a line that is late.</summary>
    public static readonly TimeSpan QuietBefore = TimeSpan.FromMilliseconds(1100);

    /// <summary>Its OK has come by then, behind half a second of silence: 0.6 s have been measured.</summary>
    public static readonly TimeSpan LeftWithin = TimeSpan.FromMilliseconds(1100);

    // Older firmware may leave CLOSED out: its last word may be payload.
    private const int AlwaysSaysClosed = 838;

    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(3);

    // CONNECT comes within 75 s by the manual.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(5);

    // What a module says in the middle of the data when it leaves the data state by itself, or starts anew.
    private static readonly byte[] PeerClosed = "\r\nCLOSED\r\n"u8.ToArray();
    private static readonly byte[][] Endings =
    [
        PeerClosed, "\r\nTCP ERROR:"u8.ToArray(), "\r\nUDP ERROR:"u8.ToArray(),
        "\r\n+PDP DEACT\r\n"u8.ToArray(), "\r\n+PDP: DEACT\r\n"u8.ToArray(), "\r\n+PDP:DEACT\r\n"u8.ToArray(),
        "\r\n+CGEV: "u8.ToArray(), "^boot.rom"u8.ToArray(), "\r\nRDY\r\n"u8.ToArray(),
    ];

    /// <inheritdoc/>
    public LossDetection LossDetection => LossDetection.StatusCheck;

    // The module sends when it has so many, or after 0.2 s; the size of its receive buffer is not documented.
    /// <inheritdoc/>
    public int MaxWriteBytes => 1024;

    /// <inheritdoc/>
    public bool SetsMode => true;

    /// <inheritdoc/>
    public bool EntersByResult => true;

    // Whether it keeps it, or shows it, the manual does not say.
    /// <inheritdoc/>
    public bool ShowsWhileSuspended => false;

    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(TransparentRequest request)
    {
        var steps = new List<SetupStep>();
        if (!stack.IsInitial)
        {
            steps.Add(new SetupStep(packetData.Shut()));
        }

        steps.Add(new SetupStep(links.SetMux(ConnectionMode.Single)));
        steps.Add(Step("AT+CIPMODE=1"));

        // Repetitions, tenths of a second to wait for more, bytes to send at once, three for what is received, as they are; and 1:
        // what a lost connection has left unsent is thrown away. It would be sent to the peer of the next one.
        steps.Add(Step("AT+CIPCCFG=5,2,1024,0,0,1460,50,1", isRequired: false));
        if (links.Receiving.IsPassive)
        {
            steps.Add(Step("AT+CIPRXGET=0"));
        }

        steps.AddRange(packetData.Activate().Select(command => new SetupStep(command)));
        steps.AddRange(request.Protocol == TransparentProtocol.Udp
            ? links.PrepareUdp(new UdpRequest(request.Host, request.Port) { LocalPort = request.LocalPort })
            : links.Prepare(
                ConnectionMode.Single, 0, new LinkRequest(request.Host, request.Port) { KeepAliveSeconds = request.KeepAliveSeconds }));
        return steps;
    }

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Restore(bool fromAnyMode)
    {
        // Where several links are allowed the mode of the data cannot be set: a module that is there already refuses it.
        var steps = new List<AtCommand> { packetData.Shut() };
        if (fromAnyMode)
        {
            steps.Add(new SimpleCommand("AT+CIPMUX=0", QueryLimit));
        }

        steps.Add(new SimpleCommand("AT+CIPMODE=0", QueryLimit));
        if (links.Receiving.IsPassive)
        {
            steps.Add(new SimpleCommand("AT+CIPRXGET=5", QueryLimit));
        }

        return steps;
    }

    // The module always says CLOSED and the like.
    /// <inheritdoc/>
    public ReportSettingCommand? ReadReportSetting() => null;

    /// <inheritdoc/>
    public OpenLinkCommand Open(TransparentRequest request, IDataSink? sink) => new LuatOpenTransparentCommand(
        new CommandLineBuilder("AT+CIPSTART=")
            .Text(request.Protocol == TransparentProtocol.Udp ? "UDP" : "TCP", "type")
            .Text(request.Host, nameof(request))
            .Number(request.Port)
            .Build(),
        OpenLimit,
        sink,
        stack);

    /// <inheritdoc/>
    public AtCommand Enter(IDataSink sink) => new LuatResumeCommand(CommandLineBuilder.Raw("ATO"), ResumeLimit, sink);

    /// <inheritdoc/>
    public DataStateRules Rules(bool isReported) => new()
    {
        EnterLine = [],
        Entered = [],
        Escape = System.Text.Encoding.ASCII.GetBytes(Escape),
        QuietBefore = QuietBefore,

        // The OK comes behind half a second of silence; 0.6 s have been measured.
        QuietAfter = TimeSpan.FromMilliseconds(500),
        LeftNotBefore = TimeSpan.FromMilliseconds(400),
        Left = ["\r\nOK\r\n"u8.ToArray()],
        LeftEndsData = true,
        LeaveLine = "AT\r\n"u8.ToArray(),
        Success = "\r\nOK\r\n"u8.ToArray(),
        Failure = "\r\nERROR\r\n"u8.ToArray(),
        Busy = [],
        Suspicious = Endings,
        PeerClosed = firmware.Version >= AlwaysSaysClosed ? PeerClosed : [],
        CarrierTells = true,
    };

    /// <inheritdoc/>
    public AtCommand? Save(TransparentRequest request) => null;

    /// <inheritdoc/>
    public AtCommand? ClearSaved() => null;

    private static SetupStep Step(string line, bool isRequired = true) =>
        new(new SimpleCommand(line, QueryLimit), isRequired);
}

/// <summary><c>AT+CIPSTART</c> with <c>AT+CIPMODE=1</c>: behind the line CONNECT all is data.</summary>
internal sealed class LuatOpenTransparentCommand(CommandLine line, TimeSpan timeLimit, IDataSink? sink, LuatIpStack stack)
    : OpenLinkCommand(line, timeLimit)
{
    private static readonly ResultCode[] Codes =
    [
        new("CONNECT", ResultVerdict.Success),
        new("CONNECT FAIL", ResultVerdict.Failure),
        new("ALREADY CONNECT", ResultVerdict.Failure),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Codes;

    /// <inheritdoc/>
    public override IDataSink? DataSink => sink;

    // Its OK says that the module has begun.
    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage) =>
        code.Verdict == ResultVerdict.Failure || Array.IndexOf(Codes, code) >= 0;

    // STATE: <state>       before CONNECT FAIL
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("STATE: "u8))
        {
            return false;
        }

        FailureText = AtText.Latin1(line);
        var state = LuatIpStates.Read(line["STATE: ".Length..]);
        Failure = state == LuatIpState.PdpDeact ? LinkFailure.NoNetwork : LinkFailure.Unknown;
        stack.OnPrinted(state);
        return true;
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (result.IsSuccess)
        {
            stack.OnOpening(0);
            stack.Apply(LuatIpEvent.Opened);
            Connected?.Invoke();
        }
        else if (result.Text == "ALREADY CONNECT")
        {
            Failure = LinkFailure.NumberInUse;
        }
    }
}

/// <summary><c>ATO</c>: behind the line CONNECT all is data again. V.250 section 6.3.7.</summary>
internal sealed class LuatResumeCommand(CommandLine line, TimeSpan timeLimit, IDataSink sink) : AtCommand(line, timeLimit)
{
    private static readonly ResultCode[] Codes =
        [new("CONNECT", ResultVerdict.Success), new("NO CARRIER", ResultVerdict.Failure)];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Codes;

    /// <inheritdoc/>
    public override IDataSink DataSink => sink;

    // Whether an OK comes before it the manual does not say.
    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage) =>
        code.Verdict == ResultVerdict.Failure || Array.IndexOf(Codes, code) >= 0;
}
