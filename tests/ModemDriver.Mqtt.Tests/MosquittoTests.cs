using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Against a real broker.</summary>
public sealed class MosquittoTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<MqttProtocolVersion, MqttQualityOfServiceLevel> Combinations()
    {
        TheoryData<MqttProtocolVersion, MqttQualityOfServiceLevel> all = [];
        foreach (MqttProtocolVersion version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
            {
                all.Add(version, level);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Messages_come_back_whole_and_in_order(MqttProtocolVersion version, MqttQualityOfServiceLevel level)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ManagedMqttClient client = await OpenAsync(broker, "echo", version);
        IReadOnlyList<MqttSubscribeResult> granted = await client.SubscribeAsync(
            [new MqttSubscription("t/#") { QualityOfService = level }, new MqttSubscription("u")],
            Limit,
            TestContext.Current.CancellationToken);
        Assert.Equal([(MqttSubscribeReasonCode)(int)level, MqttSubscribeReasonCode.GrantedQoS1], granted.Select(result => result.Code));
        byte[][] payloads = [[], .. Enumerable.Range(0, 100).Select(i => Encoding.UTF8.GetBytes($"{i}")), RandomNumberGenerator.GetBytes(300_000)];
        MqttProperty[] properties = [new("unit", "°C")];

        foreach (byte[] payload in payloads)
        {
            await client.PublishAsync(
                new MqttMessage("t/x", payload)
                {
                    QualityOfService = level,
                    Properties = version == MqttProtocolVersion.V500 ? properties : [],
                    ContentType = version == MqttProtocolVersion.V500 ? "text/plain" : null,
                },
                TestContext.Current.CancellationToken);
        }

        foreach (byte[] payload in payloads)
        {
            MqttInboxMessage message = await client.ReadOneAsync();
            Assert.Equal(payload, message.Payload.ToArray());
            Assert.Equal("t/x", message.Topic);
            Assert.Equal(level, message.QualityOfService);
            Assert.Equal(version == MqttProtocolVersion.V500 ? properties : [], message.Properties);
            Assert.Equal(version == MqttProtocolVersion.V500 ? "text/plain" : null, message.ContentType);
        }

        await client.DrainAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(
            [new MqttUnsubscribeResult("u", MqttUnsubscribeReasonCode.Success)],
            await client.UnsubscribeAsync(["u"], Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_broker_that_is_started_anew_again_and_again_gets_every_number_once(MqttProtocolVersion version)
    {
        const int Numbers = 600;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ManagedMqttClient subscriber = await OpenAsync(broker, "subscriber", version);
        await subscriber.SubscribeAsync(
            [new MqttSubscription("numbers") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce }],
            Limit,
            TestContext.Current.CancellationToken);
        await using ManagedMqttClient publisher = await OpenAsync(broker, "publisher", version);

        for (int i = 0; i < Numbers; i++)
        {
            await publisher.PublishAsync(
                new MqttMessage("numbers", i.ToString(CultureInfo.InvariantCulture))
                {
                    QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce,
                },
                TestContext.Current.CancellationToken);
            if (i % 150 == 100)
            {
                await broker.RestartAsync();
            }
        }

        for (int i = 0; i < Numbers; i++)
        {
            MqttInboxMessage message = await subscriber.ReadOneAsync();
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(message.Payload.Span));
        }

        await publisher.DrainAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_process_with_its_outbox_in_memory_goes_on_in_the_session_that_the_broker_has(
        MqttProtocolVersion version)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ManagedMqttClient subscriber = await OpenAsync(broker, "subscriber", version);
        await subscriber.SubscribeAsync(
            [new MqttSubscription("t") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce }],
            Limit,
            TestContext.Current.CancellationToken);
        ManagedMqttOptions options = Options(broker, "publisher", version) with
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
        };
        for (int run = 0; run < 3; run++)
        {
            await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
                options, TestContext.Current.CancellationToken);
            for (int i = 0; i < 30; i++)
            {
                await client.PublishAsync(
                    new MqttMessage("t", $"{run}.{i}") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce },
                    TestContext.Current.CancellationToken);
            }

            await client.DrainAsync(Limit, TestContext.Current.CancellationToken);
        }

        for (int i = 0; i < 90; i++)
        {
            MqttInboxMessage message = await subscriber.ReadOneAsync();
            Assert.Equal($"{i / 30}.{i % 30}", Encoding.UTF8.GetString(message.Payload.Span));
        }
    }

    [Fact]
    public async Task What_came_while_the_client_was_away_is_there_when_it_is_back_and_a_will_is_sent()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ManagedMqttClient watcher = await OpenAsync(broker, "watcher");
        await watcher.SubscribeAsync([new MqttSubscription("will")], Limit, TestContext.Current.CancellationToken);
        await using (ManagedMqttClient away = await OpenAsync(broker, "away"))
        {
            await away.SubscribeAsync([new MqttSubscription("mail")], Limit, TestContext.Current.CancellationToken);
        }

        await watcher.PublishAsync(new MqttMessage("mail", "for you"), TestContext.Current.CancellationToken);
        await watcher.DrainAsync(Limit, TestContext.Current.CancellationToken);
        List<Stream> streams = [];
        ManagedMqttOptions options = Options(broker, "away", MqttProtocolVersion.V311) with
        {
            Source = MqttStreamSource.ForStreams("broker", async token =>
            {
                Stream stream = await MqttStreamSource.ForTcp("127.0.0.1", broker.Port).OpenAsync(token);
                streams.Add(stream);
                return stream;
            }),
            Will = new MqttMessage("will", "gone"),
        };
        await using ManagedMqttClient back = await ManagedMqttClient.OpenAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal("for you"u8.ToArray(), (await back.ReadOneAsync()).Payload.ToArray());

        await streams[0].DisposeAsync();

        Assert.Equal("gone"u8.ToArray(), (await watcher.ReadOneAsync()).Payload.ToArray());
    }

    private ManagedMqttOptions Options(Mosquitto broker, string id, MqttProtocolVersion version) =>
        new(MqttStreamSource.ForTcp("127.0.0.1", broker.Port), MqttSignIn.Anonymous(id))
        {
            ProtocolVersion = version,
            Outbox = new MqttOutboxOptions { Path = Path.Combine(_folder, id + ".db") },
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(50) },
        };

    private Task<ManagedMqttClient> OpenAsync(
        Mosquitto broker, string id, MqttProtocolVersion version = MqttProtocolVersion.V311) =>
        ManagedMqttClient.OpenAsync(Options(broker, id, version), TestContext.Current.CancellationToken);
}
