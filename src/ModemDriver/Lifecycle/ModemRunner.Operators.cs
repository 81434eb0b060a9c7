namespace ModemDriver.Lifecycle;

/// <summary>Lists that the module gives: operators, contexts.</summary>
internal sealed partial class ModemRunner
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    /// <summary>Searches for operators, and tells how long it has run.</summary>
    public async Task<IReadOnlyList<CellularOperator>> ListOperatorsAsync(
        IProgress<OperatorScanProgress>? progress, TimeSpan limit, CancellationToken cancellationToken)
    {
        var list = Require(ModemFeature.OperatorSelection).Cellular!.ListOperators(limit); // a dialect with it has it
        var started = _time.GetTimestamp();
        using var timer = progress is null
            ? null
            : _time.CreateTimer(
                _ => _loop.Post(() =>
                {
                    var done = new OperatorScanProgress(_time.GetElapsedTime(started), limit, list.Found.Count);
                    _events.Post(nameof(ListOperatorsAsync), () => progress.Report(done));
                }),
                null,
                ProgressInterval,
                ProgressInterval);
        await ExecuteOrThrowAsync(list, cancellationToken);
        return [.. list.Found];
    }

    /// <summary>Lists the contexts.</summary>
    /// <exception cref="CommandFailedException">The module refused to say how they are defined.</exception>
    public async Task<IReadOnlyList<PdpContext>> ReadContextsAsync(CancellationToken cancellationToken)
    {
        var contexts = new SortedDictionary<int, PdpContext>();
        var isFirst = true;
        foreach (var read in Require(ModemFeature.Cellular).Cellular!.ReadContexts()) // a dialect with it has it
        {
            // What only adds to the definitions may be refused.
            await (isFirst ? ExecuteOrThrowAsync(read, cancellationToken) : ExecuteAsync(read, cancellationToken));
            isFirst = false;
            foreach (var found in read.Answer)
            {
                contexts[found.Id] = contexts.TryGetValue(found.Id, out var known) ? Merge(known, found) : found;
            }
        }

        return [.. contexts.Values];
    }

    private static PdpContext Merge(PdpContext known, PdpContext further) => known with
    {
        Type = known.Type ?? further.Type,
        Apn = known.Apn ?? further.Apn,
        IsActive = known.IsActive ?? further.IsActive,
        Address = known.Address ?? further.Address,
    };
}
