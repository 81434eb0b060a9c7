using System.Globalization;
using ModemDriver.Simulation.Checks;

namespace ModemDriver.Simulation;

/// <summary>Drives a stage from moment to moment until its main task is over, and judges what is left then.</summary>
internal sealed class Pump(Stage stage)
{
    private const int MostAtOneMoment = 500_000;

    /// <summary>How long it may last on the run's clock.</summary>
    public required TimeSpan LongestRun { get; init; }

    /// <summary>How many pieces of work it may take.</summary>
    public required long MostSteps { get; init; }

    /// <summary>Whether a broken promise ends it.</summary>
    public bool StopsAtViolation { get; init; }

    /// <summary>Runs it on the calling thread.</summary>
    public void Run(Func<Task> main)
    {
        Task run = Task.CompletedTask;
        stage.Thread.Post(_ => run = main(), null);
        do
        {
            if (!stage.Thread.RunAll(MostAtOneMoment))
            {
                stage.Ledger.Violated(Promise.Time, "the run does not come to rest at one moment");
                break;
            }
        }
        while (!IsOver(run) && Advance(run));

        Judge(run);
    }

    private bool IsOver(Task run) =>
        run.IsCompleted || (StopsAtViolation && stage.Ledger.Violations.Count > 0)
        || stage.Thread.Failure is not null || stage.Thread.Trespass is not null;

    private bool Advance(Task run)
    {
        if (stage.Clock.Now > LongestRun || stage.Thread.Steps > MostSteps)
        {
            stage.Ledger.Violated(Promise.Time, "the run does not end");
            return false;
        }

        if (!stage.Clock.AdvanceToNext())
        {
            stage.Ledger.Violated(Promise.Time, $"nothing is left that could end the run ({run.Status})");
            return false;
        }

        return true;
    }

    private void Judge(Task run)
    {
        if (stage.Thread.Trespass is { } trespass)
        {
            stage.Ledger.Violated(Promise.Replay, trespass);
        }

        Note(stage.Thread.Failure, "a callback has thrown");
        Note(run.Exception, "the run has failed");
        Note(stage.Module.Failure, "the simulator has failed");
        foreach (Exception failure in stage.Network.ServerFailures)
        {
            Note(failure, "a peer has failed");
        }

        if (run.IsCompletedSuccessfully && stage.Calls.Pending > 0)
        {
            stage.Ledger.Violated(
                Promise.Time,
                string.Create(CultureInfo.InvariantCulture, $"{stage.Calls.Pending} calls go on after the modem was disposed"));
        }
    }

    private void Note(Exception? failure, string what)
    {
        if (failure is not null)
        {
            stage.Ledger.Violated(Promise.Truth, $"{what}: {failure}");
        }
    }
}
