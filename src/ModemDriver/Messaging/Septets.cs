namespace ModemDriver.Messaging;

/// <summary>Septets in octets: seven bits each, the lower bits first.</summary>
/// <remarks>TS 23.038 section 6.1.2.1.</remarks>
internal static class Septets
{
    /// <summary>How many octets hold septets behind some unused bits.</summary>
    public static int OctetsOf(int septets, int fillBits = 0) => ((septets * 7) + fillBits + 7) / 8;

    /// <summary>How many unused bits stand behind a header, so that the septets begin on a border of septets.</summary>
    /// <param name="headerOctets">The length of the header with its own length octet.</param>
    public static int FillBits(int headerOctets) => (7 - (headerOctets * 8 % 7)) % 7;

    /// <summary>Packs septets; the destination holds zeros.</summary>
    public static void Pack(ReadOnlySpan<byte> septets, int fillBits, Span<byte> destination)
    {
        var bit = fillBits;
        foreach (var septet in septets)
        {
            var shifted = (septet & 0x7F) << (bit % 8);
            destination[bit / 8] |= (byte)shifted;
            if (shifted > 0xFF)
            {
                destination[(bit / 8) + 1] |= (byte)(shifted >> 8);
            }

            bit += 7;
        }
    }

    /// <summary>Takes septets out of octets, of which there must be enough.</summary>
    public static byte[] Unpack(ReadOnlySpan<byte> octets, int fillBits, int count)
    {
        var septets = new byte[count];
        var bit = fillBits;
        for (var i = 0; i < count; i++, bit += 7)
        {
            var pair = octets[bit / 8] | ((bit / 8) + 1 < octets.Length ? octets[(bit / 8) + 1] << 8 : 0);
            septets[i] = (byte)((pair >> (bit % 8)) & 0x7F);
        }

        return septets;
    }
}
