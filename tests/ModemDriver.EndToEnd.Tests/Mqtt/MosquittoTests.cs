using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>A broker that was not written here, over real sockets of this computer.</summary>
public sealed class MosquittoTests
{
    private const string Program = "/usr/sbin/mosquitto";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Mosquitto_takes_and_returns_every_quality_of_service(MqttProtocolVersion version)
    {
        Assert.SkipUnless(File.Exists(Program), "mosquitto is not installed (Debian package mosquitto)");
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        await using Mosquitto broker = await Mosquitto.StartAsync(deadline.Token);
        await using MqttModem modem = await MqttModem.StartAsync(new HostNetwork(), deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var received = System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += message =>
        {
            received.Writer.TryWrite(message.ApplicationMessage);
            return Task.CompletedTask;
        };

        await client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .WithProtocolVersion(version).WithModem(modem.Modem, "127.0.0.1", broker.Port).Build(),
            deadline.Token);
        await client.SubscribeAsync("t", MqttQualityOfServiceLevel.ExactlyOnce, deadline.Token);
        foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            byte[] payload = RandomNumberGenerator.GetBytes(20_000);
            await client.PublishAsync(
                new MqttApplicationMessageBuilder()
                    .WithTopic("t").WithPayload(payload).WithQualityOfServiceLevel(level).Build(),
                deadline.Token);

            MqttApplicationMessage back = await received.Reader.ReadAsync(deadline.Token);
            Assert.Equal(level, back.QualityOfServiceLevel);
            Assert.Equal(payload, back.Payload.ToArray());
        }

        await client.DisconnectAsync(cancellationToken: deadline.Token);
    }

    private sealed class Mosquitto : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly string _directory;

        private Mosquitto(Process process, string directory, int port)
        {
            _process = process;
            _directory = directory;
            Port = port;
        }

        public int Port { get; }

        /// <summary>Starts it on a free port; on another when somebody else was faster.</summary>
        public static async Task<Mosquitto> StartAsync(CancellationToken token)
        {
            for (int attempt = 1; attempt <= 5; attempt++)
            {
                int port = FindFreePort();
                string directory = Directory.CreateTempSubdirectory("modem-mosquitto-").FullName;
                string file = Path.Combine(directory, "mosquitto.conf");
                await File.WriteAllTextAsync(
                    file,
                    $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n"
                    + (Environment.IsPrivilegedProcess ? "user root\n" : ""),
                    token);
                Process process = Process.Start(
                    new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true })!;
                var broker = new Mosquitto(process, directory, port);
                if (await broker.IsRunningAsync(token))
                {
                    return broker;
                }

                await broker.DisposeAsync();
            }

            throw new InvalidOperationException("mosquitto did not start.");
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
            Directory.Delete(_directory, recursive: true);
        }

        private static int FindFreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        // "1764040000: mosquitto version 2.0.11 running" is written once it listens.
        private async Task<bool> IsRunningAsync(CancellationToken token)
        {
            while (await _process.StandardError.ReadLineAsync(token) is string line)
            {
                if (line.EndsWith(" running", StringComparison.Ordinal))
                {
                    // Read on, or it would stop when the pipe is full.
                    _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                    return true;
                }
            }

            return false;
        }
    }
}
