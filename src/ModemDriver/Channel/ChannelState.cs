namespace ModemDriver.Channel;

/// <summary>What the command channel is doing.</summary>
internal enum ChannelState
{
    /// <summary>Nothing is in flight.</summary>
    Idle,

    /// <summary>A command is in flight.</summary>
    Executing,

    /// <summary>A command timed out; its place on the wire is kept for its late answer.</summary>
    Quarantine,

    /// <summary>Probes are sent until there is exactly one answer to each.</summary>
    Resynchronising,

    /// <summary>The line carries a peer's data; commands wait until that state is left.</summary>
    Data,

    /// <summary>Given up. The first reason is kept.</summary>
    Broken,
}
