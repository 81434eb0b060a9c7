using System.Diagnostics.CodeAnalysis;

namespace ModemDriver;

/// <summary>Whether the module holds one link or several.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The field speaks of single and multiple connection mode.")]
public enum ConnectionMode
{
    /// <summary>One link, without a number on the wire.</summary>
    Single,

    /// <summary>Several links, told apart by their numbers.</summary>
    Multiple,
}

/// <summary>What a flush of a link's Stream waits for.</summary>
public enum FlushPoint
{
    /// <summary>The module has taken the bytes, and said so. Whether they reach the peer it does not say.</summary>
    Taken,

    /// <summary>
    /// The peer's TCP has acknowledged them; its program may not have read them yet. The module is asked again and again,
    /// and if there is no progress for a minute the link fails.
    /// </summary>
    Acknowledged,
}

/// <summary>Who chooses the number of a link.</summary>
public enum LinkIdAllocation
{
    /// <summary>The driver leases a free number, from the top downwards.</summary>
    Automatic,

    /// <summary>
    /// The module picks one, where its firmware can (<see cref="ModemFeature.ModuleAssignedLinkId"/>).
    /// </summary>
    ModuleAssigned,

    /// <summary>The caller picks one with <see cref="LinkRequest.LinkId"/>.</summary>
    Manual,
}

/// <summary>What a TCP link is to be opened to, and how.</summary>
/// <param name="Host">A host name, resolved by the module, or an address.</param>
/// <param name="Port">The port of the peer, 1 to 65535, both included.</param>
public sealed record LinkRequest(string Host, int Port)
{
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

    /// <summary>
    /// The limit for all of it: waiting for a free number, for a turn, for the peer. Above zero. Default 60 seconds.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// TCP keep-alive of the module in whole seconds, 1 to 7200, both included; <see langword="null"/>, the default,
    /// leaves it as the module has it.
    /// </summary>
    public int? KeepAliveSeconds { get; init; }

    /// <summary>
    /// What a flush of the Stream waits for. Default <see cref="FlushPoint.Taken"/>;
    /// <see cref="FlushPoint.Acknowledged"/> needs <see cref="ModemFeature.AcknowledgementQuery"/>.
    /// </summary>
    public FlushPoint FlushWaitsFor { get; init; }

    /// <summary>
    /// TLS that the module does itself. Default <see langword="null"/>: none; TLS on the host, by <c>SslStream</c> over the
    /// link, is the better one.
    /// </summary>
    public ModuleTlsOptions? ModuleTls { get; init; }

    internal string EndPoint => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Host);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        if (KeepAliveSeconds is { } seconds)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1, nameof(KeepAliveSeconds));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 7200, nameof(KeepAliveSeconds));
        }

        if (!Enum.IsDefined(FlushWaitsFor))
        {
            throw new ArgumentException($"{FlushWaitsFor} is nothing to wait for.", nameof(FlushWaitsFor));
        }

        ModuleTls?.Validate();
        if (ModuleTls is not null && Allocation == LinkIdAllocation.ModuleAssigned)
        {
            throw new ArgumentException("TLS of the module is set up for a number, so it cannot pick one.", nameof(Allocation));
        }

        if (Allocation == LinkIdAllocation.Manual && LinkId is null)
        {
            throw new ArgumentException("Manual allocation needs a LinkId.", nameof(LinkId));
        }

        if (Allocation != LinkIdAllocation.Manual && LinkId is not null)
        {
            throw new ArgumentException("A LinkId goes with manual allocation only.", nameof(LinkId));
        }
    }
}

/// <summary>The life of a link.</summary>
public enum LinkState
{
    /// <summary>The module was asked for it.</summary>
    Opening,

    /// <summary>Bytes go both ways.</summary>
    Open,

    /// <summary>The peer has closed it; what had arrived before can still be read.</summary>
    PeerClosed,

    /// <summary>We are closing it: what was written goes out first.</summary>
    Closing,

    /// <summary>Gone, in order.</summary>
    Closed,

    /// <summary>Gone, with a reason.</summary>
    Faulted,
}

/// <summary>A link at one moment.</summary>
/// <param name="Id">Its number in the module.</param>
/// <param name="Generation">
/// Tells it from earlier links with the same number; grows with every link of the modem.
/// </param>
/// <param name="EndPoint">
/// The peer as <c>host:port</c>; <c>unknown</c> for one that was accepted by a module that does not tell.
/// </param>
/// <param name="State">Where it stands.</param>
/// <param name="BytesSent">Payload bytes that the module has taken.</param>
/// <param name="BytesReceived">Payload bytes that came from the module.</param>
public sealed record LinkInfo(
    int Id, int Generation, string EndPoint, LinkState State, long BytesSent, long BytesReceived)
{
    /// <summary>Whether the peer began it: a <see cref="LinkListener"/> has accepted it.</summary>
    public bool IsAccepted { get; init; }
}
