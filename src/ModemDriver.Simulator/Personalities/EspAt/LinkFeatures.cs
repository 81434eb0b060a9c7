namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What a release can do with links; each is a variation of its neighbour.</summary>
internal sealed record LinkFeatures
{
    private static readonly string[] TlsNames = ["CIPSSLCCN", "CIPSSLCSNI", "CIPSSLCALPN"];
    private static readonly string[] LongSends = ["CIPSENDL", "CIPSENDLCFG"];
    private static readonly string[] NonOsOnly =
        ["CIPSSLSIZE", "CIPSENDBUF", "CIPBUFSTATUS", "CIPCHECKSEQ", "CIPBUFRESET"];

    internal static LinkFeatures NonOs { get; } = new()
    {
        Absent = Set(TlsNames, LongSends),
        HasTlsBuffer = true,
        MayBeTransparent = [LinkRequest.Tcp, LinkRequest.Udp],
        SwitchDefaults = new Dictionary<string, string> { [LinkSwitches.LimitBelowLinks] = "accepted" },
    };

    internal static LinkFeatures NonOs16 { get; } = NonOs with
    {
        Absent = Set(TlsNames, LongSends, ["CIPSSLCCONF"]),
    };

    internal static LinkFeatures EspAt20 { get; } = new()
    {
        Absent = Set(TlsNames, LongSends, NonOsOnly, ["CIPSSLCCONF"]),
        MayBeTransparent = [LinkRequest.Tcp, LinkRequest.Udp],
        // The server does not recover from its limit (esp-at issue 314).
        SwitchDefaults = new Dictionary<string, string> { [LinkSwitches.ServerLimit] = "stops" },
    };

    internal static LinkFeatures EspAt21 { get; } = new()
    {
        MayBeTransparent = [LinkRequest.Tcp, LinkRequest.Udp],
    };

    internal static LinkFeatures EspAt22 { get; } = EspAt21 with
    {
        ServerStopCloses = true,
        HasIPv6 = true,
        MayBeTransparent = [LinkRequest.Tcp, LinkRequest.Udp, LinkRequest.Ssl],
    };

    internal static LinkFeatures EspAt23 { get; } = EspAt22 with { HasTransparentServer = true };

    internal static LinkFeatures Esp32 { get; } = EspAt23 with
    {
        Absent = Set(NonOsOnly),
        ServesTypes = true,
        MaxTlsLinks = LinkTable.Size,
        SwitchDefaults = new Dictionary<string, string> 
        {
            [LinkSwitches.ServerAuthority] = "shown", [LinkSwitches.LargestPush] = "2920",
        },
    };

    /// <summary>Commands that this firmware has not.</summary>
    internal IReadOnlySet<string> Absent { get; init; } = Set(LongSends, NonOsOnly);

    /// <summary>TLS links at once; what the memory allows.</summary>
    internal int MaxTlsLinks { get; init; } = 1;

    /// <summary>The TLS of NonOS: a buffer of a size that the host sets, and bits instead of slots.</summary>
    internal bool HasTlsBuffer { get; init; }

    /// <summary>The types of links with which transparent mode works.</summary>
    internal IReadOnlyList<string> MayBeTransparent { get; init; } = [];

    /// <summary>Values of switches where they differ from the general default.</summary>
    internal IReadOnlyDictionary<string, string> SwitchDefaults { get; init; } = new Dictionary<string, string>();

    /// <summary>The types TCPv6, UDPv6 and SSLv6.</summary>
    internal bool HasIPv6 { get; init; }

    /// <summary>AT+CIPSERVER=1 takes a type and an authority.</summary>
    internal bool ServesTypes { get; init; }

    /// <summary>AT+CIPSERVER=0,1 closes the accepted links.</summary>
    internal bool ServerStopCloses { get; init; }

    /// <summary>Transparent mode is also for a server that takes one client.</summary>
    internal bool HasTransparentServer { get; init; }

    private static HashSet<string> Set(params IReadOnlyList<string[]> groups) => [.. groups.SelectMany(group => group)];
}
