using System.Net;

namespace ModemDriver.Links;

/// <content>How a link came to be, and how it is received.</content>
internal sealed partial class Link
{
    /// <summary>What it carries.</summary>
    public LinkKind Kind { get; init; }

    /// <summary>Whether the peer began it.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>The peer's address; <see langword="null"/> where the module did not say.</summary>
    public IPEndPoint? Remote { get; private set; }

    /// <summary>Whether the module keeps what arrives on it until it is fetched.</summary>
    public bool IsPassive { get; set; }

    /// <summary>Whether the command that opens it has been written.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether its number was given to an accepted link while it was being opened.</summary>
    public bool IsDisplaced { get; set; }

    /// <summary>Tells whether it still has its number; asked before each command for it is written.</summary>
    public Func<bool>? HoldsNumber { get; set; }

    /// <summary>It has turned out that the peer began it.</summary>
    public void TakeAsAccepted(IPEndPoint? remote)
    {
        IsAccepted = true;
        Remote = remote;
        EndPoint = remote?.ToString() ?? "unknown";
    }
}
