using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

/// <summary>Lines and prompts.</summary>
public sealed class AtFramerLineTests
{
    private const int ShortMaxLine = PayloadHeader.MaxLength;

    private static readonly FramerSetup Plain = new();

    // As the channel does it: the prompt is expected until it has come.
    private static readonly FramerSetup Prompting = new()
    {
        Mode = FramerMode.LinesWithPrompt,
        After = static (framer, frame) => framer.Mode = frame == "prompt" ? FramerMode.Lines : framer.Mode,
    };

    [Theory]
    [InlineData("OK\r\n")]
    [InlineData("OK\r\r\n")]
    [InlineData("OK\n")]
    public void A_line_ends_with_LF_and_any_CR_before_it(string input) => Plain.Finds(input, "line OK");

    [Fact]
    public void Empty_lines_are_lines() => Plain.Finds("\r\nOK\r\n\n\r\r\n", "line ", "line OK", "line ", "line ");

    [Fact]
    public void A_CR_inside_a_line_stays() => Plain.Finds("a\rb\r\n", "line a\rb");

    [Fact]
    public void Every_byte_but_the_end_is_kept_as_it_is() =>
        Plain.Finds("\0\u0001\u001a\u001b\u007f\u0080\u00ff \r\n", "line \0\u0001\u001a\u001b\u007f\u0080\u00ff ");

    [Fact]
    public void A_line_without_its_end_is_not_found_yet() => Plain.Finds("OK\r\nERRO", "line OK");

    [Fact]
    public void A_prompt_is_found_at_the_start_of_a_line() =>
        Prompting.Finds("\r\nOK\r\n> \r\nRecv 5 bytes\r\n", "line ", "line OK", "prompt", "line ", "line Recv 5 bytes");

    [Fact]
    public void A_prompt_needs_no_space() => Prompting.Finds("\r\n>SEND OK\r\n", "line ", "prompt", "line SEND OK");

    [Fact]
    public void The_space_of_the_prompt_is_no_part_of_the_next_line() =>
        Prompting.Finds("> SEND OK\r\n", "prompt", "line SEND OK");

    [Fact]
    public void Only_one_space_belongs_to_the_prompt() => Prompting.Finds(">  x\r\n", "prompt", "line  x");

    [Fact]
    public void A_sign_in_the_middle_of_a_line_is_no_prompt() =>
        Prompting.Finds("a>\r\n > \r\n+X: >5\r\n", "line a>", "line  > ", "line +X: >5");

    [Fact]
    public void A_second_prompt_is_a_line_once_the_first_has_come() =>
        Prompting.Finds(">\r\n> b\r\n", "prompt", "line ", "line > b");

    [Fact]
    public void There_is_no_prompt_when_none_was_asked_for() => Plain.Finds("> \r\nOK\r\n", "line > ", "line OK");

    [Fact]
    public void The_longest_line_is_a_line()
    {
        string longest = new('x', ShortMaxLine - 2);

        (Plain with { MaxLine = ShortMaxLine }).Finds($"{longest}\r\nOK\r\n", $"line {longest}", "line OK");
    }

    [Fact]
    public void A_line_one_byte_longer_is_too_long_and_the_next_one_is_found()
    {
        string line = new('x', ShortMaxLine - 1);

        (Plain with { MaxLine = ShortMaxLine }).Finds($"{line}\r\nOK\r\n", $"too long {line}\r", "line OK");
    }

    [Fact]
    public void An_endless_line_is_too_long_once_and_the_next_one_is_found()
    {
        string endless = new('x', ShortMaxLine * 6);

        (Plain with { MaxLine = ShortMaxLine }).Finds(
            $"{endless}\r\nOK\r\n", $"too long {endless[..ShortMaxLine]}", "line OK");
    }

    [Fact]
    public void Bytes_without_any_line_end_are_too_long_once_however_many_come()
    {
        AtFramer framer = Plain.Make();
        string read = new('x', 8192);

        Assert.Single(FramerCheck.Feed(framer, read));
        for (int i = 0; i < 100; i++)
        {
            Assert.Empty(FramerCheck.Feed(framer, read));
        }

        Assert.Equal(["line OK"], FramerCheck.Feed(framer, "\nOK\r\n"));
    }

    [Fact]
    public void A_framer_without_room_for_a_header_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AtFramer(PayloadHeader.MaxLength - 1));

    [Fact]
    public void Reset_forgets_the_start_of_a_line()
    {
        AtFramer framer = Plain.Make();
        Assert.Empty(FramerCheck.Feed(framer, "half of a li"));

        framer.Reset();

        Assert.Equal(["line OK"], FramerCheck.Feed(framer, "OK\r\n"));
    }

    [Fact]
    public void Reset_forgets_an_overlong_line()
    {
        AtFramer framer = Plain.Make();
        Assert.Single(FramerCheck.Feed(framer, new string('x', AtFramer.DefaultMaxLine + 1)));

        framer.Reset();

        Assert.Equal(["line OK"], FramerCheck.Feed(framer, "OK\r\n"));
    }

    [Fact]
    public void Reset_forgets_that_a_space_may_follow_a_prompt()
    {
        AtFramer framer = (Plain with { Mode = FramerMode.LinesWithPrompt }).Make();
        Assert.Equal(["prompt"], FramerCheck.Feed(framer, ">"));

        framer.Reset();

        Assert.Equal(["line  x"], FramerCheck.Feed(framer, " x\r\n"));
    }
}
