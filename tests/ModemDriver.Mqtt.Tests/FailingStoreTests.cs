using ModemDriver.Mqtt.Outbox;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>A disk that fills up while the client works.</summary>
public sealed class FailingStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PUBREL_is_not_sent_before_PUBREC_is_stored_and_the_exchange_goes_on_when_it_can_be()
    {
        await using ScriptedBroker broker = new();
        FullDisk store = new(NewStore());
        await using ManagedMqttClient client = await OpenAsync(broker, store);
        List<MqttDisconnectCause> causes = [];
        client.StateChanged += (_, change) => causes.Add(change.Cause);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("t", "x") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce },
            TestContext.Current.CancellationToken);
        ushort identifier = (await link.ExpectAsync<MqttPublishPacket>()).PacketIdentifier;
        store.IsFull = true;
        await link.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
        await link.ExpectEndAsync();
        store.IsFull = false;

        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        Assert.True((await next.ExpectAsync<MqttPublishPacket>()).Dup);
        await next.SendAsync(new MqttPubRecPacket { PacketIdentifier = identifier });
        await next.ExpectAsync<MqttPubRelPacket>();
        await next.SendAsync(new MqttPubCompPacket { PacketIdentifier = identifier });
        MqttDelivery delivery = await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(MqttDeliveryOutcome.Delivered, delivery.Outcome);
        Assert.Contains(MqttDisconnectCause.OutboxFailed, causes);
    }

    [Fact]
    public async Task PUBREC_is_not_sent_before_the_identifier_is_stored()
    {
        await using ScriptedBroker broker = new();
        FullDisk store = new(NewStore());
        await using ManagedMqttClient client = await OpenAsync(broker, store);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
        store.IsFull = true;
        await link.SendAsync(new MqttPublishPacket
        {
            Topic = "in",
            QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce,
            PacketIdentifier = 3,
        });
        await client.ReadOneAsync();

        await link.ExpectEndAsync();
        store.IsFull = false;
        BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
        await client.SubscribeAndAnswerAsync(next, "works");
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_is_not_accepted_and_not_sent()
    {
        await using ScriptedBroker broker = new();
        FullDisk store = new(NewStore());
        await using ManagedMqttClient client = await OpenAsync(broker, store);
        BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
        store.IsFull = true;
        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(
            async () => await client.PublishAsync(new MqttMessage("t", "1"), TestContext.Current.CancellationToken));
        store.IsFull = false;
        await client.PublishAsync(new MqttMessage("t", "2"), TestContext.Current.CancellationToken);

        Assert.Equal(MqttOutboxFailure.DiskFull, refused.Reason);
        Assert.Equal("2"u8.ToArray(), (await link.ExpectAsync<MqttPublishPacket>()).Payload.FirstSpan.ToArray());
        Assert.Equal(1, client.Statistics.Waiting);
    }

    [Fact]
    public async Task A_delivered_message_that_could_not_be_removed_is_removed_later_and_not_sent_after_a_new_start()
    {
        await using ScriptedBroker broker = new();
        FullDisk store = new(NewStore());
        await using (ManagedMqttClient client = await OpenAsync(broker, store))
        {
            BrokerLink link = await broker.AcceptAsync(sessionPresent: false);
            await DeliverAsync(client, link, () => store.IsFull = true);
            await link.ExpectEndAsync();
            store.IsFull = false;
            BrokerLink next = await broker.AcceptAsync(sessionPresent: true);
            await DeliverAsync(client, next, () => { });
        }

        await using SqliteStore again = NewStore();
        Assert.Empty((await again.OpenAsync(TestContext.Current.CancellationToken)).Entries);
    }

    [Fact]
    public async Task What_was_handed_over_in_a_lost_session_does_not_become_a_message_to_send()
    {
        FullDisk store = new(NewStore());
        await using (OutboxQueue queue = new(store, new MqttOutboxOptions(), TimeProvider.System))
        {
            await queue.OpenAsync(TestContext.Current.CancellationToken);
            await queue.AcceptAsync(new MqttMessage("t", "1") { QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce });
            List<OutboxEntry> batch = [];
            queue.Take(batch, 1, 1000, 1);
            await queue.ReleaseAsync(batch[0].Identifier);
            store.IsFull = true;
            await Assert.ThrowsAsync<MqttOutboxException>(() => queue.BeginAsync("me", isPresent: false));
            store.IsFull = false;

            Assert.Empty(await queue.BeginAsync("me", isPresent: false));
            Assert.Equal(0, queue.Count);
        }

        await using SqliteStore again = NewStore();
        Assert.Empty((await again.OpenAsync(TestContext.Current.CancellationToken)).Entries);
    }

    private static async Task DeliverAsync(ManagedMqttClient client, BrokerLink link, Action beforeAnswer)
    {
        MqttReceipt receipt = await client.PublishAsync(new MqttMessage("t", "x"), TestContext.Current.CancellationToken);
        MqttPublishPacket packet = await link.ExpectAsync<MqttPublishPacket>();
        beforeAnswer();
        await link.SendAsync(new MqttPubAckPacket { PacketIdentifier = packet.PacketIdentifier });
        await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    private SqliteStore NewStore() =>
        new(new MqttOutboxOptions { Path = Path.Combine(_folder, "outbox.db") }, TimeProvider.System);

    private static async Task<ManagedMqttClient> OpenAsync(ScriptedBroker broker, FullDisk store)
    {
        ManagedMqttOptions options = ManagedMqttClientTests.Options(broker) with
        {
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(20) },
        };
        return await ManagedMqttClient.OpenAsync(options, store, TestContext.Current.CancellationToken);
    }

    /// <summary>A store whose changes fail while the disk is full.</summary>
    private sealed class FullDisk(SqliteStore store) : IMqttOutboxStore
    {
        public volatile bool IsFull;

        public bool KeepsMessages => true;

        public ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken) => store.OpenAsync(cancellationToken);

        public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped) =>
            IsFull ? ValueTask.FromException<long?>(Failure()) : store.AppendAsync(message, dropped);

        public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter) => store.FindKeyAsync(key, storedAfter);

        public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
            store.ReadAsync(sequences);

        public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => Change(() => store.RemoveAsync(sequences));

        public ValueTask ReleaseAsync(long sequence) => Change(() => store.ReleaseAsync(sequence));

        public ValueTask AddReceivedAsync(ushort identifier) => Change(() => store.AddReceivedAsync(identifier));

        public ValueTask RemoveReceivedAsync(ushort identifier) => Change(() => store.RemoveReceivedAsync(identifier));

        public ValueTask BeginSessionAsync(string identity) => Change(() => store.BeginSessionAsync(identity));

        public ValueTask DisposeAsync() => store.DisposeAsync();

        private ValueTask Change(Func<ValueTask> change) => IsFull ? ValueTask.FromException(Failure()) : change();

        private static MqttOutboxException Failure() => new(MqttOutboxFailure.DiskFull, "The disk is full.");
    }
}
