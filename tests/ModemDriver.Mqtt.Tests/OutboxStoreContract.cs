using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>
/// What a client relies on in a store. It needs nothing but public members: a copy of this file tests a store of your own.
/// </summary>
public abstract class OutboxStoreContract
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A store that is yet to be opened, in the same place each time.</summary>
    protected abstract IMqttOutboxStore NewStore();

    [Fact]
    public async Task Messages_are_there_after_a_new_start_in_order_with_all_they_had()
    {
        MqttMessage rich = new("b", new byte[] { 0, 255 })
        {
            QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce,
            Retain = true,
            Expiry = TimeSpan.FromDays(2),
            Key = "k",
            ContentType = "text/plain",
            ResponseTopic = "r",
            CorrelationData = new byte[] { 7 },
            Properties = [new MqttProperty("n", "1"), new MqttProperty("n", "2")],
        };
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            Assert.Null(await AppendAsync(store, 1, new MqttMessage("a", "")));
            Assert.Null(await AppendAsync(store, 2, rich));
        }

        await using IMqttOutboxStore again = NewStore();
        MqttStoredSession stored = await again.OpenAsync(Token);
        IReadOnlyDictionary<long, MqttMessage> messages = await again.ReadAsync([2, 1, 3]);

        Assert.Equal(
            [
                new MqttStoredEntry(1, MqttQualityOfServiceLevel.AtLeastOnce, 100, Start, null, HasKey: false, IsReleased: false),
                new MqttStoredEntry(2, MqttQualityOfServiceLevel.ExactlyOnce, 100, Start, TimeSpan.FromDays(2), HasKey: true, IsReleased: false),
            ],
            stored.Entries);
        Assert.Equal(2, stored.LastSequence);
        Assert.Null(stored.Identity);
        Assert.Equal([1, 2], messages.Keys.Order());
        Assert.Equal(0, messages[1].Payload.Length);
        MqttMessage read = messages[2];
        Assert.Equal(rich.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(rich.CorrelationData.ToArray(), read.CorrelationData.ToArray());
        Assert.Equal(rich.Properties, read.Properties);
        Assert.Equal(
            (rich.Topic, rich.QualityOfService, rich.Retain, rich.Expiry, rich.ContentType, rich.ResponseTopic),
            (read.Topic, read.QualityOfService, read.Retain, read.Expiry, read.ContentType, read.ResponseTopic));
    }

    [Fact]
    public async Task Numbers_go_on_after_the_last_message_was_removed()
    {
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            await AppendAsync(store, 41, new MqttMessage("a", "x"));
            await store.RemoveAsync([41, 7]);
        }

        await using IMqttOutboxStore again = NewStore();
        MqttStoredSession stored = await again.OpenAsync(Token);

        Assert.Equal(41, stored.LastSequence);
        Assert.Empty(stored.Entries);
    }

    [Fact]
    public async Task A_known_key_stores_and_drops_nothing_also_when_its_message_has_gone_until_its_time_is_over()
    {
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("a", "first") { Key = "k" });
            await store.RemoveAsync([1]);
            await AppendAsync(store, 2, new MqttMessage("a", "other"));
        }

        await using (IMqttOutboxStore store = await OpenAsync())
        {
            Assert.Equal(1, await store.FindKeyAsync("k", Start - TimeSpan.FromHours(1)));
            Assert.Null(await store.FindKeyAsync("K", Start - TimeSpan.FromHours(1)));
            Assert.Null(await store.FindKeyAsync("k", Start));
            Assert.Equal(1, await AppendAsync(store, 3, new MqttMessage("a", "again") { Key = "k" }, dropped: [2]));
            Assert.Null(await AppendAsync(store, 4, new MqttMessage("a", "late") { Key = "k" }, Start + TimeSpan.FromHours(1)));
            Assert.Equal(4, await store.FindKeyAsync("k", Start));
        }

        await using IMqttOutboxStore again = NewStore();
        Assert.Equal([2, 4], (await again.OpenAsync(Token)).Entries.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Room_is_made_with_the_message_that_needs_it()
    {
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("a", "1"));
            await AppendAsync(store, 2, new MqttMessage("a", "2"));
            await AppendAsync(store, 3, new MqttMessage("a", "3"), dropped: [1, 2]);
        }

        await using IMqttOutboxStore again = NewStore();
        Assert.Equal([3], (await again.OpenAsync(Token)).Entries.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task The_state_of_QoS_2_is_there_after_a_new_start_and_gone_with_the_session()
    {
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("a", "x"));
            await store.BeginSessionAsync("me");
            await store.ReleaseAsync(1);
            await store.AddReceivedAsync(9);
            await store.AddReceivedAsync(9);
            await store.AddReceivedAsync(8);
            await store.RemoveReceivedAsync(8);
        }

        await using (IMqttOutboxStore again = NewStore())
        {
            MqttStoredSession stored = await again.OpenAsync(Token);
            Assert.Equal("me", stored.Identity);
            Assert.True(Assert.Single(stored.Entries).IsReleased);
            Assert.Equal<ushort>([9], stored.Received);
            await again.BeginSessionAsync("you");
        }

        await using IMqttOutboxStore third = NewStore();
        MqttStoredSession fresh = await third.OpenAsync(Token);
        Assert.Equal("you", fresh.Identity);
        Assert.False(Assert.Single(fresh.Entries).IsReleased);
        Assert.Empty(fresh.Received);
    }

    [Fact]
    public async Task Calls_that_do_not_wait_for_each_other_take_effect_in_their_order()
    {
        const int Count = 200;
        List<Task> calls = [];
        await using (IMqttOutboxStore store = await OpenAsync())
        {
            for (int i = 1; i <= Count; i++)
            {
                calls.Add(AppendAsync(store, i, new MqttMessage("a", $"{i}") { Key = $"{i % 150}" }).AsTask());
                calls.Add(store.RemoveAsync([i - 1]).AsTask());
            }

            await Task.WhenAll(calls);
        }

        // The last fifty repeat keys: they are not stored.
        await using IMqttOutboxStore again = NewStore();
        Assert.Equal([], (await again.OpenAsync(Token)).Entries.Select(entry => entry.Sequence));
        Assert.Equal(150, await again.FindKeyAsync("0", Start - TimeSpan.FromHours(1)));
        Assert.Equal(50, await again.FindKeyAsync("50", Start - TimeSpan.FromHours(1)));
    }

    private async Task<IMqttOutboxStore> OpenAsync()
    {
        IMqttOutboxStore store = NewStore();
        await store.OpenAsync(Token);
        return store;
    }

    private static ValueTask<long?> AppendAsync(
        IMqttOutboxStore store, long sequence, MqttMessage message, DateTimeOffset? at = null, long[]? dropped = null)
    {
        DateTimeOffset accepted = at ?? Start;
        return store.AppendAsync(
            new MqttStoredMessage(sequence, message, 100, accepted, accepted - TimeSpan.FromHours(1)), dropped ?? []);
    }
}
