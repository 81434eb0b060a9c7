using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Transparent;

/// <summary>The watch for words in a stream, however the stream is cut.</summary>
public sealed class WordWatchTests
{
    private static readonly string[] Words = ["\r\nready\r\n", " ets Jan", "rst cause:"];

    [Theory]
    [InlineData("\r\nready\r\n")]
    [InlineData("data\r\nready\r\nmore")]
    [InlineData("\r\n\r\nready\r\n")]
    [InlineData(" ets  ets Jan 8")]
    [InlineData("rst rst cause:4")]
    public void A_word_is_found_at_its_place_wherever_the_stream_is_cut(string text)
    {
        int begins = Words.Select(word => text.IndexOf(word, StringComparison.Ordinal)).First(at => at >= 0);
        string word = Words.First(word => text.Contains(word, StringComparison.Ordinal));
        int ends = begins + word.Length;
        for (int one = 0; one <= text.Length; one++)
        {
            for (int two = one; two <= text.Length; two++)
            {
                Assert.Equal((begins, ends), Find(text, one, two));
            }
        }
    }

    [Fact]
    public void A_word_is_found_in_single_bytes()
    {
        WordWatch watch = New();
        int[] found = [.. "xx\r\nready\r\nyy".Select(sign => watch.Find([(byte)sign]))];

        Assert.Equal([-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, -1, -1], found);
    }

    [Theory]
    [InlineData("\r\nready")]
    [InlineData("ready\r\n")]
    [InlineData("\r\nReady\r\n")]
    [InlineData("etsJan rst cause")]
    public void What_is_no_word_is_none(string text)
    {
        for (int at = 0; at <= text.Length; at++)
        {
            Assert.Equal((-1, -1), Find(text, at, text.Length));
        }
    }

    [Fact]
    public void After_a_reset_a_word_does_not_go_on()
    {
        WordWatch watch = New();
        Assert.Equal(-1, watch.Find("\r\nrea"u8));
        watch.Reset();
        Assert.Equal(-1, watch.Find("dy\r\n"u8));
        Assert.Equal(0, watch.Find("\r\nready\r\n"u8));
    }

    [Theory]
    [InlineData("x", 0)]
    [InlineData("x\r", 1)]
    [InlineData("\r\r\nre", 4)]
    [InlineData("\r\nready\r", 8)]
    [InlineData("\r\nready\rx", 0)]
    [InlineData("rst cau", 0)]
    public void The_beginning_of_a_word_at_the_end_is_counted_wherever_the_stream_is_cut(string text, int count)
    {
        for (int at = 0; at <= text.Length; at++)
        {
            WordWatch watch = New();
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            Assert.Equal(-1, watch.Find(bytes.AsSpan(0, at)));
            Assert.Equal(-1, watch.Find(bytes.AsSpan(at)));
            Assert.Equal(count, watch.Begun("\r\nready\r\n"u8));
        }
    }

    [Theory]
    [InlineData("x\r\nready\r\n", 1, 0)]
    [InlineData("x\r\nready\r\n", 2, 1)]
    [InlineData("x\r\nready\r\n", 9, 8)]
    public void How_much_of_a_word_came_before_is_told(string text, int cut, int before)
    {
        WordWatch watch = New();
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(-1, watch.Find(bytes.AsSpan(0, cut)));
        Assert.Equal(0, watch.Find(bytes.AsSpan(cut)));
        Assert.Equal(before, watch.CameBefore);
    }

    [Fact]
    public void Without_words_nothing_is_found() => Assert.Equal(-1, new WordWatch([]).Find("\r\nready\r\n"u8));

    private static WordWatch New() => new([.. Words.Select(Encoding.ASCII.GetBytes)]);

    // Where the first word begins, as far as the piece that ends it can show, and the end of that piece's word.
    private static (int Begins, int Ends) Find(string text, int one, int two)
    {
        WordWatch watch = New();
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        int from = 0;
        foreach (int to in (int[])[one, two, text.Length])
        {
            int found = watch.Find(bytes.AsSpan(from, to - from));
            if (found >= 0)
            {
                int begins = Words.Select(word => text.IndexOf(word, StringComparison.Ordinal)).First(at => at >= 0);
                string word = Words.First(word => text.Contains(word, StringComparison.Ordinal));
                Assert.True(begins + word.Length <= to, "found before it has ended");
                Assert.Equal(Math.Max(begins, from), from + found);
                return (begins, begins + word.Length);
            }

            from = to;
        }

        return (-1, -1);
    }
}
