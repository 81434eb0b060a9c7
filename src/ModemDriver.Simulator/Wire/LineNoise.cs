namespace ModemDriver.Simulator.Wire;

/// <summary>What a receiver reads when the sender runs at another bit rate: bytes, but not those that were sent.</summary>
internal sealed class LineNoise(int seed)
{
    /// <summary>A UART samples the tenth bit wrongly beyond this difference.</summary>
    private const double Tolerance = 0.03;

    private uint _state = (uint)seed * 2654435761u | 1;

    internal static bool Matches(int senderRate, int receiverRate) =>
        Math.Abs(senderRate - receiverRate) <= receiverRate * Tolerance;

    internal byte[] Garble(int sentBytes, int senderRate, int receiverRate)
    {
        // A slower sender's bits are seen several times over; a faster sender's merge.
        long count = Math.Max(1, (long)sentBytes * receiverRate / Math.Max(1, senderRate));
        var garbage = new byte[Math.Min(count, (long)sentBytes * 8)];
        for (int i = 0; i < garbage.Length; i++)
        {
            garbage[i] = Next();
        }

        return garbage;
    }

    private byte Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;

        // Wrong stop bits read as runs of ones at the top, or as nothing at all; letters are rare.
        byte value = (byte)(_state >> 8);
        return (_state & 3) == 0 ? (byte)(value & 0x80) : (byte)(value | 0x80);
    }
}
