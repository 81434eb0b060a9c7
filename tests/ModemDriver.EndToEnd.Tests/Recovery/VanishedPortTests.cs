using System.Globalization;
using System.Text;
using ModemDriver.Clients;
using ModemDriver.EndToEnd.Tests.Mqtt;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>
/// The port goes away in the middle of a transfer, and comes back under the same name or another: a stable symbolic link
/// leads to it, as below <c>/dev/serial/by-id</c>.
/// </summary>
public sealed class VanishedPortTests
{
    private const int Numbers = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at", "ttyUSB0")]
    [InlineData("esp-at", "ttyUSB1")]
    [InlineData("air780", "ttyUSB0")]
    [InlineData("air780", "ttyUSB1")]
    public async Task Links_fault_the_modem_comes_back_and_a_managed_client_goes_on(string firmware, string nextName)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        var network = new InMemoryNetwork();
        network.Serve(Rig.Host, 7, Servers.EchoAsync);
        using var bench = new Bench(firmware, network);
        await using Modem modem = await bench.OpenAsync();
        var states = new StateLog(modem);
        await using LinkStream link = await modem.ConnectAsync(Rig.Host, 7, Token).Within(Token);
        Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();
        var transfer = new Transfer();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var client = new ManagedTcpClient(
            modem, new LinkRequest(Rig.Host, 7), new ManagedTcpOptions { FirstDelay = TimeSpan.FromMilliseconds(20) });
        Task running = client.RunAsync(transfer.RunAsync, stop.Token);
        await transfer.ReachAsync(5);

        bench.Unplug();
        IOException lost = await Assert.ThrowsAsync<IOException>(() => reading.Within(Token));
        await states.UntilAsync(ModemState.Recovering, Token).Within(Token);
        bench.PlugIn(nextName);
        IReadOnlyList<ModemStateChange> changes = await states.UntilAsync(ModemState.Online, Token).Within(Token);
        await transfer.ReachAsync(transfer.Done + 5);
        await stop.CancelAsync();

        Assert.Equal(LinkFailure.ModemClosed, Assert.IsType<LinkException>(lost.InnerException).Reason);
        Assert.Equal(["NetworkJoined -> Online"], StateLog.Rows(changes));
        Assert.Equal(2, transfer.Connections);
        Assert.Equal(bench.Port, modem.Port);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.Within(Token));
        Assert.Null(bench.Module.Failure);
    }

    [Theory]
    [InlineData("esp-at", "ttyUSB0")]
    [InlineData("air780", "ttyUSB1")]
    public async Task A_managed_MQTT_client_loses_no_message(string firmware, string nextName)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        var network = new InMemoryNetwork();
        await using StreamBroker broker = await StreamBroker.StartAsync();
        network.Serve(Rig.Host, 1883, broker.ServeAsync);
        using var bench = new Bench(firmware, network);
        await using Modem modem = await bench.OpenAsync();
        var states = new StateLog(modem);
        var options = new ManagedMqttOptions(MqttStreamSource.ForModem(modem, Rig.Host), MqttSignIn.Anonymous("managed"))
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        };
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, Token);
        await client.WaitForStateAsync(MqttClientState.Connected, Deadline.Limit, Token);

        for (int i = 0; i < Numbers; i++)
        {
            await client.PublishAsync(new MqttMessage("up", string.Create(CultureInfo.InvariantCulture, $"{i}")), Token);
            if (i == Numbers / 3)
            {
                bench.Unplug();
                await states.UntilAsync(ModemState.Recovering, Token).Within(Token);
            }
        }

        bench.PlugIn(nextName);
        await states.UntilAsync(ModemState.Online, Token).Within(Token);
        await client.DrainAsync(Deadline.Limit, Token);

        Assert.Equal(Enumerable.Range(0, Numbers), await FirstsAsync(broker));
        Assert.Null(bench.Module.Failure);
    }

    // In the order in which they first came; what was under way when the port went may come twice.
    private static async Task<IEnumerable<int>> FirstsAsync(StreamBroker broker)
    {
        List<int> numbers = [];
        while (numbers.Distinct().Count() < Numbers)
        {
            MqttApplicationMessage message = await broker.Published.ReadAsync(Token).Within(Token);
            numbers.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.FirstSpan), CultureInfo.InvariantCulture));
        }

        return numbers.Distinct();
    }

    /// <summary>A module on a cable, in a folder that plays <c>/dev</c>.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("vanished-port-").FullName;
        private PtyPort? _device;

        public Bench(string firmware, InMemoryNetwork network)
        {
            Module = new ModemSimulator(new SimulatorOptions { Personality = firmware, Network = network });
            PlugIn("ttyUSB0");
        }

        public ModemSimulator Module { get; }

        /// <summary>The name that stays.</summary>
        public string Port => Path.Combine(_folder, "usb-Module-if00");

        public void Unplug()
        {
            _device?.Dispose();
            _device = null;
        }

        public void PlugIn(string name)
        {
            string path = Path.Combine(_folder, name);

            // The old way in is let go of on the module's loop, a little after it was told to.
            SpinWait.SpinUntil(() => TryOpen(path), Deadline.Limit);
            Assert.NotNull(_device);
            File.Delete(Port);
            File.CreateSymbolicLink(Port, path);
        }

        /// <summary>A modem that is online; going there is told before a log can begin.</summary>
        public async Task<Modem> OpenAsync()
        {
            var options = new ModemOptions
            {
                WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
                Recovery = new RecoveryOptions
                {
                    FirstDelay = TimeSpan.FromMilliseconds(20), LongestDelay = TimeSpan.FromMilliseconds(200),
                },
            };
            Modem modem = await Modem.OpenAsync(Port, options, Token).Within(Token);
            var online = new StateLog(modem);
            await modem.GoOnlineAsync(Token).Within(Token);
            await online.UntilAsync(ModemState.Online, Token).Within(Token);
            return modem;
        }

        public void Dispose()
        {
            _device?.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private bool TryOpen(string path)
        {
            try
            {
                _device = Module.OpenPty(path);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Blocks that are sent and come back, one after the other, over as many connections as it takes.</summary>
    private sealed class Transfer
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _done;

        /// <summary>The blocks that have come back whole.</summary>
        public int Done => Volatile.Read(ref _done);

        public int Connections { get; private set; }

        public async Task RunAsync(Stream stream, CancellationToken cancellationToken)
        {
            Connections++;
            while (true)
            {
                await Traffic.EchoAsync(stream, 2_000, seed: Done, cancellationToken);
                lock (_gate)
                {
                    _done++;
                    _progress.TrySetResult();
                    _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }

        public async Task ReachAsync(int blocks)
        {
            while (true)
            {
                Task progress;
                lock (_gate)
                {
                    if (_done >= blocks)
                    {
                        return;
                    }

                    progress = _progress.Task;
                }

                await progress.Within(Token);
            }
        }
    }
}
