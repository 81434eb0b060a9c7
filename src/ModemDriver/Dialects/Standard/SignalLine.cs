using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the answers to <c>AT+CSQ</c> and <c>AT+CESQ</c>, from numbers to dBm and dB.</summary>
/// <remarks>TS 27.007 sections 8.5 and 8.69. Each number is a step; its lower edge is given.</remarks>
internal static class SignalLine
{
    private const int Unknown = 99;
    private const int UnknownWide = 255;

    // +CSQ: <rssi>,<ber>       0 is -113 dBm or less, 31 is -51 dBm or more, 99 not known
    // 100 to 191: RSCP of TD-SCDMA, -116 + (n - 100) dBm
    /// <summary>Takes the line of the answer to <c>AT+CSQ</c>.</summary>
    public static bool TakeCsq(ReadOnlySpan<byte> line, ref SignalQuality answer)
    {
        if (!StandardFields.TryStrip(line, "+CSQ"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        var rssi = Number(ref reader, 0, 191, Unknown);
        var errors = Number(ref reader, 0, 7, Unknown);
        answer = answer with
        {
            RssiDbm = rssi is >= 0 and <= 31 ? -113 + (2 * rssi) : null,
            RscpDbm = rssi is >= 100 ? -216 + rssi : null,
            BitErrorClass = errors,
        };
        return true;
    }

    // +CESQ: <rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>[,<ss_rsrq>,<ss_rsrp>,<ss_sinr>]
    // rxlev -111 + n dBm (99), rscp -121 + n dBm, ecno -24.5 + n/2 dB, rsrq -20 + n/2 dB, rsrp -141 + n dBm,
    // ss_rsrq -43.5 + n/2 dB, ss_rsrp -157 + n dBm, ss_sinr -23.5 + n/2 dB; 255 not known
    /// <summary>Takes the line of the answer to <c>AT+CESQ</c>.</summary>
    public static bool TakeCesq(ReadOnlySpan<byte> line, ref SignalQuality answer)
    {
        if (!StandardFields.TryStrip(line, "+CESQ"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        var read = new SignalQuality
        {
            RssiDbm = -111 + Number(ref reader, 0, 63, Unknown),
            BitErrorClass = Number(ref reader, 0, 7, Unknown),
            RscpDbm = -121 + Number(ref reader, 0, 96, UnknownWide),
            EcNoDb = -24.5 + (Number(ref reader, 0, 49, UnknownWide) / 2.0),
            RsrqDb = -20 + (Number(ref reader, 0, 34, UnknownWide) / 2.0),
            RsrpDbm = -141 + Number(ref reader, 0, 97, UnknownWide),
        };
        var newRsrq = -43.5 + (Number(ref reader, 0, 126, UnknownWide) / 2.0);
        var newRsrp = -157 + Number(ref reader, 0, 126, UnknownWide);
        var newSinr = -23.5 + (Number(ref reader, 0, 127, UnknownWide) / 2.0);
        answer = newRsrp is null
            ? read
            : read with { RsrpDbm = newRsrp, RsrqDb = newRsrq, SinrDb = newSinr };
        return true;
    }

    // What is not known, missing, or beyond the range is null: it never becomes a plausible value.
    private static int? Number(ref FieldReader reader, int least, int most, int unknown) =>
        reader.TryReadInt(out var value) && value != unknown && value >= least && value <= most ? value : null;
}
