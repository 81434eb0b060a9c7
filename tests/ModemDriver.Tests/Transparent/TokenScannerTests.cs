using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Transparent;

/// <summary>The module's words are found wherever they are cut; everything else is data, in order.</summary>
public sealed class TokenScannerTests
{
    private static readonly byte[] Ok = "\r\nOK\r\n"u8.ToArray();
    private static readonly byte[] Error = "\r\nERROR\r\n"u8.ToArray();

    [Theory]
    [InlineData("\r\nOK\r\n", 0, "", "")]
    [InlineData("data\r\nOK\r\nmore", 0, "data", "more")]
    [InlineData("\r\r\n\r\nO\r\nERROR\r\n!", 1, "\r\r\n\r\nO", "!")]
    [InlineData("\r\nOK\r\r\nOK\r\n", 0, "\r\nOK\r", "")]
    [InlineData("no word at all\r\n", -1, "no word at all", "")]
    public void A_word_is_found_in_every_split(string input, int word, string before, string after)
    {
        for (int size = 1; size <= input.Length; size++)
        {
            Sink sink = new();
            TokenScanner scanner = new();
            scanner.Expect(Ok, Error);

            (int found, string rest) = Feed(scanner, sink, input, size);

            Assert.Equal(word, found);
            Assert.Equal(before, sink.Text);
            Assert.Equal(after, rest);
        }
    }

    [Fact]
    public void The_beginning_of_a_word_that_does_not_come_is_data()
    {
        Sink sink = new();
        TokenScanner scanner = new();
        scanner.Expect(Ok);
        Feed(scanner, sink, "abc\r\nO", 2);
        Assert.Equal("abc", sink.Text);

        scanner.Stop(sink);

        Assert.Equal("abc\r\nO", sink.Text);
        Assert.False(scanner.IsExpecting);
    }

    private static (int Found, string After) Feed(TokenScanner scanner, Sink sink, string input, int size)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(input);
        for (int at = 0; at < bytes.Length; at += size)
        {
            int length = Math.Min(size, bytes.Length - at);
            int used = scanner.Read(bytes.AsSpan(at, length), sink, out int found);
            if (found >= 0)
            {
                return (found, input[(at + used)..]);
            }

            Assert.Equal(length, used);
        }

        return (-1, string.Empty);
    }

    private sealed class Sink : IDataSink
    {
        public string Text { get; private set; } = string.Empty;

        public void OnData(ReadOnlySpan<byte> bytes) => Text += Encoding.Latin1.GetString(bytes);
    }
}
