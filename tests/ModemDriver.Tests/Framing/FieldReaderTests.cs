using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

public sealed class FieldReaderTests
{
    [Theory]
    [InlineData("20,99", "20", "99")]
    [InlineData("4,\"TCP\",\"192.168.1.10\",8001", "4", "TCP", "192.168.1.10", "8001")]
    [InlineData("\"a,b\",1", "a,b", "1")]
    [InlineData(" 1 , \"x\" ", "1", "x")]
    [InlineData("", "")]
    [InlineData(",", "", "")]
    [InlineData("1,,3", "1", "", "3")]
    [InlineData("\"\"", "")]
    [InlineData("\"open,1", "\"open,1")]
    [InlineData("\"", "\"")]
    public void Fields_are_read_from_the_left(string fields, params string[] expected)
    {
        FieldReader reader = new(Encoding.Latin1.GetBytes(fields));
        List<string> found = [];
        while (reader.TryRead(out ReadOnlySpan<byte> field))
        {
            found.Add(Encoding.Latin1.GetString(field));
        }

        Assert.Equal(expected, found);
        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData(" -5 ", -5)]
    [InlineData("+5", 5)]
    [InlineData("007", 7)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("\"5\"", 5)]
    public void A_whole_number_is_read(string text, int expected)
    {
        FieldReader reader = new(Encoding.Latin1.GetBytes(text));

        Assert.True(reader.TryReadInt(out int value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("5x")]
    [InlineData("5.0")]
    [InlineData("0x5")]
    [InlineData("2147483648")]
    [InlineData("5 5")]
    public void What_is_no_whole_number_is_refused(string text)
    {
        FieldReader reader = new(Encoding.Latin1.GetBytes(text));

        Assert.False(reader.TryReadInt(out _));
    }

    [Fact]
    public void What_has_not_been_read_is_the_rest()
    {
        FieldReader reader = new("0,\"a\"b\",c"u8);
        Assert.True(reader.TryReadInt(out int first));

        Assert.Equal(0, first);
        Assert.Equal("\"a\"b\",c"u8, reader.Rest);
    }
}
