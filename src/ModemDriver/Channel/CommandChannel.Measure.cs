using System.Diagnostics;
using ModemDriver.Diagnostics;

namespace ModemDriver.Channel;

/// <content>What is told of commands to those who measure.</content>
internal sealed partial class CommandChannel
{
    private void Measure(PendingCommand pending, in Signal outcome, Activity? activity)
    {
        if (activity is null && !ModemMetrics.MeasuresCommands)
        {
            return;
        }

        var name = OutcomeOf(outcome);
        _metrics.RecordCommand(pending.Command.Line, name, _time.GetElapsedTime(_startedAt));
        if (activity is not null)
        {
            activity.SetTag("modem.command.name", ModemMetrics.NameOf(pending.Command.Line));
            activity.SetTag("modem.command.outcome", name);
            if (name != "ok")
            {
                activity.SetStatus(ActivityStatusCode.Error, outcome.Result.Text);
            }

            ModemTracing.Stop(activity, _time);
        }
    }

    private static string OutcomeOf(in Signal outcome) => outcome.Kind switch
    {
        SignalKind.Final => outcome.Result.IsSuccess ? "ok" : "refused",
        SignalKind.Busy => "busy",
        SignalKind.TimeLimit => "timed_out",
        SignalKind.Withdrawn => "withdrawn",
        SignalKind.Prompt => "unexpected_prompt",
        SignalKind.PayloadLost => "payload_lost",
        _ => "channel_ended",
    };
}
