using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>This program once more, beside it.</summary>
internal static partial class ChildProcess
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    /// <summary>Starts it with these words on its command line.</summary>
    public static Process Start(params string[] args)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The process has no path.");
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }

    /// <summary>Starts it so that all of its threads share one processor: a child has what its starter's thread has.</summary>
    public static unsafe Process StartOnOneProcessor(params string[] args)
    {
        const int Bytes = 128; // as the C library's cpu_set_t
        Span<byte> allowed = stackalloc byte[Bytes];
        Span<byte> one = stackalloc byte[Bytes];
        one.Clear();
        fixed (byte* all = allowed, single = one)
        {
            Check(sched_getaffinity(0, Bytes, all), "sched_getaffinity");
            int first = allowed.IndexOfAnyExcept((byte)0);
            one[first] = (byte)(allowed[first] & -allowed[first]);
            Check(sched_setaffinity(0, Bytes, single), "sched_setaffinity");
            try
            {
                return Start(args);
            }
            finally
            {
                Check(sched_setaffinity(0, Bytes, all), "sched_setaffinity");
            }
        }
    }

    /// <summary>Closes its input, at which it ends.</summary>
    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        using CancellationTokenSource limit = new(EndLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    private static void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new IOException($"{what} failed: error {Marshal.GetLastPInvokeError()}.");
        }
    }

#pragma warning disable IDE1006, SA1300 // the names are those of the C library
    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_getaffinity(int thread, nuint size, byte* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int sched_setaffinity(int thread, nuint size, byte* mask);
#pragma warning restore IDE1006, SA1300
}
