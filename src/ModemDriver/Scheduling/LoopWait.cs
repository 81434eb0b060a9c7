namespace ModemDriver.Scheduling;

/// <summary>Bounded waits on the loop that never leave it.</summary>
/// <remarks>
/// <see cref="Task.WaitAsync(TimeSpan, TimeProvider, CancellationToken)"/> of a source that runs its continuations
/// asynchronously ends by way of the thread pool, beside the loop: on a loop that is pumped by hand the same run would
/// not give the same order twice. An await of the source itself posts to the loop at once.
/// </remarks>
internal static class LoopWait
{
    /// <summary>Waits for a task without a limit of its own.</summary>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public static Task ForAsync(Task task, CancellationToken cancellationToken) =>
        ForAsync(task, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Waits for a task at most so long.</summary>
    /// <exception cref="TimeoutException">The limit ran out first.</exception>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public static async Task ForAsync(
        Task task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken = default)
    {
        if (task.IsCompleted)
        {
            await task;
            return;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetException(new TimeoutException()),
            ended,
            limit,
            Timeout.InfiniteTimeSpan);
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), ended);
        _ = RelayAsync(task, ended);
        await ended.Task;
    }

    // The outcome goes to whoever waits; when nobody does any more, the task's own owner has it.
    private static async Task RelayAsync(Task task, TaskCompletionSource ended)
    {
        await task.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        ended.TrySetFromTask(task);
    }
}
