using System.Text.RegularExpressions;

namespace ModemDriver;

/// <summary>MAC addresses as text: <c>aa:bb:cc:dd:ee:ff</c>.</summary>
internal static partial class HardwareAddressText
{
    /// <summary>Whether it is one.</summary>
    public static bool IsValid(string text) => Address().IsMatch(text);

    /// <summary>Refuses what is none.</summary>
    public static void ThrowIfInvalid(string text, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        if (!IsValid(text))
        {
            throw new ArgumentException(
                "A hardware address is six pairs of hexadecimal digits with colons between: aa:bb:cc:dd:ee:ff.",
                parameterName);
        }
    }

    /// <summary>Refuses what is none, or belongs to a group of stations and not to one.</summary>
    public static void ThrowIfNotOfOne(string text, string parameterName)
    {
        ThrowIfInvalid(text, parameterName);

        // The lowest bit of the first octet marks a group. IEEE 802, section 8.2.2.
        if ((Convert.ToByte(text[..2], 16) & 1) != 0)
        {
            throw new ArgumentException("The address is that of a group; a station needs one of its own.", parameterName);
        }
    }

    [GeneratedRegex("^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
