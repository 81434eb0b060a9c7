using System.Buffers;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>TCP links of the vendor's AT firmware. The vendor's AT manual, chapter TCP/IP.</summary>
internal sealed class LuatLinkCommands : ILinkCommands
{
    // Numbers 6 and 7 belong to the module's own clients.
    private const int LinkCount = 6;
    private const int LeastKeepAlive = 30;

    // The OK comes at once, the outcome within 75 s by the manual.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToldLimit = TimeSpan.FromSeconds(75);

    // The manual's maximum is 50 s.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(3);

    private static readonly LinkCapabilities Passive = new()
    {
        MaxLinks = LinkCount,
        MaxSendBytes = LuatReceiving.MaxPayload,
        MaxFetchBytes = LuatReceiving.MaxPayload,
        IsPassive = true,
        CanAssignNumbers = false,
        ReportsCloseEarly = true,
        ReportsCloseBeforeLoss = true,
    };

    private static readonly LinkCapabilities Pushed = Passive with { IsPassive = false };
    private static readonly ResultCode[] FetchCodes = [LuatCodes.Busy];

    private readonly LuatIpStack _stack;
    private readonly LuatPacketData _packetData;

    private readonly LuatTlsCommands _tls;
    private readonly LuatUdpCommands _udp;
    private string? _keepAlive;

    /// <summary>Makes the commands.</summary>
    /// <param name="firmware">The firmware.</param>
    /// <param name="stack">What is known of the IP stack.</param>
    /// <param name="packetData">How it gets its address.</param>
    /// <param name="tls">What the module was told of TLS.</param>
    public LuatLinkCommands(LuatFirmware firmware, LuatIpStack stack, LuatPacketData packetData, LuatTlsCommands tls)
    {
        _stack = stack;
        _packetData = packetData;
        _tls = tls;
        _udp = new LuatUdpCommands(Receiving, stack);
        Transparent = new LuatTransparentCommands(this, stack, packetData, firmware);
    }

    /// <summary>How the module is set to hand over what arrives.</summary>
    public LuatReceiving Receiving { get; } = new();

    /// <inheritdoc/>
    public LinkCapabilities Capabilities => Receiving.IsPassive ? Passive : Pushed;

    /// <inheritdoc/>
    public IUdpCommands Udp => _udp;

    /// <inheritdoc/>
    public IServerCommands? Server => null;

    /// <inheritdoc/>
    public ITransparentCommands Transparent { get; }

    /// <inheritdoc/>
    public int MaxTlsLinks => LinkCount;

    /// <inheritdoc/>
    public bool ModeEndsLinks => true;

    /// <inheritdoc/>
    public bool IsPassive(LinkKind kind, int? linkId) => Receiving.IsPassive;

