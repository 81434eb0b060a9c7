namespace ModemDriver.Cellular;

/// <summary>Averages readings of the signal, and tells when its class has changed for good. Used on the loop.</summary>
/// <remarks>
/// Each reading counts three tenths, so that one outlier does not show and a step does after some four readings. A class
/// is left when every figure would also have to change by 2 dB to go back: a signal on a limit does not flicker.
/// </remarks>
internal sealed class SignalTracker
{
    private const double Weight = 0.3;
    private const double HysteresisDb = 2;

    private SignalQuality? _average;

    /// <summary>The class that was told last.</summary>
    public SignalClass Class { get; private set; }

    /// <summary>Takes a reading.</summary>
    /// <returns>The change of the class; null for none.</returns>
    public SignalChange? Add(SignalQuality reading)
    {
        _average = _average is { } before && before.Technology == reading.Technology ? Average(before, reading) : reading;
        var after = Next(_average);
        if (after == Class)
        {
            return null;
        }

        var change = new SignalChange(Class, after, _average);
        Class = after;
        return change;
    }

    private SignalClass Next(SignalQuality average)
    {
        var plain = SignalClassification.Of(average).Class;
        if (Class == SignalClass.Unknown || plain == SignalClass.Unknown)
        {
            return plain;
        }

        var cautious = SignalClassification.Of(average, plain > Class ? -HysteresisDb : HysteresisDb).Class;
        return plain > Class ? (cautious > Class ? cautious : Class) : (cautious < Class ? cautious : Class);
    }

    private static SignalQuality Average(SignalQuality before, SignalQuality reading) => reading with
    {
        RssiDbm = Average(before.RssiDbm, reading.RssiDbm),
        RsrpDbm = Average(before.RsrpDbm, reading.RsrpDbm),
        RsrqDb = Average(before.RsrqDb, reading.RsrqDb),
        SinrDb = Average(before.SinrDb, reading.SinrDb),
        RscpDbm = Average(before.RscpDbm, reading.RscpDbm),
        EcNoDb = Average(before.EcNoDb, reading.EcNoDb),
    };

    // What is not known any more is not known: no old figure stands in for it.
    private static double? Average(double? before, double? reading) =>
        before is { } old && reading is { } now ? old + (Weight * (now - old)) : reading;
}
