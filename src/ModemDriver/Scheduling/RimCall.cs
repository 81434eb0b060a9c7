namespace ModemDriver.Scheduling;

/// <summary>Runs at the rim what may block, such as a file, and comes back to the loop with its outcome.</summary>
internal static class RimCall
{
    /// <summary>Runs a function at the rim.</summary>
    /// <returns>Its result, or what it has thrown.</returns>
    public static Task<T> RunAsync<T>(ModemLoop loop, Func<T> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Rim.Schedule(
            _ =>
            {
                try
                {
                    done.SetResult(body());
                }
#pragma warning disable CA1031 // It goes to the caller as it is.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    done.SetException(exception);
                }
            },
            null);
        return done.Task;
    }
}
