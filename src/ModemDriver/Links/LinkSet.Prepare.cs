namespace ModemDriver.Links;

/// <summary>What goes before the opening of a link.</summary>
internal sealed partial class LinkSet
{
    // Settings of the number that has just been leased; the opening comes right behind them.
    private async Task PrepareAsync(
        LinkPlan plan, Link link, IReadOnlyList<SetupStep> steps, CancellationToken callerGone)
    {
        foreach (var step in steps)
        {
            if (callerGone.IsCancellationRequested)
            {
                Free(link, isKnownClosed: true);
                callerGone.ThrowIfCancellationRequested();
            }

            try
            {
                var (command, result) = await ApplyAsync(step.Command);
                // A question may be refused; the change that its answer calls for may not.
                var isRequired = step.IsRequired || !ReferenceEquals(command, step.Command);
                if (isRequired && !result.IsSuccess)
                {
                    var words = command.Remarks.Count > 0 ? $" ({string.Join(" | ", command.Remarks)})" : string.Empty;
                    var what = $"the module answered {result.Text}{words} to {command.Line.Display}";
                    throw OpenFailed(link, plan.Refusal, what, null);
                }
            }
            catch (ModemException exception) when (exception is not LinkException)
            {
                var failure = link.Fault?.Reason
                    ?? (exception is CommandTimeoutException ? LinkFailure.TimedOut : LinkFailure.ModemClosed);
                throw OpenFailed(link, failure, exception.Message, exception);
            }
        }
    }
}
