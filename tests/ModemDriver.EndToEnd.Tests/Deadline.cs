namespace ModemDriver.EndToEnd.Tests;

/// <summary>The limit of every wait in the tests: far above what a busy machine needs.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Within(this Task task, CancellationToken cancellationToken) => task.WaitAsync(Limit, cancellationToken);

    public static Task<T> Within<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.WaitAsync(Limit, cancellationToken);

    public static Task<T> Within<T>(this ValueTask<T> task, CancellationToken cancellationToken) =>
        task.AsTask().WaitAsync(Limit, cancellationToken);

    public static Task Within(this ValueTask task, CancellationToken cancellationToken) =>
        task.AsTask().WaitAsync(Limit, cancellationToken);
}
