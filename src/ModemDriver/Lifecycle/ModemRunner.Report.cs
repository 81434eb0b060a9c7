using ModemDriver.Diagnostics;

namespace ModemDriver.Lifecycle;

/// <content>What is told of the rungs of the recovery ladder, also of those that need no recovery.</content>
internal sealed partial class ModemRunner
{
    /// <summary>Told of each rung that was climbed, off the loop; null while nobody wants to know.</summary>
    public Func<Action<RecoveryReport>?>? RecoveryListener { private get; init; }

    private void Report(string cause, RecoveryRung rung, int attempt, TimeSpan duration, Exception? failure)
    {
        if (failure is null)
        {
            Log.RecoverySucceeded(_logger, PortName, rung, cause, attempt, duration);
        }
        else
        {
            Log.RecoveryFailed(_logger, PortName, rung, cause, attempt, duration, failure);
        }

        _metrics.RecordRecoveryAttempt(cause, rung, failure, duration);
        if (RecoveryListener?.Invoke() is { } told)
        {
            var report = new RecoveryReport(cause, rung, attempt, duration, failure);
            _events.Post(nameof(Modem.RecoveryReported), () => told(report));
        }
    }

    // Within a recovery it is part of the attempt that is under way, which is reported.
    private void OnResynchronised(Exception reason, TimeSpan duration, bool isInStep)
    {
        Links.DoubtFreeNumbers();
        if (State != ModemState.Recovering)
        {
            Report(
                reason is CommandTimeoutException ? "CommandTimedOut" : "AnswerLost",
                RecoveryRung.Resynchronise,
                attempt: 1,
                duration,
                isInStep ? null : reason);
        }
    }

    private void OnDataStateLeft(TimeSpan duration, Exception? failure) =>
        Report("StuckInDataState", RecoveryRung.LeaveDataState, attempt: 1, duration, failure);

    private void OnUnknownLinksClosed(TimeSpan duration, Exception? failure) =>
        Report("UnknownLinks", RecoveryRung.CloseLinks, attempt: 1, duration, failure);
}
