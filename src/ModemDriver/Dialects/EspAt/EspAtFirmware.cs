using System.Globalization;
using System.Text.RegularExpressions;

namespace ModemDriver.Dialects.EspAt;

/// <summary>The two families of firmware, which differ in words, order and abilities.</summary>
internal enum EspAtGeneration
{
    /// <summary>AT 0.x and 1.x on the NonOS SDK of the ESP8266.</summary>
    NonOs,

    /// <summary>ESP-AT 2.0 and later, on every chip.</summary>
    EspAt,
}

/// <summary>What <c>AT+GMR</c> tells about a firmware.</summary>
/// <param name="Generation">The family.</param>
/// <param name="Version">The version of the AT core.</param>
/// <param name="Chip">The chip, or null where it cannot be told.</param>
/// <param name="Lines">The answer.</param>
internal sealed partial record EspAtFirmware(
    EspAtGeneration Generation, Version Version, string? Chip, IReadOnlyList<string> Lines)
{
    /// <summary>Whether the chip is of the ESP32 family, which has larger buffers.</summary>
    public bool IsEsp32 => Chip is not null && Chip.StartsWith("ESP32", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether it is AT 0.x, which says <c>Linked</c> and <c>Unlink</c> without a number, and gives no <c>OK</c> before a
    /// prompt: none of what the driver does is done with it.
    /// </summary>
    public bool IsBeforeFirst => Version.Major == 0;

    /// <summary>Whether the version is at least this one.</summary>
    public bool IsAtLeast(int major, int minor) => Version >= new Version(major, minor);

    /// <summary>Reads the answer to <c>AT+GMR</c>; null if it is none of this firmware.</summary>
    /// <remarks>
    /// <code>
    /// AT version:1.7.4.0(May 11 2020 19:13:04)                             NonOS
    /// AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)                   ESP-AT to 2.1, no chip
    /// AT version:2.2.1.0(s-46d6c26 - ESP8266 - Aug  6 2021 06:50:15)       ESP-AT from 2.2
    /// </code>
    /// ESP-AT user guide, Basic AT Commands, AT+GMR. Vendors put lines of their own before and between; the last line
    /// may be missing. Only the line with the version is required.
    /// </remarks>
    public static EspAtFirmware? Read(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            if (VersionLine().Match(line) is { Success: true } match
                && Version.TryParse(match.Groups["version"].Value, out var version))
            {
                return FromVersion(version, match.Groups["build"].Value, lines);
            }
        }

        return null;
    }

    private static EspAtFirmware FromVersion(Version version, string build, IReadOnlyList<string> lines)
    {
        var parts = build.Split(" - ", StringSplitOptions.TrimEntries);
        if (version.Major < 2 && parts.Length == 1)
        {
            return new EspAtFirmware(EspAtGeneration.NonOs, version, "ESP8266", lines);
        }

        // Before 2.0 there was ESP-AT for the ESP32 only.
        var chip = parts.Length >= 3 ? parts[1] : version.Major < 2 ? "ESP32" : GuessChip(version, lines);
        return new EspAtFirmware(EspAtGeneration.EspAt, version, chip, lines);
    }

    // Up to 2.1 the chip has to be taken from the module's name, or from the SDK.
    private static string? GuessChip(Version version, IReadOnlyList<string> lines)
    {
        var text = string.Join('\n', lines);
        return text.Contains("WROOM-02", StringComparison.Ordinal) ? "ESP8266"
            : text.Contains("WROOM-32", StringComparison.Ordinal) ? "ESP32"
            : text.Contains("WROVER", StringComparison.Ordinal) ? "ESP32"
            : text.Contains("SDK version:v4.", StringComparison.Ordinal) ? "ESP32"
            : version.Minor >= 1 && text.Contains("SDK version:v3.", StringComparison.Ordinal) ? "ESP8266"
            : null;
    }

    /// <summary>The version for people, as <c>2.2.1.0</c>.</summary>
    public string VersionText => Version.ToString(Version.Revision >= 0 ? 4 : 3).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"AT version:(?<version>\d+\.\d+\.\d+\.\d+)[^(]*(\((?<build>[^)]*)\))?")]
    private static partial Regex VersionLine();
}
