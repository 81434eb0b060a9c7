using System.Diagnostics;

namespace ModemDriver.Tests.Transport;

/// <summary>The limit of every wait in the tests: far above what a busy machine needs, and below that of the runner.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Within(this Task task, CancellationToken cancellationToken) => task.WaitAsync(Limit, cancellationToken);

    public static Task<T> Within<T>(this Task<T> task, CancellationToken cancellationToken) =>
        task.WaitAsync(Limit, cancellationToken);

    public static Task Within(this ValueTask task, CancellationToken cancellationToken) =>
        task.AsTask().WaitAsync(Limit, cancellationToken);

    /// <summary>For what tells nobody when it happens: asks again and again.</summary>
    public static async Task UntilAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"It did not come true within {Limit}.");
            await Task.Yield();
        }
    }
}
