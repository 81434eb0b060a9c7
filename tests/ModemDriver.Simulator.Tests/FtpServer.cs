using System.Diagnostics;
using System.Globalization;

namespace ModemDriver.Simulator.Tests;

/// <summary>A real FTP server (pyftpdlib) on a free port of this machine, which is stopped when it is disposed.</summary>
internal sealed class FtpServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Library = "/usr/lib/python3/dist-packages/pyftpdlib";

    private readonly Process _process;

    private FtpServer(Process process, string folder, int port) => (_process, Folder, Port) = (process, folder, port);

    internal int Port { get; }

    /// <summary>What it shows.</summary>
    internal string Folder { get; }

    internal static void SkipUnlessInstalled() =>
        Assert.SkipUnless(Directory.Exists(Library), "pyftpdlib is not installed (Debian package python3-pyftpdlib).");

    internal static async Task<FtpServer> StartAsync(CancellationToken token)
    {
        string folder = Directory.CreateTempSubdirectory("modem-ftp-").FullName;

        // Port 0: the system chooses, and the first line of the log says what.
        Process process = Process.Start(new ProcessStartInfo(
            Python, ["-u", "-m", "pyftpdlib", "-i", "127.0.0.1", "-p", "0", "-w", "-d", folder, "-u", "user", "-P", "secret"])
        {
            RedirectStandardError = true,
        })!;
        int port = await ReadPortAsync(process).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token);
        return new FtpServer(process, folder, port);
    }

    /// <summary>It is gone in the middle of whatever it does; its folder stays.</summary>
    internal Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    // [I 2026-01-31 12:00:00] >>> starting FTP server on 127.0.0.1:45123, pid=1 <<<
    private static async Task<int> ReadPortAsync(Process process)
    {
        const string Lead = "on 127.0.0.1:";
        while (await process.StandardError.ReadLineAsync() is string line)
        {
            int at = line.IndexOf(Lead, StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = process.StandardError.ReadToEndAsync(); // Read on, or it would stop when the pipe is full.
                return int.Parse(string.Concat(line[(at + Lead.Length)..].TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("pyftpdlib does not start.");
    }
}
