using System.Globalization;

namespace ModemDriver.Simulation;

/// <summary>What the program is told on its command line.</summary>
internal static class CommandLine
{
    private const int KeptLines = 120;

    private const string Usage = """
        --seeds N [--first N] [--threads N] [--dialect esp-at|luat] [--until-violation]
                                                                      runs so many seeds; the exit code is 1 after a violation
        --plan N [--dialect esp-at|luat]                              prints what a seed is made of
        --week --dialect esp-at|luat [--module NAME] [--first N]      a week on each module of a dialect, or on one
        --seed N [--hash] [--wire N] [--dialect esp-at|luat]          runs one; --hash prints the hash of its wire alone
        """;

    /// <summary>Does what is asked.</summary>
    /// <returns>0; 1 when a promise was broken; 2 when the command line is wrong.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i++)
        {
            bool hasValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            options[args[i]] = hasValue ? args[++i] : "";
        }

        string? dialect = options.GetValueOrDefault("--dialect");
        if (options.ContainsKey("--plan"))
        {
            output.WriteLine(RunPlan.Draw(Number(options, "--plan", 1), dialect));
            return 0;
        }

        if (options.ContainsKey("--seed"))
        {
            return One(options, dialect, output);
        }

        if (options.ContainsKey("--seeds"))
        {
            var batch = new Batch(Number(options, "--first", 1), Number(options, "--seeds", 1000), dialect)
            {
                Threads = Number(options, "--threads", Environment.ProcessorCount),
                StopsAtFirst = options.ContainsKey("--until-violation"),
            };
            return batch.Run(output) ? 0 : 1;
        }

        if (options.ContainsKey("--week") && (dialect is "esp-at" or "luat" || options.ContainsKey("--module")))
        {
            return Week.Run(dialect ?? "", options.GetValueOrDefault("--module"), Number(options, "--first", 1), output) ? 0 : 1;
        }

        output.WriteLine(Usage);
        return 2;
    }

    private static int One(Dictionary<string, string> options, string? dialect, TextWriter output)
    {
        RunPlan plan = RunPlan.Draw(Number(options, "--seed", 1), dialect);
        RunResult result = SimulationRun.Execute(plan, Number(options, "--wire", KeptLines));
        if (options.ContainsKey("--hash"))
        {
            output.WriteLine(result.Hash);
            return result.HasFailed ? 1 : 0;
        }

        output.WriteLine(plan);
        if (result.HasFailed)
        {
            Report.Failure(result, output);
            Report.Smallest(result, output);
            return 1;
        }

        if (options.ContainsKey("--wire"))
        {
            foreach (string line in result.Tail)
            {
                output.WriteLine(line);
            }
        }

        foreach ((string name, long count) in result.Ledger.Counts)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {count}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"no violation; {result.VirtualTime} on its clock, {result.Steps} steps, {result.WireBytes} bytes on the wire, {result.Ledger.BytesCarried} carried\n{result.Hash}"));
        return 0;
    }

    private static int Number(Dictionary<string, string> options, string name, int otherwise) =>
        options.TryGetValue(name, out string? text) && text.Length > 0
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
