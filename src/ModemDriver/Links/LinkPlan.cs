namespace ModemDriver.Links;

/// <summary>A link that is to be opened, whatever it carries.</summary>
internal sealed record LinkPlan
{
    /// <summary>The peer, for people.</summary>
    public required string EndPoint { get; init; }

    /// <summary>What it carries.</summary>
    public required LinkKind Kind { get; init; }

    /// <summary>Who chooses the number.</summary>
    public required LinkIdAllocation Allocation { get; init; }

    /// <summary>The caller's number.</summary>
    public required int? LinkId { get; init; }

    /// <summary>The limit for all of it.</summary>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>What goes before the opening, for a number.</summary>
    public required Func<ConnectionMode, int?, IReadOnlyList<SetupStep>> Prepare { get; init; }

    /// <summary>Opens it.</summary>
    public required Func<ConnectionMode, int?, OpenLinkCommand> Open { get; init; }

    /// <summary>What a refusal means for which the module has no words.</summary>
    public LinkFailure Refusal { get; init; } = LinkFailure.Refused;

    /// <summary>Whether a flush waits until the peer has acknowledged.</summary>
    public bool WaitsForPeer { get; init; }

    /// <summary>Where received datagrams go.</summary>
    public DatagramQueue? Datagrams { get; init; }

    /// <summary>A TCP link, with or without TLS of the module.</summary>
    public static LinkPlan For(LinkRequest request, ILinkCommands commands) => new()
    {
        EndPoint = request.EndPoint,
        Kind = request.ModuleTls is null ? LinkKind.Tcp : LinkKind.Tls,
        Refusal = request.ModuleTls is null ? LinkFailure.Refused : LinkFailure.TlsFailed,
        Allocation = request.Allocation,
        LinkId = request.LinkId,
        TimeLimit = request.TimeLimit,
        Prepare = (mode, id) => commands.Prepare(mode, id, request),
        Open = (mode, id) => commands.Open(mode, id, request),
        WaitsForPeer = request.FlushWaitsFor == FlushPoint.Acknowledged,
    };

    /// <summary>A UDP link.</summary>
    public static LinkPlan For(UdpRequest request, IUdpCommands commands, DatagramQueue datagrams) => new()
    {
        EndPoint = request.EndPoint,
        Kind = LinkKind.Udp,
        Allocation = request.Allocation,
        LinkId = request.LinkId,
        TimeLimit = request.TimeLimit,
        Prepare = (mode, id) => commands.Prepare(mode, id, request),
        Open = (mode, id) => commands.Open(mode, id, request),
        Datagrams = datagrams,
    };
}
