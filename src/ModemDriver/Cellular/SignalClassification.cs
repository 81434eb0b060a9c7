namespace ModemDriver.Cellular;

/// <summary>From figures to a class. A function over a table; docs/signal.md has the same one.</summary>
/// <remarks>
/// No standard has such limits; the guides of operators agree on these within 5 dB. The worst figure decides, not the
/// average: a strong cell that is drowned in interference carries no data.
/// </remarks>
internal static class SignalClassification
{
    // The least of excellent, good, fair and poor.
    private static readonly double[] Rsrp = [-80, -90, -100, -115];
    private static readonly double[] Rsrq = [-10, -12, -15, -20];
    private static readonly double[] Sinr = [20, 13, 5, 0];
    private static readonly double[] Rscp = [-70, -85, -95, -105];
    private static readonly double[] EcNo = [-6, -10, -13, -16];
    private static readonly double[] Rssi = [-70, -85, -95, -105];

    // Narrow band repeats what it sends, and gets along with so much less.
    private const double NarrowBandPowerGain = 15;
    private const double NarrowBandSinrGain = 8;

    /// <summary>The class, and the figure that decided.</summary>
    /// <param name="signal">The figures.</param>
    /// <param name="shift">What is added to each figure first, in dB.</param>
    public static (SignalClass Class, SignalFigure? DecidedBy) Of(SignalQuality signal, double shift = 0)
    {
        var isNarrow = signal.Technology == AccessTechnology.NarrowBandIoT;
        var worst = new Worst(shift);
        worst.Add(signal.RsrpDbm + (isNarrow ? NarrowBandPowerGain : 0), Rsrp, SignalFigure.Power);
        worst.Add(signal.SinrDb + (isNarrow ? NarrowBandSinrGain : 0), Sinr, SignalFigure.SignalToNoise);
        worst.Add(signal.RsrqDb, Rsrq, SignalFigure.Quality);
        if (worst.DecidedBy is null)
        {
            worst.Add(signal.RscpDbm, Rscp, SignalFigure.Power);
            worst.Add(signal.EcNoDb, EcNo, SignalFigure.Quality);
        }

        if (worst.DecidedBy is null)
        {
            worst.Add(signal.RssiDbm, Rssi, SignalFigure.TotalPower);
        }

        return (worst.Class, worst.DecidedBy);
    }

    private struct Worst(double shift)
    {
        public SignalClass Class { get; private set; }

        public SignalFigure? DecidedBy { get; private set; }

        public void Add(double? value, double[] limits, SignalFigure figure)
        {
            if (value is not { } known)
            {
                return;
            }

            var missed = 0;
            while (missed < limits.Length && known + shift < limits[missed])
            {
                missed++;
            }

            var found = SignalClass.Excellent - missed;
            if (DecidedBy is null || found < Class)
            {
                (Class, DecidedBy) = (found, figure);
            }
        }
    }
}
