using ModemDriver.Mqtt.Outbox;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>The queue of the outbox, on a store whose answers come when the test says.</summary>
public sealed class OutboxQueueTests
{
    [Fact]
    public async Task A_repeated_key_in_front_does_not_hold_back_the_message_behind_it()
    {
        await using HeldStore store = new();
        await using OutboxQueue queue = new(
            store, new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory }, TimeProvider.System);
        await queue.OpenAsync(TestContext.Current.CancellationToken);
        List<OutboxEntry> taken = [];
        // What the sender does each time it is woken.
        queue.Available = () => queue.Take(taken, maxCount: 10, maxBytes: 1000, window: 10);

        Task<MqttReceipt> repeated = queue.AcceptAsync(new MqttMessage("a", "x") { Key = "k" }).AsTask();
        Task<MqttReceipt> behind = queue.AcceptAsync(new MqttMessage("a", "y") { Key = "l" }).AsTask();
        store.Appends[1].SetResult(null);
        await behind;
        Assert.Empty(taken);
        store.Appends[0].SetResult(77);
        MqttReceipt receipt = await repeated;

        Assert.Equal((true, 77), (receipt.WasKnown, receipt.Sequence));
        Assert.Equal([(await behind).Sequence], taken.Select(entry => entry.Sequence));
    }

    /// <summary>Answers each append when it is told to; knows nothing else.</summary>
    private sealed class HeldStore : IMqttOutboxStore
    {
        public List<TaskCompletionSource<long?>> Appends { get; } = [];

        public bool KeepsMessages => false;

        public ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(new MqttStoredSession(0, null, [], []));

        public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped)
        {
            Appends.Add(new TaskCompletionSource<long?>());
            return new ValueTask<long?>(Appends[^1].Task);
        }

        public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter) => throw new NotSupportedException();

        public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
            throw new NotSupportedException();

        public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => throw new NotSupportedException();

        public ValueTask ReleaseAsync(long sequence) => throw new NotSupportedException();

        public ValueTask AddReceivedAsync(ushort identifier) => throw new NotSupportedException();

        public ValueTask RemoveReceivedAsync(ushort identifier) => throw new NotSupportedException();

        public ValueTask BeginSessionAsync(string identity) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
