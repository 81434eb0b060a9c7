namespace ModemDriver;

/// <summary>Where a short message is meant to go at its receiver.</summary>
/// <remarks>TS 23.038 section 4.</remarks>
public enum MessageClass
{
    /// <summary>Class 0: shown at once, and not stored.</summary>
    Flash,

    /// <summary>Class 1: for the equipment.</summary>
    Equipment,

    /// <summary>Class 2: for the card.</summary>
    Card,

    /// <summary>Class 3: for the terminal behind the equipment.</summary>
    Terminal,
}
