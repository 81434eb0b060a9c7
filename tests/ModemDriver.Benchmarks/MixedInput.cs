using System.Globalization;
using System.Text;

namespace ModemDriver.Benchmarks;

/// <summary>What a busy module sends: lines, and now and then a counted payload. The same for the same seed.</summary>
internal static class MixedInput
{
    private const int PayloadBytes = 1460;
    private const int TokensPerPayload = 21;

    /// <summary>The header of a pushed payload, with the empty line that precedes it.</summary>
    public static readonly byte[] Header =
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\r\n+IPD,0,{PayloadBytes}:"));

    /// <summary>Lines of 5 to 60 bytes with CR LF; every 21st token is a payload: by bytes, 31 % are lines.</summary>
    public static byte[] Generate(int seed, int bytes) => Generate(seed, bytes, TokensPerPayload);

    /// <summary>The same lines, and no payload.</summary>
    public static byte[] GenerateLines(int seed, int bytes) => Generate(seed, bytes, int.MaxValue);

    private static byte[] Generate(int seed, int bytes, int tokensPerPayload)
    {
        const int ShortestLine = 5, LongestLine = 60;
        Random random = new(seed);
        byte[] input = new byte[bytes];
        int used = 0;
        for (int token = 1; ; token++)
        {
            bool payload = token % tokensPerPayload == 0;
            int size = payload ? Header.Length + PayloadBytes : random.Next(ShortestLine, LongestLine + 1) + 2;
            if (used + size > bytes)
            {
                return input[..used];
            }

            Span<byte> place = input.AsSpan(used, size);
            if (payload)
            {
                Header.CopyTo(place);
                random.NextBytes(place[Header.Length..]);
            }
            else
            {
                for (int i = 0; i < size - 2; i++)
                {
                    place[i] = (byte)random.Next('A', 'Z' + 1);
                }

                "\r\n"u8.CopyTo(place[^2..]);
            }

            used += size;
        }
    }
}
