using ModemDriver.Diagnostics;

namespace ModemDriver.Links;

/// <summary>Openings, and what is told of those that have failed.</summary>
internal sealed partial class LinkSet
{
    private Task<Link> OpenAsync(LinkPlan plan, CancellationToken cancellationToken)
    {
        Check(plan);
        return ModemTracing.RunAsync(
            ModemTracing.OpenLink,
            _port,
            _time,
            activity =>
            {
                activity?.SetTag("modem.link.endpoint", plan.EndPoint);
                return OpenInTimeAsync(plan, cancellationToken);
            });
    }

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
        _metrics.CountLinkNotOpened(failure);
        Log.LinkOpenFailed(_logger, _port, link.EndPoint, failure);
        var exception = NewException(
            failure, link, $"No link to {link.EndPoint} ({failure}): {what}", innerException);
        link.Fail(exception);
        if (!link.IsEnding)
        {
            Free(link, isKnownClosed: false);
        }

        return exception;
    }

    private LinkException OutOfTime(LinkPlan plan)
    {
        var holders = string.Join(", ", _table.Links.Select(link => $"{link.Id} -> {link.EndPoint}"));
        var isFull = plan.LinkId is null && _table.FindFree() is null;
        _metrics.CountLinkNotOpened(isFull ? LinkFailure.NoFreeNumber : LinkFailure.TimedOut);
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
