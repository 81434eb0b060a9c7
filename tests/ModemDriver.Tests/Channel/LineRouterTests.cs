using System.Text;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Channel;

/// <summary>Where a line belongs: for each kind of command, at each stage.</summary>
public sealed class LineRouterTests
{
    private static readonly ResultCode[] Codes =
    [
        .. new ChannelRules().ResultCodes,
        new("busy p...", ResultVerdict.Busy),
    ];

    [Theory]
    [InlineData("", nameof(LineRoute.Empty))]
    [InlineData("   ", nameof(LineRoute.Empty))]
    [InlineData("OK", nameof(LineRoute.Unsolicited))]
    [InlineData("busy p...", nameof(LineRoute.Unsolicited))]
    [InlineData("+URC: 1", nameof(LineRoute.Unsolicited))]
    [InlineData("AT+X?", nameof(LineRoute.Unsolicited))]
    public void Without_a_command_every_line_is_unsolicited(string line, string route) =>
        Assert.Equal(route, Route(null, CommandStage.Written, line).ToString());

    [Theory]
    [InlineData("OK")]
    [InlineData("+X: 1")]
    public void Nothing_belongs_to_a_command_that_was_not_sent(string line) =>
        Assert.Equal(LineRoute.Unsolicited, Route(new PrefixCommand(), CommandStage.Queued, line));

    [Theory]
    [InlineData("", nameof(LineRoute.Empty))]
    [InlineData("AT+X?", nameof(LineRoute.Echo))]
    [InlineData("AT+X? ", nameof(LineRoute.Unsolicited))]
    [InlineData("OK", nameof(LineRoute.Final))]
    [InlineData("ERROR", nameof(LineRoute.Final))]
    [InlineData("+CME ERROR: 10", nameof(LineRoute.Final))]
    [InlineData("DONE", nameof(LineRoute.Final))]
    [InlineData("OK now", nameof(LineRoute.Unsolicited))]
    [InlineData("0,SEND OK", nameof(LineRoute.Unsolicited))]
    [InlineData("busy p...", nameof(LineRoute.Busy))]
    [InlineData("+X: 1", nameof(LineRoute.Information))]
    [InlineData("+XY: 1", nameof(LineRoute.Unsolicited))]
    [InlineData("+URC: 1", nameof(LineRoute.Unsolicited))]
    [InlineData("anything", nameof(LineRoute.Unsolicited))]
    public void A_command_with_a_prefix_gets_its_own_lines_and_no_others(string line, string route) =>
        Assert.Equal(route, Route(new PrefixCommand(), CommandStage.Written, line).ToString());

    [Theory]
    [InlineData("anything", nameof(LineRoute.Information))]
    [InlineData("+X: 1", nameof(LineRoute.Information))]
    [InlineData("+URC: 1", nameof(LineRoute.Unsolicited))]
    [InlineData("OK", nameof(LineRoute.Final))]
    public void A_command_without_a_prefix_gets_what_is_no_known_URC(string line, string route) =>
        Assert.Equal(route, Route(new LinesCommand("ATI", TimeSpan.FromSeconds(1)), CommandStage.Written, line).ToString());

    // It is asked about URCs only where the answer has no prefix.
    [Fact]
    public void A_command_with_a_prefix_gets_its_line_also_where_that_is_a_known_URC() =>
        Assert.Equal(
            LineRoute.Information,
            LineRouter.Route(new PrefixCommand(), CommandStage.Written, "+X: 1"u8, Codes, _ => true, out _));

    [Theory]
    [InlineData("OK", true)]
    [InlineData("+CME ERROR: 3", true)]
    [InlineData("OK now", false)]
    public void A_result_is_told_from_other_lines(string line, bool expected) =>
        Assert.Equal(expected, LineRouter.IsResult(Codes, Encoding.Latin1.GetBytes(line)));

    [Theory]
    [InlineData(CommandStage.Written, nameof(LineRoute.Busy))]
    [InlineData(CommandStage.PromptSeen, nameof(LineRoute.Intermediate))]
    [InlineData(CommandStage.PayloadSent, nameof(LineRoute.Intermediate))]
    public void Busy_after_the_prompt_is_about_surplus_bytes(CommandStage stage, string route) =>
        Assert.Equal(route, Route(new PrefixCommand(), stage, "busy p...").ToString());

    [Fact]
    public void A_code_that_the_command_does_not_take_for_its_end_is_on_the_way()
    {
        var command = new PrefixCommand { EndsAt = CommandStage.PayloadSent };

        Assert.Equal(LineRoute.Intermediate, Route(command, CommandStage.Written, "OK"));
        Assert.Equal(LineRoute.Final, Route(command, CommandStage.PayloadSent, "OK"));
    }

    [Fact]
    public void The_commands_own_code_goes_before_that_of_the_dialect()
    {
        LineRouter.Route(
            new PrefixCommand(), CommandStage.Written, "ERROR"u8, [new("ERROR", ResultVerdict.Success)], IsUrc, out ResultCode? dialects);
        LineRouter.Route(
            new PrefixCommand(), CommandStage.Written, "DONE"u8, [new("DONE", ResultVerdict.Failure)], IsUrc, out ResultCode? own);

        Assert.Equal(ResultVerdict.Success, dialects?.Verdict);
        Assert.Equal(ResultVerdict.Success, own?.Verdict);
    }

    private static LineRoute Route(AtCommand? command, CommandStage stage, string line) =>
        LineRouter.Route(command, stage, Encoding.Latin1.GetBytes(line), Codes, IsUrc, out _);

    private static bool IsUrc(ReadOnlySpan<byte> line) => line.StartsWith("+URC"u8);

    private sealed class PrefixCommand() : AtCommand(CommandLineBuilder.Raw("AT+X?"), TimeSpan.FromSeconds(1))
    {
        public CommandStage? EndsAt { get; init; }

        public override IReadOnlyList<ResultCode> OwnResults { get; } = [new("DONE", ResultVerdict.Success)];

        public override bool IsFinal(ResultCode code, CommandStage stage) => EndsAt is null || stage == EndsAt;

        public override bool OnLine(ReadOnlySpan<byte> line) => line.StartsWith("+X:"u8);
    }
}
