using System.Buffers;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Links;

/// <summary>What the links of a module can do.</summary>
internal sealed record LinkCapabilities
{
    /// <summary>How many links in multiple mode; they are numbered from 0.</summary>
    public required int MaxLinks { get; init; }

    /// <summary>The most payload that one send command takes, in bytes.</summary>
    public required int MaxSendBytes { get; init; }

    /// <summary>The most payload that is fetched by one command, in bytes.</summary>
    public required int MaxFetchBytes { get; init; }

    /// <summary>Whether the module keeps what arrives until it is fetched.</summary>
    public required bool IsPassive { get; init; }

    /// <summary>Whether the module can pick link numbers.</summary>
    public required bool CanAssignNumbers { get; init; }

    /// <summary>Whether a link may be reported closed while the module still holds bytes of it.</summary>
    public required bool ReportsCloseEarly { get; init; }

    /// <summary>Whether links that end with the network may be told as closed by their peers, just before the module tells of it.</summary>
    public bool ReportsCloseBeforeLoss { get; init; }
}

/// <summary>The commands of links: what a dialect must supply. All are built anew for each use.</summary>
internal interface ILinkCommands
{
    /// <summary>What the links of this firmware can do.</summary>
    LinkCapabilities Capabilities { get; }

    /// <summary>The commands of UDP links; <see langword="null"/> where the module has none.</summary>
    IUdpCommands? Udp { get; }

    /// <summary>The commands of a server; <see langword="null"/> where the module has none.</summary>
    IServerCommands? Server { get; }

    /// <summary>The commands of transparent mode; <see langword="null"/> where there is none.</summary>
    ITransparentCommands? Transparent { get; }

    /// <summary>The headers of pushed payload in a connection mode.</summary>
    PayloadHeader[] PushedHeaders(ConnectionMode mode);

    /// <summary>How many links with TLS of the module there may be at a time.</summary>
    int MaxTlsLinks { get; }

    /// <summary>Whether the module keeps what arrives on such a link until it is fetched, as it is set now.</summary>
    bool IsPassive(LinkKind kind, int? linkId);

    /// <summary>What goes before the opening of a link.</summary>
    IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, LinkRequest request);

    /// <summary>Opens a TCP link.</summary>
    /// <param name="mode">The connection mode.</param>
    /// <param name="linkId">The number; <see langword="null"/> lets the module pick one.</param>
    /// <param name="request">What is asked for; validated.</param>
    OpenLinkCommand Open(ConnectionMode mode, int? linkId, LinkRequest request);

    /// <summary>Sends payload, at most <see cref="LinkCapabilities.MaxSendBytes"/>.</summary>
    AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload);

    /// <summary>Fetches what waits, at most <paramref name="maxBytes"/>.</summary>
    FetchCommand Fetch(ConnectionMode mode, Link link, int maxBytes);

    /// <summary>Asks how much waits in links; one question or several.</summary>
    /// <param name="mode">The connection mode.</param>
    /// <param name="linkIds">The links that are meant; an answer may name others too.</param>
    IReadOnlyList<WaitingCommand> ReadWaiting(ConnectionMode mode, IReadOnlyList<int> linkIds);

    /// <summary>
    /// Asks how much of what was sent the peer has acknowledged; <see langword="null"/> where the module does not tell.
    /// </summary>
    AcknowledgedCommand? ReadAcknowledged(ConnectionMode mode, int linkId);

    /// <summary>Closes a link. A failure result means that it was not open.</summary>
    AtCommand Close(ConnectionMode mode, int linkId);

    /// <summary>Asks which links exist.</summary>
    ListLinksCommand List(ConnectionMode mode);

    /// <summary>Whether <see cref="SetMode"/> ends whatever is open, so that nothing has to be listed before.</summary>
    bool ModeEndsLinks { get; }

    /// <summary>Closes whatever is open, in whatever mode; refusals mean nothing.</summary>
    IReadOnlyList<AtCommand> CloseAll();

    /// <summary>Puts the module into a connection mode and its receive mode; run in order, all must succeed.</summary>
    /// <remarks>If the module had a network address before, it has one afterwards.</remarks>
    IReadOnlyList<AtCommand> SetMode(ConnectionMode mode);
}
