namespace ModemDriver;

/// <summary>To whom a UDP link of the module sends when nobody else is named.</summary>
public enum UdpPeerMode
{
    /// <summary>To the peer of the request, always.</summary>
    Fixed,

    /// <summary>To the first that has sent something; until then to the peer of the request.</summary>
    FirstSender,

    /// <summary>To whoever has sent last; until then to the peer of the request.</summary>
    LastSender,
}

/// <summary>What a UDP link is to be opened to, and how.</summary>
/// <param name="Host">
/// A host name, resolved by the module once, or an address; <c>0.0.0.0</c> to listen only, with a
/// <see cref="LocalPort"/>.
/// </param>
/// <param name="Port">The port of the peer, 1 to 65535, both included.</param>
public sealed record UdpRequest(string Host, int Port)
{
    /// <summary>
    /// The module's own port, 1 to 65535, both included. Default <see langword="null"/>: the module chooses one.
    /// </summary>
    public int? LocalPort { get; init; }

    /// <summary>
    /// To whom datagrams go that name nobody. Default <see cref="UdpPeerMode.Fixed"/>; the others need a
    /// <see cref="LocalPort"/>.
    /// </summary>
    public UdpPeerMode PeerMode { get; init; }

    /// <summary>
    /// How many received datagrams are kept until they are taken, 1 to 4096, both included. Default 64. When they are so
    /// many, newer ones are dropped and counted.
    /// </summary>
    public int QueueLimit { get; init; } = 64;

    /// <summary>Who chooses the link number. Default <see cref="LinkIdAllocation.Automatic"/>.</summary>
    public LinkIdAllocation Allocation { get; init; }

    /// <summary>
    /// The link number, from 0 to one below the module's number of links. Setting it makes the allocation
    /// <see cref="LinkIdAllocation.Manual"/>. Default <see langword="null"/>.
    /// </summary>
    public int? LinkId
    {
        get;
        init
        {
            field = value;
            Allocation = value is null ? Allocation : LinkIdAllocation.Manual;
        }
    }

    /// <summary>The limit for opening: waiting for a free number and for a turn. Above zero. Default 60 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    internal string EndPoint => new LinkRequest(Host, Port).EndPoint;

    internal void Validate()
    {
        // What it has in common with a TCP link.
        new LinkRequest(Host, Port) { LinkId = LinkId, Allocation = Allocation, TimeLimit = TimeLimit }.Validate();
        if (LocalPort is { } local)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(local, 1, nameof(LocalPort));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(local, 65535, nameof(LocalPort));
        }
        else if (PeerMode != UdpPeerMode.Fixed || Host == "0.0.0.0")
        {
            throw new ArgumentException("Senders can only be followed on a port of one's own.", nameof(LocalPort));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLimit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QueueLimit, 4096);
    }
}
