using System.Diagnostics;

namespace ModemDriver.Diagnostics;

/// <summary>The activities of the source <c>ModemDriver</c>; docs/metrics.md lists them.</summary>
/// <remarks>
/// They begin and end on the modem's clock. Where nobody listens nothing is made. What is started in an asynchronous
/// method is the current activity of that method and what it calls, and not of its caller.
/// </remarks>
internal static class ModemTracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "ModemDriver";

    /// <summary>Opening a modem.</summary>
    public const string Open = "modem.open";

    /// <summary>Getting it onto its network.</summary>
    public const string GoOnline = "modem.go_online";

    /// <summary>A command on the wire.</summary>
    public const string Command = "modem.command";

    /// <summary>Opening a link.</summary>
    public const string OpenLink = "modem.link.open";

    /// <summary>A recovery, from the failure to its end.</summary>
    public const string Recovery = "modem.recovery";

    /// <summary>One attempt of a recovery.</summary>
    public const string RecoveryAttempt = "modem.recovery.attempt";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>What a call of now belongs to; <see langword="null"/> where nobody listens.</summary>
    public static Activity? Caller => Source.HasListeners() ? Activity.Current : null;

    /// <summary>Begins a part of what is under way.</summary>
    public static Activity? Start(string name, string port, TimeProvider time) =>
        Source.HasListeners() ? Start(name, port, time, Activity.Current?.Context ?? default) : null;

    /// <summary>Begins what is part of something else than what is under way here.</summary>
    public static Activity? StartUnder(Activity? parent, string name, string port, TimeProvider time)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        return Start(name, port, time, parent?.Context ?? default);
    }

    /// <summary>Ends an activity; with a reason if it has failed.</summary>
    public static void Stop(Activity? activity, TimeProvider time, Exception? failure = null)
    {
        if (activity is null)
        {
            return;
        }

        if (failure is not null)
        {
            activity.SetTag("error.type", failure.GetType().FullName);
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        activity.SetEndTime(time.GetUtcNow().UtcDateTime);
        activity.Stop();
    }

    /// <summary>Runs a method as an activity.</summary>
    public static Task<T> RunAsync<T>(string name, string port, TimeProvider time, Func<Activity?, Task<T>> body) =>
        Source.HasListeners() ? RunTracedAsync(name, port, time, body) : body(null);

    private static async Task<T> RunTracedAsync<T>(
        string name, string port, TimeProvider time, Func<Activity?, Task<T>> body)
    {
        var activity = Start(name, port, time);
        try
        {
            var result = await body(activity);
            Stop(activity, time);
            return result;
        }
        catch (Exception exception)
        {
            Stop(activity, time, exception);
            throw;
        }
    }

    private static Activity? Start(string name, string port, TimeProvider time, ActivityContext parent)
    {
        var activity = Source.StartActivity(
            ActivityKind.Client, parent, startTime: time.GetUtcNow(), name: name);
        return activity?.SetTag("modem.port", port);
    }
}
