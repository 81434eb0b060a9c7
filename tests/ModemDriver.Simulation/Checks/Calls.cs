using System.Globalization;

namespace ModemDriver.Simulation.Checks;

/// <summary>Calls of users: each is given a limit, may be cancelled, and may fail only as documented.</summary>
internal sealed class Calls(TimeProvider time, Ledger ledger, SecretWatch secrets)
{
    // A token ends a wait at once; the rest is for the callbacks of the same moment.
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(1);

    /// <summary>How many have not ended.</summary>
    public int Pending { get; private set; }

    /// <summary>Makes a call whose failure, if documented, is an outcome.</summary>
    /// <param name="name">For the report.</param>
    /// <param name="limit">By when it ends.</param>
    /// <param name="call">The call; its token fires at <paramref name="cancelAfter"/>.</param>
    /// <param name="cancelAfter">When its caller goes; <see langword="null"/> for never.</param>
    /// <param name="endsAtOnce">Whether a token ends it at once.</param>
    /// <returns>The result, or the exception.</returns>
    public async Task<Outcome<T>> TryAsync<T>(
        string name,
        TimeSpan limit,
        Func<CancellationToken, Task<T>> call,
        TimeSpan? cancelAfter = null,
        bool endsAtOnce = true)
    {
        using var cancellation = new CancellationTokenSource();
        using ITimer deadline = time.CreateTimer(
            _ => ledger.Violated(
                Promise.Time,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} has not ended after {limit}{(cancellation.IsCancellationRequested ? " (cancelled)" : "")}")),
            null,
            limit,
            Timeout.InfiniteTimeSpan);
        using ITimer? cancel = cancelAfter is not { } after ? null : time.CreateTimer(
            _ => Cancel(cancellation, endsAtOnce ? deadline : null), null, after, Timeout.InfiniteTimeSpan);
        Pending++;
        try
        {
            T result = await call(cancellation.Token);
            ledger.Count($"call {name}: done");
            return new Outcome<T>(result, null);
        }
#pragma warning disable CA1031 // Which exceptions may come is what is looked at here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Judge(name, exception, cancellation);
            return new Outcome<T>(default, exception);
        }
        finally
        {
            Pending--;
        }
    }

    /// <inheritdoc cref="TryAsync{T}"/>
    public Task<Outcome<bool>> TryAsync(
        string name,
        TimeSpan limit,
        Func<CancellationToken, Task> call,
        TimeSpan? cancelAfter = null,
        bool endsAtOnce = true) =>
        TryAsync(
            name,
            limit,
            async token =>
            {
                await call(token);
                return true;
            },
            cancelAfter,
            endsAtOnce);

    private static void Cancel(CancellationTokenSource cancellation, ITimer? deadline)
    {
        deadline?.Change(CancelLimit, Timeout.InfiniteTimeSpan);
        cancellation.Cancel();
    }

    private void Judge(string name, Exception exception, CancellationTokenSource cancellation)
    {
        secrets.Look("an exception", exception.ToString());
        ledger.Count($"call {name}: {exception.GetType().Name}");
        bool isDocumented = exception switch
        {
            OperationCanceledException => cancellation.IsCancellationRequested,
            IOException or TimeoutException or ObjectDisposedException or NotSupportedException => true,
            _ => false,
        };
        if (!isDocumented)
        {
            ledger.Violated(Promise.Truth, $"{name} has thrown {exception}");
        }
    }
}

/// <summary>What a call has come to.</summary>
/// <param name="Value">Its result.</param>
/// <param name="Failure">Why there is none.</param>
internal readonly record struct Outcome<T>(T? Value, Exception? Failure)
{
    /// <summary>Whether there is a result.</summary>
    public bool IsDone => Failure is null;
}
