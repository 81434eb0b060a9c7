using System.Globalization;
using System.Text;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>The tool, run inside this process: what it was given, what it wrote, how it ended.</summary>
internal sealed class ToolRun
{
    /// <summary>A run that takes longer hangs. Generous, for a busy machine.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public ExitCode Code { get; private set; }

    /// <summary>What was written as text.</summary>
    public string Out => _out.ToString();

    /// <summary>What was written as bytes.</summary>
    public byte[] OutBytes { get; private set; } = [];

    public string Error => _error.ToString();

    public static Task<ToolRun> StartAsync(params string[] arguments) => StartAsync(Stream.Null, [], arguments);

    public static async Task<ToolRun> StartAsync(
        Stream input, Dictionary<string, string> variables, string[] arguments)
    {
        var run = new ToolRun();
        await using var text = new StringWriter(run._out, CultureInfo.InvariantCulture);
        await run.RunAsync(input, text, variables, arguments, TestContext.Current.CancellationToken);
        return run;
    }

    /// <summary>A run that its user ends by a token, as Ctrl-C does.</summary>
    public static async Task<ToolRun> StartAsync(
        TextWriter text, CancellationToken cancellationToken, params string[] arguments)
    {
        var run = new ToolRun();
        await run.RunAsync(Stream.Null, text, [], arguments, cancellationToken);
        return run;
    }

    private async Task RunAsync(
        Stream input,
        TextWriter text,
        Dictionary<string, string> variables,
        string[] arguments,
        CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter(_error, CultureInfo.InvariantCulture);
        var context = new ToolContext
        {
            OpenInput = () => input,
            OpenOutput = () => output,
            Out = text,
            Error = TextWriter.Synchronized(error),
            IsErrorTerminal = false,
            Variable = name => variables.GetValueOrDefault(name),
            Time = TimeProvider.System,
        };
        Code = await ModemTool.RunAsync(arguments, context, cancellationToken)
            .WaitAsync(Deadline, TestContext.Current.CancellationToken);
        OutBytes = output.ToArray();
    }

    /// <summary>Asserts how it ended, and shows what it said if it ended otherwise.</summary>
    public void ShouldEnd(ExitCode expected) =>
        Assert.True(expected == Code, $"Ended with {Code}, not {expected}.\n{Error}\n{Out}\n{Encoding.Latin1.GetString(OutBytes)}");

    /// <summary>Asserts that the trouble is told in one line with these words, and without a stack trace.</summary>
    public void ShouldSay(params string[] words)
    {
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string line = Assert.Single(lines);
        Assert.StartsWith("modem: ", line, StringComparison.Ordinal);
        foreach (string word in words)
        {
            Assert.Contains(word, line, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
