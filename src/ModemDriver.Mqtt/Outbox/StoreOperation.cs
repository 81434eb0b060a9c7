namespace ModemDriver.Mqtt.Outbox;

/// <summary>Something to do with the file; several are done in one transaction.</summary>
internal abstract class StoreOperation
{
    /// <summary>Does it, within a transaction. May be called again after that was rolled back.</summary>
    public abstract void Run(SqliteFile file);

    /// <summary>The transaction is committed.</summary>
    public abstract void Succeed();

    /// <summary>It was not done.</summary>
    public abstract void Fail(MqttOutboxException failure);
}

/// <summary>One with a result.</summary>
internal sealed class StoreOperation<T>(Func<SqliteFile, T> run) : StoreOperation
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Ends when the result is durable.</summary>
    public Task<T> Task => _done.Task;

    public override void Run(SqliteFile file) => _result = run(file);

    public override void Succeed() => _done.TrySetResult(_result!); // Run has set it

    public override void Fail(MqttOutboxException failure) => _done.TrySetException(failure);
}
