using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Demo;

/// <summary>Runs the steps one after the other, shows each with a piece of its dialogue, and keeps the table.</summary>
internal sealed class DemoRunner(ToolContext context, WireExcerpt wire, bool quiet)
{
    /// <summary>A step that takes longer has hung. The slowest, six megabytes through System.IO.Ports, takes some 20 s.</summary>
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(120);

    private readonly IAnsiConsole _screen = Screen.For(context.Out);
    private readonly List<DemoStepReport> _reports = [];

    /// <summary>Runs the steps up to the first that fails: after it the rest has no ground to stand on.</summary>
    public async Task<ExitCode> RunAsync(DemoStep[] steps, CancellationToken cancellationToken)
    {
        foreach (DemoStep step in steps)
        {
            if (!await RunAsync(step, cancellationToken).ConfigureAwait(false))
            {
                break;
            }
        }

        return await FinishAsync().ConfigureAwait(false);
    }

    private async Task<bool> RunAsync(DemoStep step, CancellationToken cancellationToken)
    {
        Show(new Text($"{_reports.Count + 1}. {step.Name}", new Style(decoration: Decoration.Bold)));
        long started = context.Time.GetTimestamp();
        bool passed = true;
        DemoOutcome outcome;
        using var clock = new CancellationTokenSource(StepLimit, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            outcome = await step.RunAsync(either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the step has failed, and the table and the exit code say so.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            passed = false;
            outcome = new DemoOutcome(clock.IsCancellationRequested
                ? $"Not done within {StepLimit.TotalSeconds:0} s."
                : Trouble.From(exception).Sentence);
        }

        double seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        _reports.Add(new DemoStepReport(step.Name, passed, outcome.Shown, outcome.Bytes, seconds));
        ShowDialogue();
        Show(new Text($"   {(passed ? "ok" : "FAILED")}: {outcome.Shown}", new Style(passed ? Color.Green : Color.Red)));
        return passed;
    }

    private async Task<ExitCode> FinishAsync()
    {
        bool passed = _reports.TrueForAll(report => report.Passed);
        if (quiet)
        {
            await context.Out.WriteLineAsync(ToolJson.Print(
                new DemoReport(passed, [.. _reports]), json => json.DemoReport)).ConfigureAwait(false);
        }
        else
        {
            _screen.WriteLine();
            _screen.Write(ToTable());
            _screen.WriteLine();
        }

        DemoStepReport? failed = _reports.Find(report => !report.Passed);
        if (failed is not null)
        {
            await context.Error.WriteLineAsync(
                $"modem: The step '{failed.Step}' failed: {failed.Shown} --log wire shows the dialogue.")
                .ConfigureAwait(false);
        }

        return passed ? ExitCode.Ok : ExitCode.Refused;
    }

    private Table ToTable()
    {
        Table table = Screen.NewTable("Step", "Shown", "Bytes", "Time");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        foreach (DemoStepReport report in _reports)
        {
            table.AddRow(Screen.Cells(
                report.Step,
                report.Passed ? report.Shown : $"FAILED: {report.Shown}",
                report.Bytes > 0 ? $"{report.Bytes:N0}" : "",
                $"{report.Seconds:0.00} s"));
        }

        return table;
    }

    private void ShowDialogue()
    {
        foreach (string line in wire.Take())
        {
            Show(new Text($"   {line}", new Style(decoration: Decoration.Dim)) { Overflow = Overflow.Ellipsis });
        }
    }

    private void Show(Text line)
    {
        if (!quiet)
        {
            _screen.Write(line);
            _screen.WriteLine();
        }
    }
}
