namespace ModemDriver.Links;

/// <summary>What can be done only while there are no links.</summary>
internal sealed partial class LinkSet
{
    /// <summary>Does something that a link would not survive unharmed; none is opened meanwhile.</summary>
    /// <param name="what">What it is, for the message: "another bit rate".</param>
    /// <param name="body">Does it.</param>
    /// <param name="cancellationToken">Ends the wait for a link that is being opened.</param>
    /// <exception cref="LinkException">A link is open, or a listener; the message names it.</exception>
    public async Task RunWithoutLinksAsync(string what, Func<Task> body, CancellationToken cancellationToken)
    {
        await _opening.EnterAsync(cancellationToken);
        try
        {
            RefuseBesideListener($"of {what}");
            if (_table.Links.FirstOrDefault() is { } inTheWay)
            {
                throw NewException(
                    LinkFailure.NumberInUse,
                    inTheWay,
                    $"Link {inTheWay.Id} to {inTheWay.EndPoint} is in the way of {what}.",
                    null);
            }

            await body();
        }
        finally
        {
            _opening.Leave();
        }
    }
}
