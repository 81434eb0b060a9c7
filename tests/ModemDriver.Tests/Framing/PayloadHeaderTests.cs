using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

public sealed class PayloadHeaderTests
{
    private static readonly Dictionary<string, PayloadHeader> ByName = new()
    {
        ["colon"] = Headers.Pushed,
        ["comma"] = Headers.CommaAfterCount,
        ["optional"] = Headers.OptionalLineEnd,
        ["line end"] = Headers.LineEnd,
        ["text"] = Headers.Text,
        ["bare text"] = Headers.TextWithoutUnit,
    };

    [Theory]
    [InlineData("colon", "+", "NeedMore", 0, -1, -1)]
    [InlineData("colon", "+IPD,", "NeedMore", 0, -1, -1)]
    [InlineData("colon", "+IPD,0,5", "NeedMore", 7, -1, 0)]
    [InlineData("colon", "+IPD,0,5:", "Yes", 9, 5, 0)]
    [InlineData("colon", "+IPD,4,5:xx", "Yes", 9, 5, 4)]
    [InlineData("colon", "+IPD,0,5,\"10.0.0.1\",80:", "Yes", 23, 5, 0)]
    [InlineData("colon", "+IPD,0,2049:", "TooLong", 12, 2049, 0)]
    [InlineData("colon", "+IPD,0,5\r", "No", 9, 5, 0)]
    [InlineData("colon", "+IPD:", "No", 0, -1, -1)]
    [InlineData("colon", "OK", "No", 0, -1, -1)]
    [InlineData("comma", "+CIPRECVDATA:5,", "Yes", 15, 5, -1)]
    [InlineData("comma", "+CIPRECVDATA:5", "NeedMore", 0, -1, -1)]
    [InlineData("optional", "+RECEIVE,2,5:", "NeedMore", 13, 5, 2)]
    [InlineData("optional", "+RECEIVE,2,5:\r", "NeedMore", 13, 5, 2)]
    [InlineData("optional", "+RECEIVE,2,5:\r\n", "Yes", 15, 5, 2)]
    [InlineData("optional", "+RECEIVE,2,5:x", "Yes", 13, 5, 2)]
    [InlineData("optional", "+RECEIVE,2,5:\rx", "Yes", 13, 5, 2)]
    [InlineData("optional", "+RECEIVE,2,0:", "Yes", 13, 0, 2)]
    [InlineData("line end", "+QIRD: 5", "NeedMore", 0, -1, -1)]
    [InlineData("line end", "+QIRD: 5\r", "NeedMore", 10, 5, -1)]
    [InlineData("line end", "+QIRD: 5\r\n", "Yes", 10, 5, -1)]
    [InlineData("line end", "+QIRD: 5\n", "Yes", 9, 5, -1)]
    [InlineData("text", "+MSG", "NeedMore", 0, -1, -1)]
    [InlineData("text", "+MSG: ", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a/b\",", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a/b\",5", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a/b\",5 byt", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a/b\",5 byte", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a/b\",5 byte,", "Yes", 19, 5, -2)]
    [InlineData("text", "+MSG:\"a/b\",5 byte,hello", "Yes", 18, 5, -2)]
    [InlineData("text", "+MSG: a/b,5 byte,hello", "Yes", 17, 5, -2)]
    [InlineData("text", "+MSG: a,7,8 byte,hello", "Yes", 17, 8, -2)]
    [InlineData("text", "+MSG: \"a,7 byte,b\",8 byte,", "Yes", 26, 8, -2)] // inside of quotes it is text
    [InlineData("text", "+MSG: \"a\"b\",\"c\",8 byte,", "Yes", 23, 8, -2)]
    [InlineData("text", "+MSG: \"\",0 byte,", "Yes", 16, 0, -2)]
    [InlineData("text", "+MSG: \",0 byte,", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a\",2049 byte,", "TooLong", 20, 2049, -2)]
    [InlineData("text", "+MSG: \"a\",99999999999 byte,", "TooLong", 27, int.MaxValue, -2)]
    [InlineData("text", "+MSG: 0\r", "No", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a\",5 byte\n", "No", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a\",5 bits,", "NeedMore", 0, -1, -2)]
    [InlineData("text", "+MSG: \"a\", byte,", "NeedMore", 0, -1, -2)]
    [InlineData("bare text", "+RECV:0,\"a\",5,", "Yes", 14, 5, -2)]
    [InlineData("bare text", "+RECV:0,\"a\",5", "NeedMore", 0, -1, -2)]
    [InlineData("bare text", "+RECV:1,\"a\",5,", "No", 0, -1, -1)]
    public void Bytes_are_held_against_a_header(
        string header, string line, string match, int length, int count, int linkId)
    {
        HeaderMatch found = ByName[header].Match(
            Encoding.Latin1.GetBytes(line), out int foundLength, out int foundCount, out int foundLinkId);

        Assert.Equal((match, length, count, linkId), (found.ToString(), foundLength, foundCount, foundLinkId));
    }

    [Theory]
    [InlineData("+MSG: \"a/b\",5 byte,", "a/b")]
    [InlineData("+MSG:a/b,5 byte,", "a/b")]
    [InlineData("+MSG: \"a\"b\",\"c\",8 byte,", "a\"b\",\"c")]
    [InlineData("+MSG: \"\",0 byte,", "")]
    public void The_text_of_a_header_is_what_stands_between_prefix_and_count(string header, string text) =>
        Assert.Equal(text, Encoding.Latin1.GetString(Headers.Text.ReadText(Encoding.Latin1.GetBytes(header))));

    [Fact]
    public void A_text_is_as_long_as_it_may_be_and_no_longer()
    {
        string longest = "+MSG: \"" + new string('a', 60 - 10) + "\",5 byte,";
        Assert.Equal(Headers.Text.Longest, longest.Length);
        Assert.Equal(HeaderMatch.Yes, Match(longest + "hello"));
        Assert.Equal(HeaderMatch.NeedMore, Match(longest[..^1]));
        Assert.Equal(HeaderMatch.No, Match("+MSG: \"a" + longest[7..]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AtFramer(96).SetPushedHeaders(
            PayloadHeader.WithText("+MSG: ", " byte", maxText: 91, maxPayload: 2048)));

        static HeaderMatch Match(string line) => Headers.Text.Match(Encoding.Latin1.GetBytes(line), out _, out _, out _);
    }

    [Fact]
    public void The_first_byte_is_known_without_a_match() => Assert.Equal((byte)'+', Headers.Pushed.FirstByte);
}
