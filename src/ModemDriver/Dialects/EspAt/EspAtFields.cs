using System.Net;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.EspAt;

/// <summary>What the answers of many commands have in common.</summary>
internal static class EspAtFields
{
    /// <summary>Takes off the prefix of an answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The prefix without its colon, such as <c>+CIPSTA</c>.</param>
    /// <param name="fields">What stands behind the colon.</param>
    /// <returns>Whether the line has this prefix.</returns>
    /// <remarks>
    /// NonOS answers with the name that it was asked by, <c>+CIPSTA_CUR:</c> or <c>+CIPSTA_DEF:</c>; some of its
    /// releases with the bare one.
    /// </remarks>
    public static bool TryStrip(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> fields)
    {
        fields = default;
        if (!line.StartsWith(name))
        {
            return false;
        }

        var rest = line[name.Length..];
        if (rest.StartsWith("_CUR"u8) || rest.StartsWith("_DEF"u8))
        {
            rest = rest[4..];
        }

        if (rest.IsEmpty || rest[0] != ':')
        {
            return false;
        }

        fields = rest[1..];
        return true;
    }

    /// <summary>An address; null for what is none, and for 0.0.0.0, which stands for none.</summary>
    public static IPAddress? AddressOf(ReadOnlySpan<byte> text) =>
        text.Contains((byte)'.') && FieldReader.ToAddress(text) is { } address && !address.Equals(IPAddress.Any)
            ? address
            : null;

    /// <summary><c>ecn</c> of the scan, and of the module's own access point.</summary>
    public static AccessPointSecurity SecurityOf(int code) => code switch
    {
        0 => AccessPointSecurity.Open,
        1 => AccessPointSecurity.Wep,
        2 => AccessPointSecurity.Wpa,
        3 => AccessPointSecurity.Wpa2,
        4 => AccessPointSecurity.WpaWpa2,
        5 => AccessPointSecurity.Wpa2Enterprise,
        6 => AccessPointSecurity.Wpa3,
        7 => AccessPointSecurity.Wpa2Wpa3,
        8 => AccessPointSecurity.Wapi,
        9 => AccessPointSecurity.Owe,
        _ => AccessPointSecurity.Unknown,
    };
}
