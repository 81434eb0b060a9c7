using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>One firmware: everything in which it differs from its siblings, as data.</summary>
internal sealed record LuatProfile
{
    internal required CellularProfile Core { get; init; }

    /// <summary>The answer to ATI.</summary>
    internal required string Firmware { get; init; }

    /// <summary>The answer to AT^HVER.</summary>
    internal required string Silicon { get; init; }

    /// <summary>A mask ROM that prints a banner without a line end.</summary>
    internal bool HasBanner { get; init; }

    /// <summary>What stands behind the number of the context in +CGEV: ME PDN ACT.</summary>
    internal string ActivationTail { get; init; } = "";

    /// <summary>Whether transparent mode can be left, and entered again.</summary>
    internal bool HasEscape { get; init; } = true;

    /// <summary>Whether AT+EEMGINFO? wants AT+EEMOPT=1 before it.</summary>
    internal bool NeedsEngineeringMode { get; init; }

    /// <summary>Room for files, in bytes.</summary>
    internal int FileBytes { get; init; } = 256 * 1024;
}
