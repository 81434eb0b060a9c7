using System.Diagnostics;

namespace ModemDriver.Simulator.Tests;

/// <summary>A program of the system that judges the module: found, run within a limit, and never left behind.</summary>
internal static class JudgeProgram
{
    private static readonly string[] Folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The path of a program; null where it is not installed.</summary>
    /// <remarks>Programs of the system come first: one in a home folder may lack the system's modules.</remarks>
    public static string? Find(string program) => Folders
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Its path; the test is skipped where it is missing.</summary>
    public static string FindOrSkip(string program, string package)
    {
        string? path = Find(program);
        Assert.SkipUnless(path is not null, $"{program} (Debian: {package}) is not installed.");
        return path;
    }

    /// <summary>Whether this Python has these modules, such as <c>serial</c> or <c>dbus, gi</c>.</summary>
    public static bool HasModules(string python, string modules)
    {
        using var asking = Process.Start(new ProcessStartInfo(python, ["-c", $"import {modules}"])
        {
            RedirectStandardError = true,
        })!;
        return asking.WaitForExit(TimeSpan.FromSeconds(20)) && asking.ExitCode == 0;
    }

    /// <summary>Starts a program with all three pipes.</summary>
    public static Process Start(
        string path, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Ends a program, and what it has started.</summary>
    public static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a program; returns all that it says, or what it says up to a text, after which it is killed.</summary>
    public static async Task<string> RunAsync(
        string program,
        string[] arguments,
        string input,
        string? until = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string? path = program.StartsWith('/') ? program : Find(program);
        Assert.SkipUnless(path is not null, $"{program} is not installed.");
        CancellationToken token = TestContext.Current.CancellationToken;
        using Process process = Start(path, arguments, environment);
        try
        {
            // Reads of a child's pipe hear no token: the limit is on the wait, and the child is killed after it.
            return await TalkAsync(process, input, until, token).WaitAsync(Limit, TimeProvider.System, token);
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>Reads up to a text, and fails when the program ends before it.</summary>
    public static async Task<string> ReadAsync(StreamReader output, string until, CancellationToken token)
    {
        string seen = "";
        var one = new char[1];
        while (!seen.EndsWith(until, StringComparison.Ordinal))
        {
            Assert.True(await output.ReadAsync(one, token) == 1, $"The program ended with '{seen}'.");
            seen += one[0];
        }

        return seen;
    }

    private static async Task<string> TalkAsync(Process process, string input, string? until, CancellationToken token)
    {
        await process.StandardInput.WriteAsync(input.AsMemory(), token);
        await process.StandardInput.FlushAsync(token);
        if (until is not null)
        {
            return await ReadAsync(process.StandardOutput, until, token);
        }

        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return output + await errors;
    }
}
