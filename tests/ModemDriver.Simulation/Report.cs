namespace ModemDriver.Simulation;

/// <summary>Prints what was found.</summary>
internal static class Report
{
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
