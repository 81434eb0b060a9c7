using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using ModemDriver.Mqtt;
using MQTTnet;
using MQTTnet.Protocol;

namespace ModemDriver.Benchmarks.Mqtt;

/// <summary>
/// Messages a second of the managed client and of MQTTnet's own, over the same kind of Stream to the same broker, which
/// only answers; and what the outbox in a file costs.
/// </summary>
internal sealed class MqttBenchmark : IBenchmark
{
    private const int Window = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly byte[] Payload = new byte[64];

    public string Name => "mqtt";

    public string Description =>
        "messages a second of 64 bytes (--trips of them), the managed client against MQTTnet, 20 at a time, and the cost of the outbox";

    public async Task<IReport> RunAsync(BenchmarkOptions options)
    {
        int count = options.Trips == new BenchmarkOptions(Name).Trips ? 20_000 : options.Trips;
        List<ResultTable> tables = [];
        foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            ResultTable table = new($"QoS {(int)level}, {count} messages", "messages/s", seconds => count / seconds);
            table.Add("MQTTnet, bare", await MeasureAsync(options, count, (n, broker) => BareAsync(n, level, broker)));
            table.Add("managed, outbox in memory", await ManagedAsync(options, count, level, MqttOutboxStorage.Memory, default));
            table.Add(
                "managed, file, survives process",
                await ManagedAsync(options, count, level, MqttOutboxStorage.File, MqttOutboxDurability.Process));
            table.Add(
                "managed, file, survives power cut",
                await ManagedAsync(options, count, level, MqttOutboxStorage.File, MqttOutboxDurability.Power));
            tables.Add(table);
        }

        return new Report(tables);
    }

    /// <summary>One run of MQTTnet's own client; in seconds.</summary>
    public static Task<double> TimeBareAsync(int count, MqttQualityOfServiceLevel level) =>
        RunOnceAsync(count, (n, broker) => BareAsync(n, level, broker));

    /// <summary>One run of the managed client with its outbox in memory; in seconds.</summary>
    public static Task<double> TimeManagedAsync(int count, MqttQualityOfServiceLevel level) => RunOnceAsync(
        count, (n, broker) => ManagedAsync(n, level, broker, new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory }));

    private static async Task<double> RunOnceAsync(int count, Func<int, AnsweringBroker, Task<double>> run)
    {
        await using AnsweringBroker broker = new();
        double seconds = await run(count, broker);
        return broker.Published == count
            ? seconds
            : throw new InvalidDataException($"{broker.Published} of {count} messages came.");
    }

    private static Task<Measurement> ManagedAsync(
        BenchmarkOptions options,
        int count,
        MqttQualityOfServiceLevel level,
        MqttOutboxStorage storage,
        MqttOutboxDurability durability) =>
        MeasureAsync(options, count, (n, broker) => ManagedAsync(n, level, broker, new MqttOutboxOptions
        {
            Storage = storage,
            Durability = durability,
        }));

    private static async Task<Measurement> MeasureAsync(
        BenchmarkOptions options, int count, Func<int, AnsweringBroker, Task<double>> run)
    {
        double[] seconds = new double[options.Runs];
        long allocated = 0;
        for (int i = -1; i < options.Runs; i++)
        {
            long before = GC.GetTotalAllocatedBytes();
            double taken = await RunOnceAsync(count, run);
            allocated = GC.GetTotalAllocatedBytes() - before;

            if (i >= 0)
            {
                seconds[i] = taken;
            }
        }

        return new Measurement(seconds, allocated);
    }

    private static async Task<double> BareAsync(int count, MqttQualityOfServiceLevel level, AnsweringBroker broker)
    {
        using CancellationTokenSource limit = new(Limit, TimeProvider.System);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientOptionsBuilder options = new();
        ModemMqtt.WithLinks(options, OpenAsync, "127.0.0.1", broker.Port, TimeProvider.System);
        await client.ConnectAsync(options.Build(), limit.Token);
        long start = Stopwatch.GetTimestamp();
        int next = 0;
        Task[] senders = [.. Enumerable.Range(0, Window).Select(_ => SendAsync())];
        await Task.WhenAll(senders);
        await ArrivedAsync(broker, count, limit.Token);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await client.DisconnectAsync(cancellationToken: limit.Token);
        return seconds;

        async Task SendAsync()
        {
            while (Interlocked.Increment(ref next) <= count)
            {
                MqttApplicationMessage message = new()
                {
                    Topic = "bench",
                    PayloadSegment = Payload,
                    QualityOfServiceLevel = level,
                };
                await client.PublishAsync(message, limit.Token);
            }
        }
    }

    private static async Task<double> ManagedAsync(
        int count, MqttQualityOfServiceLevel level, AnsweringBroker broker, MqttOutboxOptions outbox)
    {
        using CancellationTokenSource limit = new(Limit, TimeProvider.System);
        string folder = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            ManagedMqttOptions options = new(
                MqttStreamSource.ForTcp("127.0.0.1", broker.Port), MqttSignIn.Anonymous("bench"))
            {
                MaxInFlight = Window,
                Outbox = outbox with { Path = Path.Combine(folder, "outbox.db") },
            };
            await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, limit.Token);
            await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: limit.Token);
            long start = Stopwatch.GetTimestamp();
            int next = 0;
            Task[] senders = [.. Enumerable.Range(0, Window).Select(_ => SendAsync())];
            await Task.WhenAll(senders);
            await client.DrainAsync(Limit, limit.Token);
            await ArrivedAsync(broker, count, limit.Token);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;

            async Task SendAsync()
            {
                while (Interlocked.Increment(ref next) <= count)
                {
                    await client.PublishAsync(new MqttMessage("bench", Payload) { QualityOfService = level }, limit.Token);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>At QoS 0 nobody says that the last message has come.</summary>
    private static async Task ArrivedAsync(AnsweringBroker broker, int count, CancellationToken cancellationToken)
    {
        while (broker.Published < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<Stream> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed class Report(List<ResultTable> tables) : IReport
    {
        public string Format()
        {
            StringBuilder text = new();
            foreach (ResultTable table in tables)
            {
                text.AppendLine(table.Format());
            }

            return text.ToString();
        }
    }
}
