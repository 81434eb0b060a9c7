using ModemDriver.Simulation.Checks;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>One TCP connection, as its peer sees it.</summary>
internal sealed class Connection(InMemoryPeer peer, Flow up, Flow down)
{
    /// <summary>The peer's end.</summary>
    public InMemoryPeer Peer => peer;

    /// <summary>From the user to the peer.</summary>
    public Flow Up => up;

    /// <summary>From the peer to the user.</summary>
    public Flow Down => down;

    /// <summary>Whether the peer has sent all that it wanted to, and then closed its end.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether the peer has reset it.</summary>
    public bool IsReset { get; set; }

    /// <summary>Whether the peer has read the end, or a failure.</summary>
    public bool HasHeardEnd { get; set; }

    /// <summary>Whether that was an orderly end.</summary>
    public bool HasHeardClose { get; set; }

    /// <summary>Whether the peer neither reads nor sends.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>Whether its script has ended.</summary>
    public bool HasEnded { get; set; }
}
