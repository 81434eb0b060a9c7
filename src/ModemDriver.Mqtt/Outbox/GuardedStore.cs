namespace ModemDriver.Mqtt.Outbox;

/// <summary>A store of the user's: whatever it throws is an exception of the outbox, which the client knows to handle.</summary>
internal sealed class GuardedStore(IMqttOutboxStore store) : IMqttOutboxStore
{
    public bool KeepsMessages => store.KeepsMessages;

    public ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => store.OpenAsync(cancellationToken), cancellationToken);

    public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped) =>
        GuardAsync(() => store.AppendAsync(message, dropped));

    public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter) =>
        GuardAsync(() => store.FindKeyAsync(key, storedAfter));

    public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
        GuardAsync(() => store.ReadAsync(sequences));

    public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => GuardAsync(() => store.RemoveAsync(sequences));

    public ValueTask ReleaseAsync(long sequence) => GuardAsync(() => store.ReleaseAsync(sequence));

    public ValueTask AddReceivedAsync(ushort identifier) => GuardAsync(() => store.AddReceivedAsync(identifier));

    public ValueTask RemoveReceivedAsync(ushort identifier) => GuardAsync(() => store.RemoveReceivedAsync(identifier));

    public ValueTask BeginSessionAsync(string identity) => GuardAsync(() => store.BeginSessionAsync(identity));

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken = default)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is not MqttOutboxException && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(failure);
        }
    }

    private static async ValueTask GuardAsync(Func<ValueTask> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not MqttOutboxException)
        {
            throw Failed(failure);
        }
    }

    private static MqttOutboxException Failed(Exception failure) =>
        new(MqttOutboxFailure.Unknown, $"The outbox failed: {failure.Message}", failure);
}
