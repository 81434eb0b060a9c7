using System.Globalization;

namespace ModemDriver.Simulator.Messages;

/// <summary>The centre's time stamp (3GPP TS 23.040 clause 9.2.3.11): seven octets, the digits of each swapped.</summary>
internal static class TimeStamp
{
    internal const int Length = 7;

    /// <summary>Writes local time and its zone in quarters of an hour.</summary>
    internal static byte[] Write(DateTime utc, int quarters)
    {
        DateTime local = utc.AddMinutes(15 * quarters);
        int zone = Swap(Math.Abs(quarters));
        return
        [
            Swap(local.Year % 100), Swap(local.Month), Swap(local.Day),
            Swap(local.Hour), Swap(local.Minute), Swap(local.Second),
            (byte)(quarters < 0 ? zone | 8 : zone),
        ];
    }

    /// <summary>The moment, in UTC; <see langword="null"/> when it is none.</summary>
    internal static DateTime? Read(ReadOnlySpan<byte> stamp)
    {
        int quarters = Unswap((byte)(stamp[6] & 0xf7)) * ((stamp[6] & 8) != 0 ? -1 : 1);
        return DateTime.TryParseExact(
            Local(stamp), "yy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
            ? DateTime.SpecifyKind(local.AddMinutes(-15 * quarters), DateTimeKind.Utc)
            : null;
    }

    // yy/MM/dd,hh:mm:ss+zz
    internal static string Text(ReadOnlySpan<byte> stamp)
    {
        int zone = Unswap((byte)(stamp[6] & 0xf7));
        char sign = (stamp[6] & 8) != 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{Local(stamp)}{sign}{zone:d2}");
    }

    private static string Local(ReadOnlySpan<byte> stamp) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Unswap(stamp[0]):d2}/{Unswap(stamp[1]):d2}/{Unswap(stamp[2]):d2},{Unswap(stamp[3]):d2}:{Unswap(stamp[4]):d2}:{Unswap(stamp[5]):d2}");

    private static byte Swap(int value) => (byte)(((value % 10) << 4) | (value / 10));

    private static int Unswap(byte value) => (10 * (value & 0xf)) + (value >> 4);
}
