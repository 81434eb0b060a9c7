using System.Globalization;
using System.Text.RegularExpressions;

namespace ModemDriver.Dialects.Luat;

/// <summary>The chips on which the vendor's AT firmware runs; they differ in abilities and defects.</summary>
internal enum LuatGeneration
{
    /// <summary>A module whose name says nothing of its chip: what all of them can do.</summary>
    Unknown,

    /// <summary>ASR 1802: Air720S, SL, H.</summary>
    Asr,

    /// <summary>UNISOC 8910DM: Air720U, Air724UG, Air820UG, Air795.</summary>
    Unisoc8910,

    /// <summary>EigenComm EC618: Air780E and its variants, Air600E, Air700E.</summary>
    Ec618,

    /// <summary>EigenComm EC718P: Air780EP, EPV, EPS, ER, Air201.</summary>
    Ec718,

    /// <summary>EigenComm EC716S: Air780EL, ET, EQ, Air700ECQ, EAQ, EMQ. Much was left out of it.</summary>
    Ec716,
}

/// <summary>What <c>ATI</c> tells about a firmware.</summary>
/// <param name="Generation">The chip.</param>
/// <param name="Family">The module, such as <c>780E</c>; every 8910 module says <c>720U</c>. Null if it does not say.</param>
/// <param name="Version">The number of the release; null if it does not say.</param>
/// <param name="Flavour">What was built, such as <c>AT</c>; null if it does not say.</param>
/// <param name="Lines">The answer.</param>
internal sealed partial record LuatFirmware(
    LuatGeneration Generation, string? Family, int? Version, string? Flavour, IReadOnlyList<string> Lines)
{
    private const string Vendor = "AirM2M_";

    // The longest names come first: 780EP is another chip than 780E.
    private static readonly (string Prefix, LuatGeneration Generation)[] Families =
    [
        ("780EPV", LuatGeneration.Ec718),
        ("780EPS", LuatGeneration.Ec718),
        ("700ECQ", LuatGeneration.Ec716),
        ("700EAQ", LuatGeneration.Ec716),
        ("700EMQ", LuatGeneration.Ec716),
        ("780EP", LuatGeneration.Ec718),
        ("780ER", LuatGeneration.Ec718),
        ("780EL", LuatGeneration.Ec716),
        ("780ET", LuatGeneration.Ec716),
        ("780EQ", LuatGeneration.Ec716),
        ("720U", LuatGeneration.Unisoc8910),
        ("720S", LuatGeneration.Asr),
        ("720H", LuatGeneration.Asr),
        ("724", LuatGeneration.Unisoc8910),
        ("820", LuatGeneration.Unisoc8910),
        ("795", LuatGeneration.Unisoc8910),
        ("780E", LuatGeneration.Ec618),
        ("600E", LuatGeneration.Ec618),
        ("700E", LuatGeneration.Ec618),
        ("201", LuatGeneration.Ec718),
    ];

    /// <summary>The line as it came, for people.</summary>
    public string Text => Lines[0];

    /// <summary>Whether the chip is one of EigenComm's, whose firmware updates itself from the network.</summary>
    public bool UpdatesItself => Generation is LuatGeneration.Ec618 or LuatGeneration.Ec718;

    /// <summary>Whether the release is known and older than this one.</summary>
    public bool IsOlderThan(int version) => Version < version;

    /// <summary>Reads the answer to <c>ATI</c>; null if it is none of this firmware.</summary>
    /// <remarks>
    /// <code>
    /// AirM2M_780E_V1169_LTE_AT             AirM2M_&lt;family&gt;_V&lt;release&gt;_LTE_&lt;flavour&gt;
    /// AirM2M_720U_V301849_LTE_AT
    /// </code>
    /// The vendor's AT manual, ATI: one bare line. What starts with the vendor's name and reads on otherwise is taken
    /// for a module that can do what all of them can.
    /// </remarks>
    public static LuatFirmware? Read(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.StartsWith(Vendor, StringComparison.Ordinal))
            {
                return FromLine(text);
            }
        }

        return null;
    }

    private static LuatFirmware FromLine(string text)
    {
        var match = VersionLine().Match(text);
        if (!match.Success)
        {
            return new LuatFirmware(LuatGeneration.Unknown, null, null, null, [text]);
        }

        var family = match.Groups["family"].Value;
        return new LuatFirmware(
            GenerationOf(family),
            family,
            int.TryParse(match.Groups["version"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : null,
            match.Groups["flavour"].Value,
            [text]);
    }

    private static LuatGeneration GenerationOf(string family)
    {
        foreach (var (prefix, generation) in Families)
        {
            if (family.StartsWith(prefix, StringComparison.Ordinal))
            {
                return generation;
            }
        }

        return LuatGeneration.Unknown;
    }

    [GeneratedRegex("^AirM2M_(?<family>[0-9A-Z]+)_V(?<version>[0-9]+)_LTE_(?<flavour>[A-Z0-9_]+)$")]
    private static partial Regex VersionLine();
}