    /// <inheritdoc/>
    public PayloadHeader[] PushedHeaders(ConnectionMode mode) => LuatReceiving.Pushed(mode);

    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, LinkRequest request)
    {
        _stack.ThrowIfWordsAreTaken(mode);
        var steps = new List<SetupStep>(
            request.ModuleTls is { } tls
                ? _tls.Prepare(mode == ConnectionMode.Multiple ? linkId ?? 0 : 0, request.Host, tls)
                : _tls.PrepareWithout());
        if (request.KeepAliveSeconds is { } seconds)
        {
            AddKeepAlive(steps, seconds);
        }

        return steps;
    }

    // AT+CIPTKA=1,<idle 30 to 7200 s>,<interval 30 to 600 s>,<count 1 to 9>       for all links that are opened from then on
    private void AddKeepAlive(List<SetupStep> steps, int seconds)
    {
        if (seconds < LeastKeepAlive)
        {
            throw new ArgumentOutOfRangeException(
                nameof(seconds), seconds, $"This module's keep-alive begins at {LeastKeepAlive} seconds.");
        }

        var line = new CommandLineBuilder("AT+CIPTKA=").Number(1).Number(seconds).Number(75).Number(9).Build();
        if (_keepAlive != line.Display)
        {
            steps.Add(new SetupStep(new LuatStackCommand(
                line, QueryLimit, isSet => _keepAlive = isSet ? line.Display : _keepAlive)));
        }
    }

    /// <inheritdoc/>
    public OpenLinkCommand Open(ConnectionMode mode, int? linkId, LinkRequest request) =>
        new LuatOpenLinkCommand(
            new CommandLineBuilder("AT+CIPSTART=")
                .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
                .Text("TCP", "type")
                .Text(request.Host, nameof(request))
                .Number(request.Port)
                .Build(),
            OpenLimit,
            ToldLimit,
            mode,
            linkId ?? 0,
            _stack);

    /// <inheritdoc/>
    public AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload) =>
        new LuatSendCommand(
            Numbered("AT+CIPSEND=", mode, linkId).Number(payload.Length).Build(),
            SendLimit,
            new CommandPayload(payload),
            mode,
            linkId);

    /// <inheritdoc/>
    public FetchCommand Fetch(ConnectionMode mode, Link link, int maxBytes) =>
        new(
            new CommandLineBuilder("AT+CIPRXGET=")
                .Number(2)
                .NumberIf(mode == ConnectionMode.Multiple ? link.Id : null)
                .Number(maxBytes)
                .Build(),
            FetchLimit,
            () => Receiving.Fetched(mode),
            link,
            maxBytes,
            FetchEnding.LineEnds)
        {
            Codes = FetchCodes,
        };

    /// <inheritdoc/>
    public IReadOnlyList<WaitingCommand> ReadWaiting(ConnectionMode mode, IReadOnlyList<int> linkIds) =>
    [
        .. linkIds.Select(id => new LuatWaitingCommand(
            new CommandLineBuilder("AT+CIPRXGET=")
                .Number(4)
                .NumberIf(mode == ConnectionMode.Multiple ? id : null)
                .Build(),
            QueryLimit,
            mode)),
    ];

    /// <inheritdoc/>
    public AcknowledgedCommand ReadAcknowledged(ConnectionMode mode, int linkId) => new LuatAcknowledgedCommand(
        mode == ConnectionMode.Multiple
            ? new CommandLineBuilder("AT+CIPACK=").Number(linkId).Build()
            : CommandLineBuilder.Raw("AT+CIPACK"),
        QueryLimit);

    // 0 closes slowly: what the module has accepted is sent before.
    /// <inheritdoc/>
    public AtCommand Close(ConnectionMode mode, int linkId) =>
        new LuatStackCommand(
            Numbered("AT+CIPCLOSE=", mode, linkId).Number(0).Build(),
            CloseLimit,
            isClosed =>
            {
                if (isClosed)
                {
                    _stack.OnEnded(linkId, LuatIpEvent.Closed);
                }
            })
        {
            Codes = [.. LuatCodes.Of("CLOSE OK", ResultVerdict.Success, mode, linkId), LuatCodes.Busy],
        };

    /// <inheritdoc/>
    public ListLinksCommand List(ConnectionMode mode) =>
        new LuatListLinksCommand(CommandLineBuilder.Raw("AT+CIPSTATUS"), QueryLimit, mode, _stack);

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> CloseAll() => [_packetData.Shut()];

    // The mode can be set while nothing is, and what was there before has to be brought back. Without AT+CIPHEAD=1 single
    // mode pushes bytes that cannot be told from lines.
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> SetMode(ConnectionMode mode)
    {
        var steps = new List<AtCommand>();
        if (!_stack.IsInitial)
        {
            steps.Add(_packetData.Shut());
        }

        steps.Add(SetMux(mode));
        if (mode == ConnectionMode.Single && !Receiving.IsPassive)
        {
            steps.Add(new SimpleCommand("AT+CIPHEAD=1", QueryLimit));
        }

        if (_stack.IsWanted)
        {
            steps.AddRange(_packetData.Activate());
        }

        return steps;
    }

    /// <summary>Sets the mode, in <c>IP INITIAL</c>.</summary>
    public AtCommand SetMux(ConnectionMode mode) => new LuatStackCommand(
        new CommandLineBuilder("AT+CIPMUX=").Number(mode == ConnectionMode.Multiple ? 1 : 0).Build(),
        QueryLimit,
        isSet => _stack.OnMode(isSet ? mode : _stack.Mode));

    /// <summary>What goes before the one UDP link.</summary>
    public IReadOnlyList<SetupStep> PrepareUdp(UdpRequest request) => _udp.Prepare(ConnectionMode.Single, 0, request);

    private static CommandLineBuilder Numbered(string command, ConnectionMode mode, int linkId) =>
        new CommandLineBuilder(command).NumberIf(mode == ConnectionMode.Multiple ? linkId : null);
}
