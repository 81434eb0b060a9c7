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
    public void Bytes_are_held_against_a_header(
        string header, string line, string match, int length, int count, int linkId)
    {
        HeaderMatch found = ByName[header].Match(
            Encoding.Latin1.GetBytes(line), out int foundLength, out int foundCount, out int foundLinkId);

        Assert.Equal((match, length, count, linkId), (found.ToString(), foundLength, foundCount, foundLinkId));
    }

    [Fact]
    public void The_first_byte_is_known_without_a_match() => Assert.Equal((byte)'+', Headers.Pushed.FirstByte);
}
