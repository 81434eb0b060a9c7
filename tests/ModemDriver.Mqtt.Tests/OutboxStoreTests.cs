using ModemDriver.Mqtt.Outbox;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>The file keeps the contract.</summary>
public sealed class SqliteStoreTests : OutboxStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override IMqttOutboxStore NewStore() => new SqliteStore(
        new MqttOutboxOptions { Path = Path.Combine(_folder, "outbox.db") },
        new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero)));
}

/// <summary>A store of a user's, made of public members only.</summary>
public sealed class OwnStoreTests : OutboxStoreContract
{
    private readonly OwnStore.Disk _disk = new();

    [Fact]
    public async Task A_client_goes_on_with_it_where_an_earlier_one_stood()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using ScriptedBroker broker = new();
        ManagedMqttOptions options = ManagedMqttClientTests.Options(broker);
        MqttMessage twice = new("t", "1") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce, Key = "k" };
        ushort first;
        await using (ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, NewStore(), token))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await client.PublishAsync(twice, token);
            first = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
            await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = first });
            await link.ExpectAsync<MqttPubRelPacket>();
            await client.PublishAsync(new MqttMessage("t", "2"), token);
            await link.ExpectAsync<MqttPublishPacket>();
        }

        await using ManagedMqttClient anew = await ManagedMqttClient.OpenAsync(options, NewStore(), token);
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        Assert.Equal(first, (await next.ExpectAsync<MqttPubRelPacket>()).PacketIdentifier);
        MqttPublishPacket second = await next.ExpectAsync<MqttPublishPacket>();
        Assert.True(second.Dup);
        Assert.Equal("2"u8.ToArray(), second.Payload.FirstSpan.ToArray());
        await next.SendAsync(new MqttPubCompPacket { PacketIdentifier = first });
        await next.SendAsync(new MqttPubAckPacket { PacketIdentifier = second.PacketIdentifier });
        await anew.DrainAsync(cancellationToken: token);
        Assert.True((await anew.PublishAsync(twice, token)).WasKnown);
    }

    [Fact]
    public async Task What_it_throws_is_inside_an_exception_of_the_outbox_and_ends_nothing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using ScriptedBroker broker = new();
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            ManagedMqttClientTests.Options(broker), NewStore(), token);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: token);
        _disk.Failure = new InvalidDataException("worn out");

        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(
            async () => await client.PublishAsync(new MqttMessage("t", "1"), token));
        Assert.Equal(MqttOutboxFailure.Unknown, refused.Reason);
        Assert.Same(_disk.Failure, refused.InnerException);

        _disk.Failure = null;
        await client.PublishAsync(new MqttMessage("t", "2"), token);
        Assert.Equal("2"u8.ToArray(), (await link.ExpectAsync<MqttPublishPacket>()).Payload.FirstSpan.ToArray());
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_or_is_not_wanted_is_disposed()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using ScriptedBroker broker = new();
        ManagedMqttOptions options = ManagedMqttClientTests.Options(broker);
        _disk.Failure = new InvalidDataException("worn out");

        await Assert.ThrowsAsync<MqttOutboxException>(() => ManagedMqttClient.OpenAsync(options, NewStore(), token));
        await Assert.ThrowsAsync<ArgumentException>(
            () => ManagedMqttClient.OpenAsync(options with { MaxInFlight = 0 }, NewStore(), token));

        Assert.Equal(2, _disk.Disposals);
    }

    protected override IMqttOutboxStore NewStore() => new OwnStore(_disk);
}
