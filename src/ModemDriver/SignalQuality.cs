namespace ModemDriver;

/// <summary>How good a signal is for data; from worst to best, so that values can be compared.</summary>
public enum SignalClass
{
    /// <summary>No figure is known.</summary>
    Unknown,

    /// <summary>Not usable.</summary>
    None,

    /// <summary>Slow, and lost from time to time.</summary>
    Poor,

    /// <summary>Usable.</summary>
    Fair,

    /// <summary>Good.</summary>
    Good,

    /// <summary>As good as it gets.</summary>
    Excellent,
}

/// <summary>One figure of a signal.</summary>
public enum SignalFigure
{
    /// <summary>Power of the reference signals of the cell (RSRP; 3G: RSCP).</summary>
    Power,

    /// <summary>Their share in all that is received (RSRQ; 3G: Ec/No): falls with load and interference.</summary>
    Quality,

    /// <summary>Signal to interference and noise (SINR).</summary>
    SignalToNoise,

    /// <summary>Everything that is received in the channel (RSSI), of whatever origin.</summary>
    TotalPower,
}

/// <summary>
/// How well a module receives its cell. A figure that the module did not tell is <see langword="null"/>.
/// </summary>
/// <remarks>
/// Modules tell steps of 0.5 to 2 dB; the lower edge of the step is given. The lowest and the highest step are open: the
/// true value may be lower, or higher. docs/signal.md explains the figures.
/// </remarks>
public sealed record SignalQuality
{
    /// <summary>The radio technology, which decides what the figures mean.</summary>
    public AccessTechnology? Technology { get; init; }

    /// <summary>
    /// Total power in the channel, -113 to -48 dBm. On LTE a figure of its own for each vendor; it rises with
    /// interference, and tells little.
    /// </summary>
    public double? RssiDbm { get; init; }

    /// <summary>Reference signal received power of LTE or NR, -157 to -31 dBm.</summary>
    public double? RsrpDbm { get; init; }

    /// <summary>Reference signal received quality of LTE or NR, -43.5 to 19.5 dB.</summary>
    public double? RsrqDb { get; init; }

    /// <summary>Signal to interference and noise of LTE or NR, -23.5 to 40 dB; few modules tell it.</summary>
    public double? SinrDb { get; init; }

    /// <summary>Received signal code power of 3G, -121 to -25 dBm.</summary>
    public double? RscpDbm { get; init; }

    /// <summary>Ec/No of 3G, -24.5 to 0 dB.</summary>
    public double? EcNoDb { get; init; }

    /// <summary>Class of the bit error rate, 0 (best) to 7; 2G.</summary>
    public int? BitErrorClass { get; init; }

    /// <summary>How good it is: the worst of the figures that count (docs/signal.md).</summary>
    public SignalClass Class => Cellular.SignalClassification.Of(this).Class;

    /// <summary>
    /// The figure that decided: power means coverage, the others mean load or interference. <see langword="null"/> where
    /// nothing is known.
    /// </summary>
    public SignalFigure? DecidedBy => Cellular.SignalClassification.Of(this).DecidedBy;
}

/// <summary>A change of the signal that is worth telling.</summary>
/// <param name="OldClass">Before.</param>
/// <param name="NewClass">After.</param>
/// <param name="Signal">The signal, averaged over the last readings.</param>
public sealed record SignalChange(SignalClass OldClass, SignalClass NewClass, SignalQuality Signal);
