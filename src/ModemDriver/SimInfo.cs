namespace ModemDriver;

/// <summary>What a card (SIM) wants. TS 27.007 section 8.3.</summary>
public enum SimState
{
    /// <summary>The module did not say, or said what is not known.</summary>
    Unknown,

    /// <summary>It can be used.</summary>
    Ready,

    /// <summary>It is not ready yet.</summary>
    Busy,

    /// <summary>It wants its PIN.</summary>
    PinRequired,

    /// <summary>Its PIN was refused too often; it wants its PUK and a new PIN.</summary>
    PukRequired,

    /// <summary>It wants its second PIN or PUK; data needs neither.</summary>
    SecondCodeRequired,

    /// <summary>The module itself is locked to a card, a network or a provider, and wants that lock's code.</summary>
    DeviceLocked,

    /// <summary>There is no card.</summary>
    NotInserted,

    /// <summary>The card does not work, or is the wrong one.</summary>
    Failed,
}

/// <summary>How many wrong codes a card still takes.</summary>
/// <param name="Pin">Tries of the PIN; <see langword="null"/> where the module does not say.</param>
/// <param name="Puk">Tries of the PUK; <see langword="null"/> where the module does not say.</param>
/// <param name="PinFull">Tries of the PIN that the card has after a right one; usually 3.</param>
public sealed record SimTries(int? Pin, int? Puk, int PinFull = 3);

/// <summary>The card of a module.</summary>
/// <param name="State">What it wants.</param>
public sealed record SimInfo(SimState State)
{
    /// <summary>How many wrong codes it still takes; <see langword="null"/> where the module does not say.</summary>
    public SimTries? Tries { get; init; }

    /// <summary>The number of the card (ICCID), 19 or 20 characters; <see langword="null"/> where not known.</summary>
    public string? Iccid { get; init; }

    /// <summary>The number of the subscriber (IMSI), 14 or 15 digits; <see langword="null"/> where not known.</summary>
    public string? Imsi { get; init; }

    /// <summary>Whether the card asks for its PIN after each start; <see langword="null"/> where not known.</summary>
    public bool? IsPinEnabled { get; init; }

    /// <summary>The state and the tries: the numbers are a person's business.</summary>
    public override string ToString() =>
        Tries is null ? $"{nameof(SimInfo)} {{ State = {State} }}" : $"{nameof(SimInfo)} {{ State = {State}, {Tries} }}";
}
