using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

public sealed class CommandLineTests
{
    [Fact]
    public void The_text_has_no_end() => Assert.Equal("AT+GMR"u8, CommandLineBuilder.Raw("AT+GMR").Text);

    [Fact]
    public void A_line_without_secrets_is_shown_as_it_is()
    {
        CommandLine line = CommandLineBuilder.Raw("AT+X=\"caf\u00e9\"");

        Assert.Equal("AT+X=\"caf\\xc3\\xa9\"", line.Display);
        Assert.Equal(line.Bytes.ToArray(), line.Mask(line.Bytes.Span));
    }

    [Fact]
    public void The_mask_tells_nothing_of_the_length()
    {
        string Shown(string secret) => new CommandLineBuilder("AT+X=").Secret(secret, "pin").Build().Display;

        Assert.Equal(Shown("1"), Shown("12345678"));
    }

    [Fact]
    public void Several_secrets_are_masked_each()
    {
        CommandLine line = new CommandLineBuilder("AT+X=").Secret("one", "a").Text("shown", "b").Secret("two", "c").Build();

        Assert.Equal("AT+X=\"***\",\"shown\",\"***\"", line.Display);
    }
}
