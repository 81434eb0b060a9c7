using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>The loop's side of a listener: the accepted links that nobody has taken yet.</summary>
internal sealed class LinkServer(ListenRequest request)
{
    // Links that have ended hold no number of the module, but what they brought; a peer must not be able to pile them up.
    private const int MaxWaiting = 32;

    private readonly LoopQueue<Link> _accepted = new();

    /// <summary>Where, and how.</summary>
    public ListenRequest Request { get; } = request;

    /// <summary>Whether the module says which side began a link.</summary>
    public bool KnowsOrigin { get; set; }

    /// <summary>Whether the module may have forgotten it.</summary>
    public bool IsSuspended { get; set; }

    /// <summary>Takes a link for whoever accepts next.</summary>
    /// <returns>A link that has ended, and that nobody will ever take because too many wait.</returns>
    public Link? Add(Link link)
    {
        _accepted.Enqueue(link);
        return _accepted.Count > MaxWaiting ? TakeOutEnded() : null;
    }

    /// <summary>The oldest link, or the next.</summary>
    public Task<Link> AcceptAsync(CancellationToken cancellationToken) => _accepted.DequeueAsync(cancellationToken);

    /// <summary>Takes out all that nobody has accepted.</summary>
    public IReadOnlyList<Link> TakeAll()
    {
        var all = new List<Link>();
        while (_accepted.TryDequeue(out var link))
        {
            all.Add(link);
        }

        return all;
    }

    /// <summary>Nothing will be accepted any more; the first reason is kept.</summary>
    public void End(Func<Exception> reason) => _accepted.End(reason);

    private Link? TakeOutEnded()
    {
        var all = TakeAll();
        var ended = all.FirstOrDefault(link => link.Ended.IsCompleted);
        foreach (var link in all.Where(link => !ReferenceEquals(link, ended)))
        {
            _accepted.Enqueue(link);
        }

        return ended;
    }
}
