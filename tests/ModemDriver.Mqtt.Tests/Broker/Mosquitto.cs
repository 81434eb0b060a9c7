using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>A real broker: mosquitto on a free port of this computer, with persistence, where it is installed.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mosquitto-").FullName;
    private readonly string _program;
    private Process? _process;

    private Mosquitto(string program)
    {
        _program = program;
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>Skips the test, naming the program, where it is missing.</summary>
    public static async Task<Mosquitto> StartAsync()
    {
        string? program = Array.Find(Places, File.Exists);
        if (program is null)
        {
            Assert.Skip("mosquitto is not installed (Debian package mosquitto).");
        }

        Mosquitto broker = new(program);
        await File.WriteAllTextAsync(
            Path.Combine(broker._folder, "mosquitto.conf"),
            string.Create(CultureInfo.InvariantCulture, $"""
                listener {broker.Port} 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location {broker._folder}/
                max_queued_messages 0
                log_dest none
                user root

                """));
        await broker.RestartAsync();
        return broker;
    }

    /// <summary>Ends the broker if it runs, in an orderly way, and starts it.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _process = Process.Start(new ProcessStartInfo(_program, ["-c", Path.Combine(_folder, "mosquitto.conf")]));
        using CancellationTokenSource deadline = new(ScriptedBroker.Deadline, TimeProvider.System);
        while (true)
        {
            using TcpClient probe = new();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                // Not listening yet: the kernel says so at once, and the deadline ends it.
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        // SIGTERM, on which it stores what it has.
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        await _process.WaitForExitAsync().WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        _process.Dispose();
        _process = null;
    }
}
