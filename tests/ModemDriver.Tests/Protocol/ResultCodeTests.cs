using System.Text;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Protocol;

public sealed class ResultCodeTests
{
    [Theory]
    [InlineData("OK", true)]
    [InlineData("OK ", false)]
    [InlineData(" OK", false)]
    [InlineData("ok", false)]
    [InlineData("OKAY", false)]
    [InlineData("NOT OK", false)]
    [InlineData("", false)]
    public void A_result_code_is_a_whole_line(string line, bool matches) =>
        Assert.Equal(matches, new ResultCode("OK", ResultVerdict.Success).Matches(Encoding.ASCII.GetBytes(line)));

    [Theory]
    [InlineData("+CME ERROR: 10", true)]
    [InlineData("+CME ERROR: SIM not inserted", true)]
    [InlineData("+CME ERROR", false)]
    [InlineData("+CMS ERROR: 10", false)]
    [InlineData("x+CME ERROR: 10", false)]
    public void One_with_a_value_is_known_by_what_stands_before_it(string line, bool matches) => Assert.Equal(
        matches,
        new ResultCode("+CME ERROR: ", ResultVerdict.Failure, hasValue: true).Matches(Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void The_result_has_the_line_as_it_came()
    {
        var code = new ResultCode("+CME ERROR: ", ResultVerdict.Failure, hasValue: true);

        Assert.Equal(new FinalResult(false, "+CME ERROR: 10"), code.ToResult("+CME ERROR: 10"u8));
        Assert.Equal(new FinalResult(true, "OK"), new ResultCode("OK", ResultVerdict.Success).ToResult("OK"u8));
        Assert.Equal(new FinalResult(false, "FAIL"), new ResultCode("FAIL", ResultVerdict.Failure).ToResult("FAIL"u8));
    }
}
