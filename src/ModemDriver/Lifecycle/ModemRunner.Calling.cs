using ModemDriver.Cellular;

namespace ModemDriver.Lifecycle;

/// <content>Voice calls.</content>
internal sealed partial class ModemRunner
{
    // +CLIP comes right behind RING.
    private static readonly TimeSpan CallerLimit = TimeSpan.FromMilliseconds(500);

    private bool _showsCaller;
    private int _rings;

    /// <summary>Told whenever it rings, off the loop; null while nobody wants to know.</summary>
    public Action<CallRing>? Ringing { get; set; }

    /// <summary>Told of the end of a call, off the loop; null while nobody wants to know.</summary>
    public Action<CallEnd>? CallEnded { get; set; }

    /// <summary>Has the module tell who calls; again after it has started anew.</summary>
    public async Task ShowCallerAsync(ICallCommands commands, CancellationToken cancellationToken)
    {
        await ExecuteOrThrowAsync(commands.ShowCaller(), cancellationToken);
        _showsCaller = true;
        Kept.Keep(ModemFeature.VoiceCalls, dialect => [dialect.Calls!.ShowCaller()]);
    }

    /// <summary>Ends all calls.</summary>
    public async Task HangUpAsync(ICallCommands commands, CancellationToken cancellationToken)
    {
        var ways = commands.HangUp();
        for (var i = 0; i < ways.Count - 1; i++)
        {
            if ((await ExecuteAsync(ways[i], cancellationToken)).IsSuccess)
            {
                return;
            }
        }

        await ExecuteOrThrowAsync(ways[^1], cancellationToken);
    }

    private void OnCallNews(ReadOnlySpan<byte> line)
    {
        if (Dialect?.Calls?.Read(line, CharacterSet) is not { } news)
        {
            return;
        }

        if (news.Ended is { } ended && CallEnded is { } toldOfEnd)
        {
            _events.Post(nameof(CallInterface.Ended), () => toldOfEnd(ended));
        }

        if (news.Ring is { } ring)
        {
            OnRing(ring);
        }
    }

    // Where the module says who calls, that is waited for; a withheld number is said too.
    private void OnRing(CallRing ring)
    {
        var isBare = ring is { Number: null, IsWithheld: false };
        var turn = ++_rings;
        if (isBare && _showsCaller)
        {
            _loop.Watch(TellRingLaterAsync(ring, turn));
        }
        else
        {
            TellRing(ring);
        }
    }

    private async Task TellRingLaterAsync(CallRing ring, int turn)
    {
        await Task.Delay(CallerLimit, _time, _life.Token);
        if (turn == _rings)
        {
            TellRing(ring);
        }
    }

    private void TellRing(CallRing ring)
    {
        if (Ringing is { } told)
        {
            _events.Post(nameof(CallInterface.Ringing), () => told(ring));
        }
    }
}
