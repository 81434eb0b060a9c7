using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using ModemDriver.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace ModemDriver.Cli.Demo;

/// <summary>Steps about an outbox while the network comes and goes. A client over this host's own network counts what arrives.</summary>
internal sealed class OutageSteps : IAsyncDisposable
{
    private const string Topic = "modem-demo/numbers";
    private const int OnlineMessages = 40;
    private const int OfflineMessages = 200;
    private const int Batches = 5;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly DemoTarget _target;
    private readonly TimeProvider _time;
    private readonly DemoBroker _broker;
    private readonly IMqttClient _host;
    private readonly string _folder;
    private readonly ConcurrentQueue<int> _arrived = new();
    private ManagedMqttClient? _client;
    private int _last;

    private OutageSteps(DemoTarget target, TimeProvider time, DemoBroker broker)
    {
        _target = target;
        _time = time;
        _broker = broker;
        _host = new MqttClientFactory().CreateMqttClient();
        _folder = Directory.CreateTempSubdirectory("modem-demo-").FullName;
    }

    public string Broker => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_broker.Port}");

    /// <summary>Starts a broker, a client of this host that counts, and the managed client over the modem.</summary>
    public static async Task<OutageSteps> StartAsync(
        Modem modem, DemoTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        var steps = new OutageSteps(target, time, await DemoBroker.StartAsync(IPAddress.Loopback).ConfigureAwait(false));
        try
        {
            await steps.ConnectAsync(modem, cancellationToken).ConfigureAwait(false);
            return steps;
        }
        catch
        {
            await steps.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<DemoOutcome> PublishOnlineAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(OnlineMessages, cancellationToken).ConfigureAwait(false);
        await Client.DrainAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture, $"{OnlineMessages} messages at QoS 2 delivered, queue {Client.Statistics.Waiting}"));
    }

    public async Task<DemoOutcome> PublishOfflineAsync(CancellationToken cancellationToken)
    {
        _target.LoseNetwork();
        await Client.WaitForStateAsync(MqttClientState.WaitingForModem, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var lengths = new List<int>();
        for (int batch = 0; batch < Batches; batch++)
        {
            await PublishAsync(OfflineMessages / Batches, cancellationToken).ConfigureAwait(false);
            lengths.Add(Client.Statistics.Waiting);
        }

        int[] grown = [.. Enumerable.Range(1, Batches).Select(batch => batch * OfflineMessages / Batches)];
        return lengths.SequenceEqual(grown)
            ? new DemoOutcome($"network off; the queue grows: {string.Join(", ", lengths)}")
            : throw new DemoFailedException($"The queue was {string.Join(", ", lengths)}, not {string.Join(", ", grown)}.");
    }

    public async Task<DemoOutcome> DrainAsync(CancellationToken cancellationToken)
    {
        TimeSpan oldest = Client.Statistics.OldestAge;
        long since = _time.GetTimestamp();
        _target.RestoreNetwork();
        Task drained = Client.DrainAsync(cancellationToken: cancellationToken);
        var lengths = new List<int>();
        do
        {
            int waiting = Client.Statistics.Waiting;
            if (lengths.Count == 0 || lengths[^1] != waiting)
            {
                lengths.Add(waiting);
            }
        }
        while (await Task.WhenAny(drained, Task.Delay(Glance, _time, cancellationToken)).ConfigureAwait(false) != drained);

        await drained.ConfigureAwait(false);
        lengths.Add(Client.Statistics.Waiting);
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture,
            $"network on; the queue drains: {string.Join(", ", lengths)} in {_time.GetElapsedTime(since).TotalSeconds:0.0} s; "
            + $"the oldest had waited {oldest.TotalSeconds:0.0} s"));
    }

    public async Task<DemoOutcome> CompareAsync(CancellationToken cancellationToken)
    {
        // The broker has them; this host may be a moment behind.
        while (_arrived.Count < _last)
        {
            await Task.Delay(Glance, _time, cancellationToken).ConfigureAwait(false);
        }

        return _arrived.SequenceEqual(Enumerable.Range(1, _last))
            ? new DemoOutcome(string.Create(
                CultureInfo.InvariantCulture, $"{_last} of {_last} numbers arrived once and in order"))
            : throw new DemoFailedException($"Of {_last} numbers arrived: {string.Join(' ', _arrived)}");
    }

    public async ValueTask DisposeAsync()
    {
        // 1. The client over the modem. 2. That of the host. 3. Their broker. 4. The file.
        if (_client is not null)
        {
            await _client.DisposeAsync().ConfigureAwait(false);
        }

        _host.Dispose();
        await _broker.DisposeAsync().ConfigureAwait(false);
        Directory.Delete(_folder, recursive: true);
    }

    private ManagedMqttClient Client => _client!; // set by StartAsync

    private async Task ConnectAsync(Modem modem, CancellationToken cancellationToken)
    {
        _host.ApplicationMessageReceivedAsync += received =>
        {
            _arrived.Enqueue(int.Parse(
                Encoding.ASCII.GetString(received.ApplicationMessage.Payload.ToArray()), CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        };
        await _host.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _broker.Port).Build(), cancellationToken)
            .ConfigureAwait(false);
        await _host.SubscribeAsync(Topic, MqttQualityOfServiceLevel.ExactlyOnce, cancellationToken).ConfigureAwait(false);
        _client = await ManagedMqttClient.OpenAsync(
            new ManagedMqttOptions(
                MqttStreamSource.ForModem(modem, "127.0.0.1", _broker.Port), MqttSignIn.Anonymous("modemdemo"))
            {
                Outbox = new MqttOutboxOptions { Path = Path.Combine(_folder, "outbox.db") },
                TimeProvider = _time,
            },
            cancellationToken).ConfigureAwait(false);
        await _client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task PublishAsync(int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Client.PublishAsync(
                new MqttMessage(Topic, (++_last).ToString(CultureInfo.InvariantCulture))
                {
                    QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce,
                },
                cancellationToken).ConfigureAwait(false);
        }
    }
}
