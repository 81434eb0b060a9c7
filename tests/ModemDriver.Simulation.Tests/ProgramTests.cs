using System.Diagnostics;

namespace ModemDriver.Simulation.Tests;

/// <summary>What is drawn, and what comes of it, depends on nothing of the process.</summary>
public sealed class ProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_seed_has_the_same_hash_in_two_processes()
    {
        string first = await RunAsync("--seed", "42", "--hash");
        string second = await RunAsync("--seed", "42", "--hash");
        string other = await RunAsync("--seed", "43", "--hash");

        Assert.Matches("^[0-9a-f]{64}\n$", first);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Seeds_are_run_and_counted()
    {
        string report = await RunAsync("--seeds", "4", "--first", "1");

        Assert.Contains("4 runs, ", report, StringComparison.Ordinal);
        Assert.Contains("0 runs with violations", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_command_line_is_refused()
    {
        using var output = new StringWriter();
        Assert.Equal(2, CommandLine.Run(["--what"], output));
        Assert.Contains("--seeds N", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(RunPlan).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!; // not by the shell, so there is one
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return output;
    }
}
