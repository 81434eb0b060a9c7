using ModemDriver.Diagnostics;

namespace ModemDriver.Links;

/// <summary>Openings that have failed, and what is told of them.</summary>
internal sealed partial class LinkSet
{
    private void OnAttemptFailed(LinkFailure failure)
    {
        var saysLittle = failure is LinkFailure.Refused or LinkFailure.TimedOut or LinkFailure.NoNetwork
            or LinkFailure.NameNotFound;
        if (saysLittle && _suspended is null)
        {
            AttemptFailed?.Invoke();
        }
    }

    private LinkException OpenFailed(Link link, LinkFailure failure, string what, Exception? innerException)
    {
        Log.LinkOpenFailed(_logger, _port, link.EndPoint, failure);
        var exception = NewException(
            failure, link, $"No link to {link.EndPoint} ({failure}): {what}", innerException);
        link.Fail(exception);
        Free(link, isKnownClosed: false);
        return exception;
    }

    private LinkException OutOfTime(LinkPlan plan)
    {
        var holders = string.Join(", ", _table.Links.Select(link => $"{link.Id} -> {link.EndPoint}"));
        var isFull = plan.LinkId is null && _table.FindFree() is null;
        return new LinkException(
            isFull ? LinkFailure.NoFreeNumber : LinkFailure.TimedOut,
            plan.LinkId,
            plan.EndPoint,
            isFull
                ? $"No link number became free within {plan.TimeLimit}; in use: {holders}."
                : $"No link to {plan.EndPoint} within {plan.TimeLimit}.")
        {
            Port = _port,
        };
    }
}
