using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Keeps the session in a file. One thread works on it; what has gathered meanwhile is one transaction.</summary>
internal sealed class SqliteStore(MqttOutboxOptions options, TimeProvider time, int maxPages = 0)
    : IMqttOutboxStore
{
    // Bounds a transaction, and with it what is done once more when it fails.
    private const int MaxBatch = 512;

    private readonly BlockingCollection<StoreOperation> _operations = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private int _isDisposed;

    public bool KeepsMessages => true;

    public async ValueTask<MqttStoredSession> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<MqttStoredSession> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own: SQLite blocks, on the disk and on its lock.
        _thread = new Thread(() => Work(opened)) { IsBackground = true, Name = "mqtt-outbox" };
        _thread.Start();
        return await opened.Task.ConfigureAwait(false);
    }

    public ValueTask<long?> AppendAsync(MqttStoredMessage message, IReadOnlyList<long> dropped) =>
        Post(file => file.Append(message, dropped));

    public ValueTask<long?> FindKeyAsync(string key, DateTimeOffset storedAfter) =>
        Post(file => file.FindKey(key, storedAfter));

    public ValueTask<IReadOnlyDictionary<long, MqttMessage>> ReadAsync(IReadOnlyList<long> sequences) =>
        Post(file => file.Read(sequences));

    public ValueTask RemoveAsync(IReadOnlyList<long> sequences) => PostAction(file => file.Remove(sequences));

    public ValueTask ReleaseAsync(long sequence) => PostAction(file => file.Release(sequence));

    public ValueTask AddReceivedAsync(ushort identifier) => PostAction(file => file.AddReceived(identifier));

    public ValueTask RemoveReceivedAsync(ushort identifier) => PostAction(file => file.RemoveReceived(identifier));

    public ValueTask BeginSessionAsync(string identity) => PostAction(file => file.BeginSession(identity));

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _operations.CompleteAdding();
            if (_thread is not null)
            {
                // What was posted is still written. SQLite's waits are bounded; those of the disk are the disk's.
                await _ended.Task.ConfigureAwait(false);
            }

            _operations.Dispose();
        }
    }

    private ValueTask<T> Post<T>(Func<SqliteFile, T> run)
    {
        StoreOperation<T> operation = new(run);
        try
        {
            _operations.Add(operation);
        }
        catch (InvalidOperationException)
        {
            return ValueTask.FromException<T>(Closed());
        }

        return new ValueTask<T>(operation.Task);
    }

    private ValueTask PostAction(Action<SqliteFile> run)
    {
        StoreOperation<bool> operation = new(file =>
        {
            run(file);
            return true;
        });
        try
        {
            _operations.Add(operation);
        }
        catch (InvalidOperationException)
        {
            return ValueTask.FromException(Closed());
        }

        return new ValueTask(operation.Task);
    }

    private MqttOutboxException Failed(Exception cause) =>
        new(MqttOutboxFailure.Unknown, $"The outbox {options.Path} failed: {cause.Message}", cause);

    private MqttOutboxException Closed() =>
        new(MqttOutboxFailure.NotAccessible, $"The outbox {options.Path} is closed.");

    private void Work(TaskCompletionSource<MqttStoredSession> opened)
    {
        SqliteFile file;
        try
        {
            file = SqliteFile.Open(options.Path, options.Durability, maxPages);
        }
#pragma warning disable CA1031 // An exception out of a thread ends the process; whoever opens the outbox gets it instead.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            opened.SetException(failure as MqttOutboxException ?? Failed(failure));
            _ended.SetResult();
            return;
        }

        try
        {
            opened.SetResult(file.Load(time.GetUtcNow()));
            List<StoreOperation> batch = new(MaxBatch);
            foreach (StoreOperation first in _operations.GetConsumingEnumerable())
            {
                batch.Add(first);
                while (batch.Count < MaxBatch && _operations.TryTake(out StoreOperation? next))
                {
                    batch.Add(next);
                }

                RunBatch(file, batch);
                batch.Clear();
            }
        }
        catch (SqliteException failure)
        {
            opened.TrySetException(SqliteErrors.Translate(failure, options.Path));
        }
        catch (MqttOutboxException failure)
        {
            opened.TrySetException(failure);
        }
#pragma warning disable CA1031 // As above: a value of another kind than its column should have, for example.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            opened.TrySetException(new MqttOutboxException(
                MqttOutboxFailure.Corrupt,
                $"The outbox {options.Path} holds what cannot be; it was kept: {failure.Message}",
                failure));
        }
        finally
        {
            Close(file);
            _ended.SetResult();
        }
    }

    private void RunBatch(SqliteFile file, List<StoreOperation> batch)
    {
        if (TryRun(file, batch, out MqttOutboxException? failure))
        {
            return;
        }

        if (batch.Count == 1)
        {
            batch[0].Fail(failure);
            return;
        }

        // One of them has failed all: each by itself, so that it fails alone.
        List<StoreOperation> single = [batch[0]];
        foreach (StoreOperation operation in batch)
        {
            single[0] = operation;
            if (!TryRun(file, single, out MqttOutboxException? own))
            {
                operation.Fail(own);
            }
        }
    }

    private bool TryRun(
        SqliteFile file,
        List<StoreOperation> batch,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out MqttOutboxException? failure)
    {
        try
        {
            file.Begin();
            foreach (StoreOperation operation in batch)
            {
                operation.Run(file);
            }

            file.Commit();
        }
        catch (SqliteException cause)
        {
            failure = SqliteErrors.Translate(cause, options.Path);
            Undo(file);
            return false;
        }
#pragma warning disable CA1031 // Whatever it is, somebody waits for the operation: it fails, and the thread goes on.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            failure = Failed(cause);
            Undo(file);
            return false;
        }

        foreach (StoreOperation operation in batch)
        {
            operation.Succeed();
        }

        failure = null;
        return true;
    }

    private static void Undo(SqliteFile file)
    {
        try
        {
            file.Rollback();
        }
        catch (SqliteException)
        {
            // The disk is beyond even that. The next Begin fails, and says so to whoever asked for it.
        }
    }

    private static void Close(SqliteFile file)
    {
        try
        {
            file.Dispose();
        }
        catch (SqliteException)
        {
            // The last checkpoint failed; the WAL has everything, and the next opening replays it.
        }
    }
}
