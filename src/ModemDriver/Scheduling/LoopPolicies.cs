using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Retry;

namespace ModemDriver.Scheduling;

/// <summary>The one place where Polly runs on the loop.</summary>
/// <remarks>
/// Without <c>continueOnCapturedContext</c> the second attempt would be off the loop; without a predicate of ours every
/// exception but a cancellation would be retried, bugs included.
/// </remarks>
internal static class LoopPolicies
{
    /// <summary>Runs an attempt until it is not to be repeated, with growing waits on the given clock.</summary>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="backOff">The waits.</param>
    /// <param name="shouldRepeat">Tells from an outcome whether to try again. Exceptions are never repeated.</param>
    /// <param name="attempt">One attempt; knows its own deadline.</param>
    /// <param name="cancellationToken">Ends a wait between attempts.</param>
    public static async Task<T> RetryAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(
        TimeProvider time,
        BackOff backOff,
        Func<T, bool> shouldRepeat,
        Func<Task<T>> attempt,
        CancellationToken cancellationToken)
    {
        var strategy = new RetryStrategyOptions<T>
        {
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is null && shouldRepeat(arguments.Outcome.Result!)),
            MaxRetryAttempts = int.MaxValue,
            Delay = backOff.First,
            MaxDelay = backOff.Longest,
            BackoffType = DelayBackoffType.Exponential,
        };
        if (backOff.Jitter is { } jitter)
        {
            strategy.UseJitter = true;
            strategy.Randomizer = jitter.NextDouble;
        }

        var pipeline = new ResiliencePipelineBuilder<T> { TimeProvider = time }.AddRetry(strategy).Build();
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (_, run) => await run(), context, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
