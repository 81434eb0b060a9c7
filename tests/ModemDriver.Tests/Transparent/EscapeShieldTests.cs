using System.Buffers;
using System.Text;
using ModemDriver.Links;

namespace ModemDriver.Tests.Transparent;

/// <summary>
/// Whatever is written, in whatever pieces, no run of bytes between two possible silences is the escape sequence.
/// </summary>
public sealed class EscapeShieldTests
{
    // Far less than a module's, so that runs of several reads are short.
    private const int ReadBytes = 11;

    [Fact]
    public void No_arrangement_of_writes_and_silences_makes_an_escape()
    {
        Random random = new(11);
        for (int round = 0; round < 3000; round++)
        {
            string text = RandomText(random);
            List<List<string>> runs = Send(text, random);

            Assert.Equal(text, string.Concat(runs.SelectMany(run => run)));
            foreach (List<string> run in runs)
            {
                AssertHarmless(run);
            }
        }
    }

    [Fact]
    public void Signs_that_would_be_a_read_of_their_own_are_kept_apart() =>
        Assert.Equal(
            [["01234567890"], ["+"], ["++"]], Send("01234567890+++", max: 20));

    [Fact]
    public void A_long_run_of_signs_needs_no_pause() =>
        Assert.Equal(["++++++"], Assert.Single(Send("++++++", max: 6)));

    [Fact]
    public void A_text_is_cut_only_at_the_longest_write() =>
        Assert.Equal(["abcd", "efgh", "i"], Assert.Single(Send("abcdefghi", max: 4)));

    // Between two writes there may be a silence for the module or not; only a pause is one for sure.
    private static void AssertHarmless(List<string> run)
    {
        for (int first = 0; first < run.Count; first++)
        {
            for (int last = first; last < run.Count; last++)
            {
                string sent = string.Concat(run[first..(last + 1)]);
                Assert.False(
                    sent.EndsWith("+++", StringComparison.Ordinal) && sent.Length % ReadBytes == 3,
                    $"the last read of {sent} is the escape");
            }
        }
    }

    private static List<List<string>> Send(string text, Random random)
    {
        EscapeShield shield = new((byte)'+', 3, ReadBytes);
        List<List<string>> runs = [[]];
        for (int at = 0; at < text.Length;)
        {
            // What is pending at this moment.
            string pending = text[at..Math.Min(text.Length, at + random.Next(1, 7))];
            at += SendOne(shield, pending, random.Next(1, 6), runs);
        }

        return runs;
    }

    private static List<List<string>> Send(string text, int max)
    {
        EscapeShield shield = new((byte)'+', 3, ReadBytes);
        List<List<string>> runs = [[]];
        for (int at = 0; at < text.Length;)
        {
            at += SendOne(shield, text[at..], max, runs);
        }

        return runs;
    }

    private static int SendOne(EscapeShield shield, string pending, int max, List<List<string>> runs)
    {
        int length = shield.Next(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(pending)), max);
        if (length == 0)
        {
            shield.Paused();
            runs.Add([]);
        }
        else
        {
            runs[^1].Add(pending[..length]);
        }

        return length;
    }

    private static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(4) == 0 ? 'x' : '+'));
}
