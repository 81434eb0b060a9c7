using ModemDriver.Protocol;

namespace ModemDriver.Tests.Protocol;

public sealed class UrcTests
{
    [Theory]
    [InlineData("+CREG: 1", "+CREG")]
    [InlineData("+TIME: 12:30:00", "+TIME")]
    [InlineData("WIFI GOT IP", "WIFI GOT IP")]
    [InlineData("0,CLOSED", "0,CLOSED")]
    [InlineData(":no prefix", ":no prefix")]
    [InlineData("+X:", "+X")]
    [InlineData("", "")]
    public void The_prefix_ends_at_the_first_colon(string line, string prefix)
    {
        Urc urc = Urc.FromLine(line, isKnown: true);

        Assert.Equal(new Urc(line, prefix, true), urc);
        Assert.False(Urc.FromLine(line, isKnown: false).IsKnown);
    }
}
