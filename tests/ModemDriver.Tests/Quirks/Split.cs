namespace ModemDriver.Tests.Quirks;

/// <summary>Into which pieces the bytes of the module are cut on their way to the driver.</summary>
public enum Split
{
    /// <summary>What the module says at a time comes in one read.</summary>
    Whole,

    /// <summary>Every byte comes in a read of its own.</summary>
    EachByte,

    /// <summary>Pieces of 1 to 7 bytes, by a seed.</summary>
    Seed1,

    /// <summary>The same by another seed.</summary>
    Seed2,

    /// <summary>The same by another seed.</summary>
    Seed3,
}
