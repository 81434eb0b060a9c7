namespace ModemDriver.Messaging;

/// <summary>A time stamp of the service centre: seven octets, each two digits with the lower one first.</summary>
/// <remarks>TS 23.040 section 9.2.3.11: YY MM DD hh mm ss, then the zone in quarters of an hour.</remarks>
internal static class PduTime
{
    /// <summary>How many octets it has.</summary>
    public const int Length = 7;

    private const int SignBit = 0x08;
    private const int MaxQuarters = 14 * 4;

    /// <summary>Reads a stamp.</summary>
    /// <returns>Null where the stamp is none: centres send zeros, and days that no month has.</returns>
    /// <exception cref="PduException">It is cut short.</exception>
    public static DateTimeOffset? Read(ref PduReader reader, string field)
    {
        var octets = reader.ReadOctets(Length, field);
        Span<int> values = stackalloc int[6];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Value(octets[i]);
        }

        // The sign is bit 3 of the octet, which is the upper bit of the tens.
        var zone = octets[6];
        var size = Value((byte)(zone & ~SignBit));
        var quarters = (zone & SignBit) != 0 ? -size : size;
        var isTime = values.IndexOf(-1) < 0 && values[1] is >= 1 and <= 12 && values[2] >= 1
            && values[3] < 24 && values[4] < 60 && values[5] < 60 && size is >= 0 and <= MaxQuarters;
        if (!isTime)
        {
            return null;
        }

        // Short messages are younger than 1990.
        var year = values[0] + (values[0] >= 90 ? 1900 : 2000);
        return values[2] > DateTime.DaysInMonth(year, values[1])
            ? null
            : new DateTimeOffset(
                year, values[1], values[2], values[3], values[4], values[5], TimeSpan.FromMinutes(quarters * 15));
    }

    /// <summary>Writes a stamp; seconds are cut.</summary>
    public static void Write(List<byte> destination, DateTimeOffset time)
    {
        destination.Add(Octet(time.Year % 100));
        destination.Add(Octet(time.Month));
        destination.Add(Octet(time.Day));
        destination.Add(Octet(time.Hour));
        destination.Add(Octet(time.Minute));
        destination.Add(Octet(time.Second));
        var quarters = (int)(time.Offset.TotalMinutes / 15);
        destination.Add((byte)(Octet(Math.Abs(quarters)) | (quarters < 0 ? SignBit : 0)));
    }

    private static int Value(byte octet) =>
        (octet & 0xF) is <= 9 and var tens && (octet >> 4) is <= 9 and var ones ? (tens * 10) + ones : -1;

    private static byte Octet(int value) => (byte)((value / 10) | (value % 10 << 4));
}
