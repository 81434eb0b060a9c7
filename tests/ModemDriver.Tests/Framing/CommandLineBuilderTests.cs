using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

public sealed class CommandLineBuilderTests
{
    [Fact]
    public void Parameters_are_separated_and_strings_quoted() =>
        Assert.Equal(
            "AT+CIPSTART=4,\"TCP\",\"192.168.1.10\",8001,,-1\r\n",
            Wire(new CommandLineBuilder("AT+CIPSTART=")
                .Number(4).Text("TCP", "type").Text("192.168.1.10", "host").Number(8001).Empty().Number(-1).Build()));

    [Fact]
    public void A_number_that_is_missing_leaves_no_comma() =>
        Assert.Equal(
            "AT+X=1,2\r\n", Wire(new CommandLineBuilder("AT+X=").NumberIf(1).NumberIf(null).NumberIf(2).Build()));

    [Fact]
    public void Backslashes_go_where_the_dialect_wants_them() =>
        Assert.Equal(
            @"AT+X=""a\""b\\c\,d""" + "\r\n",
            Wire(new CommandLineBuilder("AT+X=", QuotingRule.Backslash).Text("a\"b\\c,d", "value").Build()));

    [Fact]
    public void A_quote_is_refused_where_there_is_no_way_to_write_it()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new CommandLineBuilder("AT+X=").Text("a\"b", "value"));

        Assert.Equal("value", refusal.ParamName);
        Assert.Equal("AT+X=\"a\\b,c\"\r\n", Wire(new CommandLineBuilder("AT+X=").Text("a\\b,c", "value").Build()));
    }

    [Theory]
    [InlineData('a', 0xd83d)]
    [InlineData(0xde00, 'b')]
    [InlineData(0xde00, 0xd83d)]
    public void What_is_no_character_is_refused_and_not_replaced(int first, int second)
    {
        string text = $"{(char)first}{(char)second}"; // An attribute's text would be stored as UTF-8, which has none of these.
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new CommandLineBuilder("AT+X=", QuotingRule.Backslash).Secret(text, "value"));

        Assert.Equal("value", refusal.ParamName);
        Assert.Throws<ArgumentException>(() => CommandLineBuilder.Raw("AT+X=" + text));
        Assert.Equal(
            "AT+X=\"\ud83d\ude00\ufffd\"\r\n",
            Encoding.UTF8.GetString(new CommandLineBuilder("AT+X=").Text("\ud83d\ude00\ufffd", "value").Build().Bytes.Span));
    }

    [Theory]
    [InlineData('\r')]
    [InlineData('\n')]
    [InlineData('\0')]
    [InlineData('\u001a')]
    [InlineData('\u001b')]
    [InlineData('\u007f')]
    [InlineData('\t')]
    [InlineData('\u0085')]
    public void A_control_character_is_refused_everywhere(char control)
    {
        string value = $"a{control}b";

        Assert.Throws<ArgumentException>("value", () => new CommandLineBuilder("AT+X=").Text(value, "value"));
        Assert.Throws<ArgumentException>(
            "value", () => new CommandLineBuilder("AT+X=", QuotingRule.Backslash).Secret(value, "value"));
        Assert.Throws<ArgumentException>("line", () => CommandLineBuilder.Raw("AT" + value));
    }

    [Fact]
    public void Text_is_sent_as_UTF8() =>
        Assert.Equal(
            "AT+X=\"caf\u00e9 \u6c34\"\r\n"u8.ToArray(),
            new CommandLineBuilder("AT+X=").Text("caf\u00e9 \u6c34", "value").Build().Bytes.ToArray());

    [Fact]
    public void A_line_may_have_the_length_that_the_module_takes_and_not_a_byte_more()
    {
        Assert.Equal(512, CommandLineBuilder.Raw("AT" + new string('x', 508)).Bytes.Length);

        Assert.Throws<ArgumentException>(() => CommandLineBuilder.Raw("AT" + new string('x', 509)));
        Assert.Throws<ArgumentException>(() => new CommandLineBuilder("AT", maxLength: 3).Build());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_raw_line_says_something(string line) =>
        Assert.Throws<ArgumentException>(() => CommandLineBuilder.Raw(line));

    [Fact]
    public void A_secret_is_on_the_wire_and_nowhere_else()
    {
        CommandLine line = new CommandLineBuilder("AT+CWJAP=", QuotingRule.Backslash)
            .Text("my-ap", "ssid").Secret("pa,ss", "password").Number(1).Build();

        Assert.Equal("AT+CWJAP=\"my-ap\",\"pa\\,ss\",1\r\n", Wire(line));
        Assert.Equal("AT+CWJAP=\"my-ap\",\"***\",1", line.Display);
        Assert.Equal(line.Display, line.ToString());
        Assert.Equal("AT+CWJAP=\"my-ap\",\"***\",1\r\n"u8.ToArray(), line.Mask(line.Bytes.Span));
    }

    [Theory]
    [InlineData("topaz\"word")]
    [InlineData("topaz\rword")]
    public void A_refused_secret_is_not_quoted_in_the_exception(string secret)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new CommandLineBuilder("AT+CWJAP=").Secret(secret, "password"));

        Assert.DoesNotContain("topaz", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_in_a_line_that_is_too_long_is_not_quoted_in_the_exception()
    {
        CommandLineBuilder builder = new CommandLineBuilder("AT+CWJAP=", maxLength: 20).Secret("topaz and more", "password");

        Assert.DoesNotContain(
            "topaz", Assert.Throws<ArgumentException>(() => { _ = builder.Build(); }).ToString(), StringComparison.Ordinal);
    }

    private static string Wire(CommandLine line) => Encoding.UTF8.GetString(line.Bytes.Span);
}
