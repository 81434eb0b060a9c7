using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the numbers of module and subscriber.</summary>
/// <remarks>TS 27.007 sections 5.4 and 5.6; by the standard the lines have no prefix.</remarks>
internal static class IdentityLine
{
    // <imei>      +CGSN: "<imei>"      IMEI: <imei>        15 digits, 14 without the check digit, 16 with the version
    /// <summary>Takes the line of the answer to <c>AT+CGSN</c>.</summary>
    public static bool TakeImei(ReadOnlySpan<byte> line, ref string? answer) =>
        Take(StandardFields.StripIfThere(StandardFields.StripIfThere(line, "IMEI"u8), "+CGSN"u8), 14, 16, ref answer);

    // <imsi>      +CIMI: <imsi>       14 or 15 digits
    /// <summary>Takes the line of the answer to <c>AT+CIMI</c>.</summary>
    public static bool TakeImsi(ReadOnlySpan<byte> line, ref string? answer) =>
        Take(StandardFields.StripIfThere(line, "+CIMI"u8), 14, 15, ref answer);

    private static bool Take(ReadOnlySpan<byte> text, int least, int most, ref string? answer)
    {
        if (text.Length < least || text.Length > most || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        answer ??= AtText.Latin1(text);
        return true;
    }
}
