namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What a cellular firmware is, beside what its vendor adds.</summary>
internal sealed record CellularProfile
{
    internal required string Name { get; init; }

    internal required string Description { get; init; }

    internal required string Manufacturer { get; init; }

    internal required string Model { get; init; }

    internal required string Revision { get; init; }

    internal string Imei { get; init; } = "866714047310326";

    /// <summary>Commands that this firmware has not, though the tables hold them.</summary>
    internal IReadOnlySet<string> Absent { get; init; } = new HashSet<string>();

    /// <summary>Values of switches where they differ from the general default.</summary>
    internal IReadOnlyDictionary<string, string> SwitchDefaults { get; init; } = new Dictionary<string, string>();

    /// <summary>The context that the registration brings up.</summary>
    internal int DefaultContext { get; init; } = 1;

    /// <summary>Contexts have the numbers from 1 to this one.</summary>
    internal int MaxContext { get; init; } = 15;

    internal IReadOnlySet<MobileTechnology> Technologies { get; init; } =
        new HashSet<MobileTechnology> { MobileTechnology.Lte };

    internal int UartRxBytes { get; init; } = 4096;

    internal int UartTxBytes { get; init; } = 8192;

    /// <summary>The rates of AT+IPR, in bit/s.</summary>
    internal IReadOnlyList<int> BitRates { get; init; } =
        [600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];

    /// <summary>The highest rate that the module finds out by itself, in bit/s.</summary>
    internal int MaxAutoBitRate { get; init; } = 230_400;
}
