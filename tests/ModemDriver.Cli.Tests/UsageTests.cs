using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("Say what to do")]
    [InlineData("There is no verb 'dance'", "dance")]
    [InlineData("--pty and --tcp exclude each other", "simulate", "--pty", "/tmp/x", "--tcp", "0")]
    [InlineData("Argument 'toaster' not recognized", "simulate", "--personality", "toaster")]
    public async Task A_wrong_command_line_gets_one_sentence_and_exit_code_2(string sentence, params string[] arguments)
    {
        ToolRun run = await ToolRun.StartAsync(arguments);

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay(sentence, "--help");
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Help_lists_every_verb_and_every_exit_code()
    {
        ToolRun run = await ToolRun.StartAsync("--help");

        run.ShouldEnd(ExitCode.Ok);
        string[] verbs = ["ports", "simulate"];
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb} ", run.Out, StringComparison.Ordinal));
        Assert.All(
            Enum.GetValues<ExitCode>(), code => Assert.Contains($"\n  {(int)code} ", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_that_of_the_assembly()
    {
        ToolRun run = await ToolRun.StartAsync("--version");

        run.ShouldEnd(ExitCode.Ok);
        Assert.StartsWith(
            typeof(ModemTool).Assembly.GetName().Version!.ToString(3), run.Out, StringComparison.Ordinal);
    }
}
