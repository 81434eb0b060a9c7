using System.Diagnostics;
using System.IO.Ports;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ModemDriver.Simulator.Tests;

namespace ModemDriver.EndToEnd.Tests.Judges;

/// <summary>A modem that no one here wrote: iaxmodem, a fax modem in software, on a pseudo-terminal of its own.</summary>
internal sealed class Iaxmodem : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private Iaxmodem(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Its pseudo-terminal.</summary>
    public string DevicePath => Path.Combine(_folder.FullName, "device");

    /// <summary>Starts one; the test is skipped where it is not installed.</summary>
    public static async Task<Iaxmodem> StartAsync()
    {
        string program = JudgeProgram.FindOrSkip("iaxmodem", "iaxmodem");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("modemdriver-iaxmodem-");
        string file = Path.Combine(folder.FullName, "modem");
        await File.WriteAllTextAsync(
            file,
            $"device {Path.Combine(folder.FullName, "device")}\nowner {Environment.UserName}\nmode 600\n"
                + $"port {FreePort()}\nrefresh 300\nserver 127.0.0.1\npeername test\nsecret test\ncodec slinear\n",
            TestContext.Current.CancellationToken);
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder.FullName, "device");
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;

        // It looks for its configuration below /etc/iaxmodem, and nowhere else.
        var module = new Iaxmodem(folder, JudgeProgram.Start(program, ["../.." + file]));
        try
        {
            await appeared.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return module;
        }
        catch
        {
            await module.DisposeAsync();
            throw;
        }
    }

    /// <summary>What another program does to it before the driver comes.</summary>
    /// <param name="line">A command line without its end.</param>
    /// <param name="until">The last bytes of its answer; empty for none.</param>
    public async Task LeaveAsync(string line, string until)
    {
        using var port = new SerialPort(DevicePath, 115_200);
        port.Open();
        await port.BaseStream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r"), TestContext.Current.CancellationToken);
        string seen = "";
        var one = new byte[1];
        while (!seen.EndsWith(until, StringComparison.Ordinal))
        {
            _ = await port.BaseStream.ReadAsync(one, TestContext.Current.CancellationToken)
                .Within(TestContext.Current.CancellationToken);
            seen += (char)one[0];
        }
    }

    public async ValueTask DisposeAsync()
    {
        JudgeProgram.End(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
