using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>The tool as a process of its own, for what only a process has: signals, exit codes, real streams.</summary>
internal sealed partial class ToolProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    // Generous: a busy machine starts a .NET process in seconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private ToolProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static ToolProcess Start(params string[] arguments) => Start([], arguments);

    /// <summary>Starts the tool with variables of its own beside those of this process.</summary>
    public static ToolProcess Start(Dictionary<string, string> variables, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "modem.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string? line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask()
            .WaitAsync(Deadline, cancellationToken);
        return line ?? throw new EndOfStreamException($"The tool ended without a line: {await _error}");
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for the end.</summary>
    /// <returns>What it wrote to standard error.</returns>
    public async Task<string> ShouldEndAsync(ExitCode expected)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Deadline, cancellationToken);
        string error = await _error.WaitAsync(Deadline, cancellationToken);
        Assert.True((int)expected == _process.ExitCode, $"Ended with {_process.ExitCode}, not {expected}: {error}");
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
