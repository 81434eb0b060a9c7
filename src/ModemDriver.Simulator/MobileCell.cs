namespace ModemDriver.Simulator;

/// <summary>A cell of a mobile network that the module hears.</summary>
public sealed record MobileCell
{
    /// <summary>The <see cref="MobileOperator.Code"/> of the network that it belongs to.</summary>
    public required string Operator { get; init; }

    /// <summary>Its number, 28 bits. Default: 0x0183DB22.</summary>
    public int Id { get; init; } = 0x0183DB22;

    /// <summary>The number of its tracking area, 16 bits. Default: 0x1863.</summary>
    public int AreaCode { get; init; } = 0x1863;

    /// <summary>What it speaks. Default: LTE.</summary>
    public MobileTechnology Technology { get; init; }

    /// <summary>How it is heard until <see cref="SignalScript"/> says otherwise. Default: -86 dBm, -9 dB, 15 dB.
    /// </summary>
    public CellSignal Signal { get; init; } = new(-86, -9, 15);

    /// <summary>How that changes while time passes, in the order of time. Default: empty, never.</summary>
    public IReadOnlyList<CellStep> SignalScript { get; init; } = [];

    /// <summary>How the module hears it; <see langword="null"/> when it does not.</summary>
    /// <param name="elapsed">Since the module was made.</param>
    internal CellSignal? SignalAt(TimeSpan elapsed)
    {
        CellStep? step = SignalScript.LastOrDefault(known => known.At <= elapsed);
        return step is null ? Signal : step.Signal;
    }
}

/// <summary>What a cell speaks.</summary>
public enum MobileTechnology
{
    /// <summary>LTE.</summary>
    Lte,

    /// <summary>GSM with GPRS.</summary>
    Gsm,
}

/// <summary>How a cell is heard.</summary>
/// <param name="RsrpDbm">The power of its reference signal in dBm, -141 to -43.</param>
/// <param name="RsrqDb">The quality of that in dB, -20 to -2.</param>
/// <param name="SinrDb">Signal to noise and interference in dB, -20 to 40.</param>
public sealed record CellSignal(double RsrpDbm, double RsrqDb, double SinrDb);

/// <summary>A moment from which a cell is heard otherwise.</summary>
/// <param name="At">Since the module was made.</param>
/// <param name="Signal"><see langword="null"/>: not heard at all.</param>
public sealed record CellStep(TimeSpan At, CellSignal? Signal);
