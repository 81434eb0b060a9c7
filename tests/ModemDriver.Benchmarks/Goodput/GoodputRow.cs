namespace ModemDriver.Benchmarks.Goodput;

/// <summary>A module in a mode. The figures are shares of the bit rate, 0 to 1, one per bit rate.</summary>
internal sealed record GoodputRow(GoodputModule Module, GoodputMode Mode)
{
    /// <summary>From the host to the peer, by a module that takes no time.</summary>
    public required double[] Out { get; init; }

    /// <summary>The same by a module that takes its typical time before each verdict.</summary>
    public required double[] OutWithVerdict { get; init; }

    /// <summary>From the peer to the host.</summary>
    public required double[] In { get; init; }

    /// <summary>Both at once, by the module that takes no time; the share of both together. Empty: bytes are lost.</summary>
    public required double[] Both { get; init; }
}
