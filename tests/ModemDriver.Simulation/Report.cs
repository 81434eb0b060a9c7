namespace ModemDriver.Simulation;

/// <summary>Prints what was found.</summary>
internal static class Report
{
    private const int KeptLines = 60;
    private const int MostRuns = 200;

    /// <summary>The smallest plan that still breaks a promise, and the end of its wire.</summary>
    public static void Smallest(RunResult result, TextWriter output)
    {
        RunPlan smallest = result.Plan;
        int runs = 0;
        bool isSmaller;
        do
        {
            isSmaller = false;
            foreach (RunPlan plan in smallest.Shrink())
            {
                if (++runs > MostRuns)
                {
                    break;
                }

                if (SimulationRun.Execute(plan).HasFailed)
                {
                    (smallest, isSmaller) = (plan, true);
                    break;
                }
            }
        }
        while (isSmaller && runs <= MostRuns);

        output.WriteLine("shrunk to:");
        Failure(SimulationRun.Execute(smallest, KeptLines), output);
    }

    /// <summary>A run that has failed: its plan, what was broken, and the end of the wire.</summary>
    public static void Failure(RunResult result, TextWriter output)
    {
        foreach (string line in result.Tail)
        {
            output.WriteLine(line);
        }

        output.WriteLine(result.Plan);
        foreach (string violation in result.Ledger.Violations)
        {
            output.WriteLine("VIOLATION " + violation);
        }
    }
}
