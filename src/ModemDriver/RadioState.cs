namespace ModemDriver;

/// <summary>The state of a module's cellular radio. TS 27.007 section 8.2, <c>fun</c>.</summary>
public enum RadioState
{
    /// <summary>The module did not say, or is in a state of its vendor's.</summary>
    Unknown,

    /// <summary>Off, and the card too (<c>AT+CFUN=0</c>).</summary>
    Minimum,

    /// <summary>On (<c>AT+CFUN=1</c>).</summary>
    Full,

    /// <summary>Off; the card can be read (<c>AT+CFUN=4</c>).</summary>
    Flight,
}
