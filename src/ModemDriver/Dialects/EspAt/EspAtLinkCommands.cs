using System.Buffers;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;

namespace ModemDriver.Dialects.EspAt;

/// <summary>TCP links of AT firmware. ESP-AT user guide, TCP/IP AT Commands.</summary>
internal sealed class EspAtLinkCommands : ILinkCommands
{
    // The module's own maximum and a margin: three SYN retries take up to 20 s.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(30);

    // A handshake takes up to 30 s of its own.
    private static readonly TimeSpan OpenTlsLimit = TimeSpan.FromSeconds(60);

    // On a bad link the acknowledgement takes many seconds (zephyr pull request 92373).
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);

    private readonly EspAtFirmware _firmware;
    private readonly EspAtReceiving _receiving;
    private readonly EspAtTlsCommands _tls;
    private readonly LinkCapabilities _passive;
    private readonly LinkCapabilities _pushed;
    private readonly Func<PayloadHeader> _fetched;

    /// <summary>Makes the commands for a firmware.</summary>
    public EspAtLinkCommands(EspAtFirmware firmware)
    {
        _firmware = firmware;
        _receiving = new EspAtReceiving(firmware);
        _tls = new EspAtTlsCommands(firmware);
        Udp = new EspAtUdpCommands(firmware, _receiving);
        Server = new EspAtServerCommands(firmware);
        var isNonOs = firmware.Generation == EspAtGeneration.NonOs;
        _passive = new LinkCapabilities
        {
            MaxLinks = 5,
            MaxSendBytes = firmware.IsEsp32 ? 8192 : 2048,

            // NonOS refuses more than 2048 (mbed-os esp8266-driver pull request 108); ESP-AT has a TCP window of 5760.
            MaxFetchBytes = isNonOs ? 2048 : 5760,
            IsPassive = true,
            CanAssignNumbers = EspAtFeatures.Has(firmware, ModemFeature.ModuleAssignedLinkId),
            ReportsCloseEarly = isNonOs,
        };
        _pushed = _passive with { IsPassive = false };
        _fetched = () => _receiving.Fetched;
        Transparent = new EspAtTransparentCommands(firmware, () => Capabilities.IsPassive);
    }

    /// <inheritdoc/>
    public ITransparentCommands? Transparent { get; }

    /// <inheritdoc/>
    public LinkCapabilities Capabilities => _receiving.IsPassive(LinkKind.Tcp, null) ? _passive : _pushed;

    /// <summary>How the module is set to hand over what arrives.</summary>
    public EspAtReceiving Receiving => _receiving;

    /// <inheritdoc/>
    public IUdpCommands Udp { get; }

    /// <inheritdoc/>
    public IServerCommands Server { get; }

    /// <inheritdoc/>
    public int MaxTlsLinks => _tls.MaxLinks;

    /// <inheritdoc/>
    public bool IsPassive(LinkKind kind, int? linkId) => _receiving.IsPassive(kind, linkId);

    /// <inheritdoc/>
    public PayloadHeader[] PushedHeaders(ConnectionMode mode) =>
        mode == ConnectionMode.Multiple ? [NewNumbered()] : [NewUnnumbered()];

    /// <summary>The headers of both modes; the one with a number is tried first, since it fits no other.</summary>
    public static PayloadHeader[] PushedInAnyMode => [NewNumbered(), NewUnnumbered()];

    // +IPD,<id>,<len>[,<ip>,<port>]:<data>      multiple mode
    private static PayloadHeader NewNumbered() =>
        new("+IPD,", countField: 1, HeaderEnding.Colon, linkField: 0, senderField: 2);

    // +IPD,<len>[,<ip>,<port>]:<data>           single mode
    private static PayloadHeader NewUnnumbered() =>
        new("+IPD,", countField: 0, HeaderEnding.Colon, senderField: 1);

    // A number that was pushed by itself, for datagrams, is kept again; closing has done that, unless the module was lost.
    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, LinkRequest request)
    {
        var steps = new List<SetupStep>();
        if (linkId is { } id && _receiving.IsPushed(id))
        {
            steps.Add(new SetupStep(new EspAtReceiveTypeCommand(mode, id, isPassive: true, _receiving, QueryLimit)));
        }

        if (request.ModuleTls is { } tls)
        {
            // In single mode there is no number; a module that picks it is not asked to.
            steps.AddRange(_tls.Prepare(mode, linkId ?? 0, request.Host, tls));
        }

        return steps;
    }

    /// <inheritdoc/>
    public OpenLinkCommand Open(ConnectionMode mode, int? linkId, LinkRequest request)
    {
        var line = NewLine(mode == ConnectionMode.Multiple && linkId is null ? "AT+CIPSTARTEX=" : "AT+CIPSTART=")
            .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
            .Text(request.ModuleTls is null ? "TCP" : "SSL", "type")
            .Text(request.Host, nameof(request))
            .Number(request.Port)
            .NumberIf(request.KeepAliveSeconds)
            .Build();
        return new EspAtOpenLinkCommand(line, request.ModuleTls is null ? OpenLimit : OpenTlsLimit);
    }

    /// <inheritdoc/>
    public AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload) =>
        new EspAtSendCommand(
            Numbered("AT+CIPSEND=", mode, linkId).Number(payload.Length).Build(),
            SendLimit,
            new CommandPayload(payload));

    /// <inheritdoc/>
    public FetchCommand Fetch(ConnectionMode mode, Link link, int maxBytes) =>
        new(
            Numbered("AT+CIPRECVDATA=", mode, link.Id).Number(maxBytes).Build(),
            FetchLimit,
            _fetched,
            link,
            maxBytes,
            FetchEnding.Result);

    /// <inheritdoc/>
    public IReadOnlyList<WaitingCommand> ReadWaiting(ConnectionMode mode, IReadOnlyList<int> linkIds) =>
        [new EspAtWaitingCommand(NewLine("AT+CIPRECVLEN?").Build(), QueryLimit)];

    /// <inheritdoc/>
    public AcknowledgedCommand? ReadAcknowledged(ConnectionMode mode, int linkId) => null;

    /// <inheritdoc/>
    public AtCommand Close(ConnectionMode mode, int linkId) => new SimpleCommand(
        mode == ConnectionMode.Multiple
            ? NewLine("AT+CIPCLOSE=").Number(linkId).Build()
            : NewLine("AT+CIPCLOSE").Build(),
        CloseLimit);

    /// <inheritdoc/>
    public ListLinksCommand List(ConnectionMode mode) =>
        _firmware.Generation == EspAtGeneration.EspAt && _firmware.IsAtLeast(2, 3)
            ? new EspAtListLinksCommand(NewLine("AT+CIPSTATE?").Build(), QueryLimit, "+CIPSTATE:")
            : new EspAtListLinksCommand(NewLine("AT+CIPSTATUS").Build(), QueryLimit, "+CIPSTATUS:");

    /// <inheritdoc/>
    public bool ModeEndsLinks => false;

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> CloseAll() =>
    [
        // The first is for multiple mode, where 5 means all; the second for single mode. Each mode refuses the other's.
        new SimpleCommand("AT+CIPCLOSE=5", CloseLimit),
        new SimpleCommand("AT+CIPCLOSE", CloseLimit),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> SetMode(ConnectionMode mode) =>
        [new SimpleCommand(mode == ConnectionMode.Multiple ? "AT+CIPMUX=1" : "AT+CIPMUX=0", QueryLimit)];

    private static CommandLineBuilder Numbered(string command, ConnectionMode mode, int linkId) =>
        NewLine(command).NumberIf(mode == ConnectionMode.Multiple ? linkId : null);

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}
