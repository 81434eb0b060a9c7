namespace ModemDriver.Channel;

/// <summary>What came back to a bare <c>AT</c>.</summary>
internal enum ProbeAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>One OK: the module is there and in step.</summary>
    One,

    /// <summary>More than that: something of an earlier time was still on its way.</summary>
    Several,

    /// <summary>The module is there, and at work on something else.</summary>
    Busy,
}
