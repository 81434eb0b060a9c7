using System.Threading.Channels;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>The changes of a modem's state, as they are told.</summary>
internal sealed class StateLog
{
    private readonly Channel<ModemStateChange> _changes =
        System.Threading.Channels.Channel.CreateUnbounded<ModemStateChange>();

    public StateLog(Modem modem) => modem.StateChanged += (_, change) => _changes.Writer.TryWrite(change);

    /// <summary>What has been told since the last call, up to the change into a state.</summary>
    public async Task<IReadOnlyList<ModemStateChange>> UntilAsync(ModemState state, CancellationToken cancellationToken)
    {
        var changes = new List<ModemStateChange>();
        do
        {
            changes.Add(await _changes.Reader.ReadAsync(cancellationToken));
        }
        while (changes[^1].NewState != state);

        return changes;
    }

    /// <summary>A row for each change: its event and the new state.</summary>
    public static IEnumerable<string> Rows(IEnumerable<ModemStateChange> changes) =>
        changes.Select(change => $"{change.Trigger} -> {change.NewState}");
}
