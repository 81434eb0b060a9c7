using System.Globalization;
using System.Text;
using CsCheck;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

/// <summary>What holds for any input, and what it costs.</summary>
public sealed class AtFramerPropertyTests
{
    private const long Iterations = 3000;

    private static readonly FramerSetup Setup = new()
    {
        Pushed = [Headers.Pushed, Headers.OptionalLineEnd, Headers.LineEnd, Headers.Text, Headers.TextWithoutUnit],
        Fetched = Headers.CommaAfterCount,
        MaxLine = 128,
    };

    // Pieces that meet in every order: what a module sends, and what noise makes of it.
    private static readonly Gen<string> Soup = Gen.OneOf(
        "\r", "\n", "\r\n", ">", " ", "+", "+I", "+IPD", "+IPD,", "0", "5", "12", "4", ",", ":", "\"", "OK", "+RECEIVE,", "1,3:",
        "+QIRD: ", "+MSG: ", "\"t\",3 byte,", "+RECV:0,", "\",", " byte", "+CIPRECVDATA:", "2,", "99999", "hello", "\u00ff", "\0", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    private static readonly Gen<(string Wire, string Frame)> Token = Gen.OneOf(
        Gen.Char["ABCxyz 019:>\"\u00e9"].Array[1, 40]
            .Select(text => new string(text))
            .Where(text => text[0] != '+')
            .Select(text => (text + "\r\n", "line " + text)),
        Gen.Const(("\r\n", "line ")),
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 1460]).Select((link, count) => Passive(link, count)),
        Gen.Select(Gen.Int[0, 4], Gen.Byte.Array[0, 60]).Select((link, bytes) => Payload(link, bytes)));

    [Fact]
    public void Random_lines_and_payloads_in_random_splits_are_found_as_they_were_sent() =>
        Gen.Select(Token.Array[1, 12], Cuts).Sample(
            (tokens, seeds) =>
            {
                byte[] input = Encoding.Latin1.GetBytes(string.Concat(tokens.Select(token => token.Wire)));

                Assert.Equal(
                    tokens.Select(token => token.Frame), FramerCheck.Frames(Setup, input, CutsOf(seeds, input.Length)));
            },
            iter: Iterations,
            threads: 1);

    [Fact]
    public void Any_bytes_give_the_same_frames_in_any_split() =>
        Gen.Select(Soup.Array[1, 40], Cuts, Gen.Bool).Sample(
            (pieces, seeds, prompt) =>
            {
                byte[] input = Encoding.Latin1.GetBytes(string.Concat(pieces));
                FramerSetup setup = Setup with { Mode = prompt ? FramerMode.LinesWithPrompt : FramerMode.Lines };
                string[] whole = FramerCheck.Frames(setup, input);

                Assert.Equal(whole, FramerCheck.Frames(setup, input, CutsOf(seeds, input.Length)));
                Assert.Equal(
                    whole, FramerCheck.Frames(setup, input, [.. Enumerable.Range(1, Math.Max(0, input.Length - 1))]));
            },
            iter: Iterations,
            threads: 1);

    [Fact]
    public void Nothing_is_allocated_once_it_runs()
    {
        const int Reads = 4096;
        AtFramer framer = new FramerSetup { Pushed = [Headers.Pushed, Headers.Text] }.Make();
        byte[] block = Encoding.Latin1.GetBytes(
            string.Concat(Enumerable.Repeat("\r\n+IPD,3,10:\r\nOK\r\n>:+I\r\nOK\r\n+CSQ: 20,99\r\n+IPD,0,1460\r\n+MSG: \"a/b\",3 byte,abc\r\n", 200)));
        long frames = Feed(framer, block, 64);

        long before = GC.GetAllocatedBytesForCurrentThread();
        frames += Feed(framer, block, Reads);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(frames > Reads, $"only {frames} frames in {(long)Reads * 1021} bytes");
    }

    private static readonly Gen<int[]> Cuts = Gen.Int[0, int.MaxValue].Array[0, 20];

    // A prime size, so that the cuts fall everywhere.
    private static long Feed(AtFramer framer, byte[] block, int reads)
    {
        const int ReadBytes = 1021;
        long frames = 0;
        for (int i = 0; i < reads; i++)
        {
            int at = i * ReadBytes % (block.Length - ReadBytes);
            ReadOnlySpan<byte> read = block.AsSpan(at, ReadBytes);
            AtFrame frame;
            do
            {
                read = read[framer.Read(read, out frame)..];
                frames++;
            }
            while (frame.Kind != AtFrameKind.NeedMore);
        }

        return frames;
    }

    private static (string Wire, string Frame) Passive(int link, int count)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"+IPD,{link},{count}");
        return (line + "\r\n", "line " + line);
    }

    private static (string Wire, string Frame) Payload(int link, byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        return (string.Create(CultureInfo.InvariantCulture, $"+IPD,{link},{bytes.Length}:{text}"),
            string.Create(CultureInfo.InvariantCulture, $"payload {link} {bytes.Length} {text}"));
    }

    private static int[] CutsOf(int[] seeds, int length) =>
        [.. seeds.Select(seed => seed % (length + 1)).Distinct().Order()];
}
