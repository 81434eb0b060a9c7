namespace ModemDriver.Links;

/// <summary>The calls for which one suspension of a session lasts: it ends with the last of them.</summary>
internal sealed class SuspendedCalls
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>The module takes commands, or could not be made to.</summary>
    public void SetReady() => _ready.TrySetResult();

    /// <summary>Runs one of the calls, once the module takes commands.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> action)
    {
        _count++;
        try
        {
            await _ready.Task;
            return await action();
        }
        finally
        {
            if (--_count == 0)
            {
                _ended.TrySetResult();
            }
        }
    }

    /// <summary>Ends when no call is left.</summary>
    public Task EndAsync() => _ended.Task;
}
