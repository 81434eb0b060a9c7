using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

public sealed class AtTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("OK\r\n", "OK\\r\\n")]
    [InlineData("a b", "a b")]
    [InlineData("> ", ">\\x20")]
    [InlineData("\\r", "\\\\r")]
    [InlineData("\0\u001a\u001b\u007f\u0080\u00ff\t", "\\x00\\x1a\\x1b\\x7f\\x80\\xff\\x09")]
    [InlineData("\"~!", "\"~!")]
    public void Bytes_are_shown_in_the_notation_of_transcripts(string bytes, string shown) =>
        Assert.Equal(shown, AtText.Escape(Encoding.Latin1.GetBytes(bytes)));

    [Fact]
    public void One_byte_is_one_character() => Assert.Equal("\u00e9\u00ff", AtText.Latin1([0xE9, 0xFF]));
}
