namespace ModemDriver.Cli.Output;

/// <summary>A strength as four bars, as people know them.</summary>
internal static class SignalBars
{
    // What each bar is good for, as makers of access points give it: all; video; pages; just there.
    private static readonly int[] LeastDbm = [-85, -75, -67, -55];

    /// <summary>One to four bars that stand and dots for those that do not; plain characters of any terminal.</summary>
    public static string Of(int rssiDbm)
    {
        int standing = LeastDbm.Count(least => rssiDbm >= least);
        return new string('#', standing) + new string('.', LeastDbm.Length - standing);
    }
}
