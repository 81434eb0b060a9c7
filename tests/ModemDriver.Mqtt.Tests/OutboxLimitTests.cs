using ModemDriver.Mqtt.Outbox;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Limits, expiry and keys of the outbox, without a broker.</summary>
public sealed class OutboxLimitTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_full_outbox_refuses_and_keeps_what_it_has()
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions { MaxMessages = 2, Storage = MqttOutboxStorage.Memory });
        await AcceptAsync(queue, "1");
        await AcceptAsync(queue, "2");

        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(() => AcceptAsync(queue, "3"));

        Assert.Equal(MqttOutboxFailure.LimitReached, refused.Reason);
        Assert.Equal(["1", "2"], await TakeAsync(queue));
    }

    [Fact]
    public async Task The_limit_of_bytes_counts_topics_and_payloads()
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions { MaxBytes = 1024 });
        await queue.AcceptAsync(new MqttMessage("t", new byte[1000]));

        await Assert.ThrowsAsync<MqttOutboxException>(async () => await queue.AcceptAsync(new MqttMessage("t", new byte[23])));
        await queue.AcceptAsync(new MqttMessage("t", new byte[22]));

        Assert.Equal(1024, queue.Bytes);
        await Assert.ThrowsAsync<MqttOutboxException>(async () => await queue.AcceptAsync(new MqttMessage("t", new byte[2000])));
    }

    [Theory]
    [InlineData(MqttOutboxStorage.Memory)]
    [InlineData(MqttOutboxStorage.File)]
    public async Task The_oldest_is_dropped_and_counted_where_the_policy_says_so(MqttOutboxStorage storage)
    {
        MqttOutboxOptions options = new() { Storage = storage, MaxMessages = 2, WhenFull = MqttOutboxPolicy.DropOldest };
        await using (OutboxQueue queue = await OpenAsync(options))
        {
            MqttReceipt first = await AcceptAsync(queue, "1");
            await AcceptAsync(queue, "2");
            await AcceptAsync(queue, "3");

            Assert.Equal(MqttDeliveryOutcome.Dropped, await OutcomeAsync(first));
            Assert.Equal(1, queue.Counters.Dropped);
            Assert.Equal(2, queue.Count);
        }

        await using OutboxQueue again = await OpenAsync(options);
        Assert.Equal(storage == MqttOutboxStorage.File ? ["2", "3"] : [], await TakeAsync(again));
    }

    [Fact]
    public async Task The_newest_is_dropped_and_counted_where_the_policy_says_so()
    {
        await using OutboxQueue queue = await OpenAsync(
            new MqttOutboxOptions { MaxMessages = 1, WhenFull = MqttOutboxPolicy.DropNewest });
        await AcceptAsync(queue, "1");

        MqttReceipt second = await AcceptAsync(queue, "2");

        Assert.Equal(MqttDeliveryOutcome.Dropped, await OutcomeAsync(second));
        Assert.Equal(1, queue.Counters.Dropped);
        Assert.Equal(["1"], await TakeAsync(queue));
    }

    [Fact]
    public async Task A_message_on_its_way_is_not_dropped_to_make_room()
    {
        await using OutboxQueue queue = await OpenAsync(
            new MqttOutboxOptions { MaxMessages = 1, WhenFull = MqttOutboxPolicy.DropOldest });
        await AcceptAsync(queue, "1");
        List<OutboxEntry> batch = [];
        queue.Take(batch, 10, 1000, 10);
        batch[0].SentAt = _time.GetTimestamp();
        await queue.BeginAsync("me", isPresent: true);

        await Assert.ThrowsAsync<MqttOutboxException>(() => AcceptAsync(queue, "2"));

        Assert.Equal(["1"], await TakeAsync(queue));
    }

    [Fact]
    public async Task After_a_start_what_was_perhaps_sent_at_QoS_1_makes_room_and_expires_and_at_QoS_2_does_not()
    {
        MqttOutboxOptions options = new() { MaxMessages = 3, WhenFull = MqttOutboxPolicy.DropOldest };
        MqttMessage once = new("t", "") { Expiry = TimeSpan.FromMinutes(1) };
        await using (OutboxQueue queue = await OpenAsync(options))
        {
            await queue.AcceptAsync(once with { Payload = "1"u8.ToArray(), QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce });
            await queue.AcceptAsync(once with { Payload = "2"u8.ToArray() });
            await queue.AcceptAsync(once with { Payload = "3"u8.ToArray() });
        }

        await using OutboxQueue again = await OpenAsync(options);
        await AcceptAsync(again, "4");
        Assert.Equal(1, again.Counters.Dropped);
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["1", "4"], await TakeAsync(again));
        Assert.Equal(1, again.Counters.Expired);
    }

    [Theory]
    [InlineData(MqttOutboxStorage.Memory)]
    [InlineData(MqttOutboxStorage.File)]
    public async Task Expired_messages_are_dropped_before_they_are_sent_and_make_room(MqttOutboxStorage storage)
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions
        {
            Storage = storage, MaxMessages = 2, MaxAge = TimeSpan.FromMinutes(10),
        });
        MqttReceipt shortLived = await queue.AcceptAsync(new MqttMessage("t", "1") { Expiry = TimeSpan.FromMinutes(1) });
        MqttReceipt aged = await AcceptAsync(queue, "2");
        _time.Advance(TimeSpan.FromMinutes(1));
        await AcceptAsync(queue, "3");
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(["3"], await TakeAsync(queue));
        Assert.Equal(MqttDeliveryOutcome.Expired, await OutcomeAsync(shortLived));
        Assert.Equal(MqttDeliveryOutcome.Expired, await OutcomeAsync(aged));
        Assert.Equal(2, queue.Counters.Expired);
    }

    [Fact]
    public async Task A_sweep_drops_what_has_expired_and_the_oldest_age_is_of_what_is_left()
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions());
        await queue.AcceptAsync(new MqttMessage("t", "1") { Expiry = TimeSpan.FromMinutes(1) });
        _time.Advance(TimeSpan.FromSeconds(30));
        await AcceptAsync(queue, "2");
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(TimeSpan.FromSeconds(61), queue.OldestAge);

        await queue.SweepAsync();

        Assert.Equal(1, queue.Count);
        Assert.Equal(TimeSpan.FromSeconds(31), queue.OldestAge);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(-400)]
    public async Task Setting_the_clock_expires_nothing_and_forgets_no_key(int days)
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions());
        await queue.AcceptAsync(new MqttMessage("t", "1") { Expiry = TimeSpan.FromHours(1), Key = "k" });

        _time.WallClockOffset = TimeSpan.FromDays(days);
        await queue.SweepAsync();

        Assert.Equal(TimeSpan.Zero, queue.OldestAge);
        Assert.True((await queue.AcceptAsync(new MqttMessage("t", "1") { Key = "k" })).WasKnown);
        Assert.Equal(1, queue.Count);
    }

    [Theory]
    [InlineData(MqttOutboxStorage.Memory)]
    [InlineData(MqttOutboxStorage.File)]
    public async Task A_known_key_is_accepted_without_a_second_entry_until_its_time_is_over(MqttOutboxStorage storage)
    {
        await using OutboxQueue queue = await OpenAsync(
            new MqttOutboxOptions { Storage = storage, KeyRetention = TimeSpan.FromHours(1) });
        MqttMessage message = new("t", "1") { Key = "k" };
        MqttReceipt first = await queue.AcceptAsync(message);

        MqttReceipt second = await queue.AcceptAsync(message);
        Assert.False(first.WasKnown);
        Assert.True(second.WasKnown);
        Assert.Equal(first.Sequence, second.Sequence);
        Assert.Equal(1, queue.Count);
        Assert.Equal(1, queue.Counters.Repeated);

        List<OutboxEntry> batch = [];
        queue.Take(batch, 10, 1000, 10);
        queue.Acknowledge(batch[0].Identifier, MqttQualityOfServiceLevel.AtLeastOnce, null);
        Assert.Equal(MqttDeliveryOutcome.Delivered, await OutcomeAsync(second));
        Assert.Equal(MqttDeliveryOutcome.AcceptedBefore, await OutcomeAsync(await queue.AcceptAsync(message)));

        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.False((await queue.AcceptAsync(message)).WasKnown);
    }

    [Fact]
    public async Task Two_calls_with_one_key_at_the_same_time_store_one_message()
    {
        await using OutboxQueue queue = await OpenAsync(new MqttOutboxOptions { Storage = MqttOutboxStorage.File });

        MqttReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => queue.AcceptAsync(new MqttMessage("t", "1") { Key = "k" }).AsTask()));

        Assert.Single(receipts, receipt => !receipt.WasKnown);
        Assert.Equal(1, queue.Count);
        Assert.Equal(["1"], await TakeAsync(queue));
    }

    [Theory]
    [InlineData(MqttOutboxStorage.Memory)]
    [InlineData(MqttOutboxStorage.File)]
    public async Task A_hundred_thousand_messages_wait_and_are_taken_in_order(MqttOutboxStorage storage)
    {
        const int Count = 100_000;
        MqttOutboxOptions options = new() { Storage = storage, Durability = MqttOutboxDurability.Process };
        await using OutboxQueue queue = await OpenAsync(options);
        List<Task> accepting = [];
        for (int i = 0; i < Count; i++)
        {
            ValueTask<MqttReceipt> accepted = queue.AcceptAsync(new MqttMessage("t", $"{i}"));
            if (!accepted.IsCompletedSuccessfully)
            {
                accepting.Add(accepted.AsTask());
            }
        }

        await Task.WhenAll(accepting);
        Assert.Equal(Count, queue.Count);
        await Assert.ThrowsAsync<MqttOutboxException>(() => AcceptAsync(queue, "one too many"));
        for (int i = 0; i < Count;)
        {
            List<OutboxEntry> batch = [];
            List<MqttMessage?> messages = [];
            queue.Take(batch, 500, 1_000_000, 500);
            await queue.LoadAsync(batch, messages);
            Assert.NotEmpty(batch);
            foreach (MqttMessage? message in messages)
            {
                Assert.Equal($"{i++}", Text(message));
            }

            foreach (OutboxEntry entry in batch)
            {
                queue.Acknowledge(entry.Identifier, MqttQualityOfServiceLevel.AtLeastOnce, null);
            }

            await CaughtUpAsync(queue);
        }

        Assert.Equal(0, queue.Count);
    }

    private static string? Text(MqttMessage? message) =>
        message is null ? null : System.Text.Encoding.UTF8.GetString(message.Payload.Span);

    private static async Task<MqttReceipt> AcceptAsync(OutboxQueue queue, string text) =>
        await queue.AcceptAsync(new MqttMessage("t", text));

    private static async Task<MqttDeliveryOutcome> OutcomeAsync(MqttReceipt receipt) =>
        (await receipt.WaitForDeliveryAsync(cancellationToken: TestContext.Current.CancellationToken)).Outcome;

    private static async Task<string?[]> TakeAsync(OutboxQueue queue)
    {
        List<OutboxEntry> batch = [];
        List<MqttMessage?> messages = [];
        queue.Take(batch, 1000, 1_000_000, 1000);
        await queue.LoadAsync(batch, messages);
        return [.. messages.Select(Text)];
    }

    private async Task<OutboxQueue> OpenAsync(MqttOutboxOptions options)
    {
        MqttOutboxOptions placed = options with { Path = Path.Combine(_folder, "outbox.db") };
        IMqttOutboxStore store = placed.Storage == MqttOutboxStorage.Memory
            ? new MemoryStore()
            : new SqliteStore(placed, _time);
        OutboxQueue queue = new(store, placed, _time);
        await queue.OpenAsync(TestContext.Current.CancellationToken);
        return queue;
    }

    /// <summary>Waits until the file has caught up with what was removed.</summary>
    private static async Task CaughtUpAsync(OutboxQueue queue)
    {
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Available = () =>
        {
            if (queue.Removing == 0)
            {
                signal.TrySetResult();
            }
        };
        if (queue.Removing > 0)
        {
            await signal.Task.WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        }
    }
}
