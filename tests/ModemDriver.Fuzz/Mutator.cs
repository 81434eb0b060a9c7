namespace ModemDriver.Fuzz;

/// <summary>
/// Changes inputs at random, from a seed: a short run that needs no tool, and gives the same inputs everywhere.
/// </summary>
/// <param name="seeds">What is changed.</param>
/// <param name="seed">The same gives the same.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int LongestInput = 2048;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\"\"", ",", ",,", ":", ": ", "\r\n", "\r", "\n", ">", "> ", " ", "\\", "\\,", "\\\"", ";", "-1", "0", "1", "99", "255", "65535",
            "65536", "2147483647", "2147483648", "99999999999999999999", "+", "+IPD,", "+RECEIVE,", "OK", "ERROR", "CONNECT", "CLOSED", "(", ")",
            "00", "FF", "0041", "D83D", "%ud83d", "%ude00", "\u001a", "\u001b", "\0", "\u007f", "1.2.3.4", "::1", "UCS2",
        }.Select(System.Text.Encoding.Latin1.GetBytes),
    ];

    // Deterministic on every runtime: xorshift, not the framework's own.
    private ulong _state = ((ulong)(uint)seed << 1) | 1;

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        List<byte> input = [.. seeds[Below(seeds.Count)]];
        for (int changes = 1 + Below(6); changes > 0; changes--)
        {
            Change(input);
        }

        return input.Count > LongestInput ? [.. input[..LongestInput]] : [.. input];
    }

    private void Change(List<byte> input)
    {
        int at = Below(input.Count + 1);
        int length = Math.Min(Below(12), input.Count - at);
        switch (Below(8))
        {
            case 0:
                input.RemoveRange(at, length);
                break;
            case 1:
                input.InsertRange(at, Tokens[Below(Tokens.Length)]);
                break;
            case 2:
                input.RemoveRange(at, length);
                input.InsertRange(at, Tokens[Below(Tokens.Length)]);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4 when at < input.Count:
                input[at] ^= (byte)(1 << Below(8));
                break;
            case 5 when at < input.Count:
                input[at] = (byte)Below(256);
                break;
            case 6:
                for (int more = 1 + Below(200); more > 0 && length > 0; more -= length)
                {
                    input.InsertRange(at, input.GetRange(at, length));
                }

                break;
            default:
                byte[] other = seeds[Below(seeds.Count)];
                int from = Below(other.Length + 1);
                input.InsertRange(at, other[from..Math.Min(other.Length, from + 1 + Below(40))]);
                break;
        }
    }

    private int Below(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)limit);
    }
}
