using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>
/// Sends and fetches for all links in turn, one command at a time, so that no link and no direction starves another.
/// </summary>
/// <remarks>
/// The channel's queue is first come, first served, and the pump has at most one command in it: a caller's command
/// waits for one payload at most.
/// </remarks>
internal sealed partial class LinkPump
{
    // Long enough that an answer on its way makes the question needless, short enough that a lost notice is not felt.
    private static readonly TimeSpan QuietBeforeAsking = TimeSpan.FromMilliseconds(250);

    // While there is always something to do the line is never quiet, and a lost notice must be found all the same.
    private static readonly TimeSpan LongestWithoutAsking = TimeSpan.FromSeconds(2);

    // How often a link fetches before it may send again while there is something to fetch.
    private const int MaxFetchesInARow = 8;

    private readonly CommandChannel _channel;
    private readonly LinkTable _table;
    private readonly ILinkOwner _owner;
    private readonly ModemLoop _loop;
    private readonly TimeProvider _time;
    private readonly ITimer _quiet;
    private long? _toAskSince;
    private ILinkCommands? _commands;
    private ConnectionMode _mode;
    private bool _isRunning;
    private bool _isQuiet;
    private int _turn;

    /// <summary>Makes a pump that has nothing to do yet.</summary>
    public LinkPump(
        CommandChannel channel, LinkTable table, ILinkOwner owner, ModemLoop loop, TimeProvider time)
    {
        _channel = channel;
        _table = table;
        _owner = owner;
        _loop = loop;
        _time = time;
        _quiet = time.CreateTimer(
            static state =>
            {
                var pump = (LinkPump)state!;
                pump._loop.Post(pump.OnQuiet);
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes over a dialect's commands and a connection mode.</summary>
    public void Configure(ILinkCommands commands, ConnectionMode mode)
    {
        _commands = commands;
        _mode = mode;
    }

    /// <summary>There may be something to do.</summary>
    public void Kick()
    {
        if (!_isRunning && _commands is not null)
        {
            _isRunning = true;
            _loop.Watch(RunAsync(_commands));
        }
    }

    /// <summary>The module may hold bytes that it has not announced, or whose announcement was lost.</summary>
    public void AskWhenQuiet(Link link)
    {
        link.IsWaitingUnknown = true;
        _toAskSince ??= _time.GetTimestamp();
        var left = LongestWithoutAsking - _time.GetElapsedTime(_toAskSince.Value);
        _quiet.Change(left > QuietBeforeAsking ? QuietBeforeAsking : Max(left, TimeSpan.Zero), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Stops the timer; the rest ends with the links.</summary>
    public void Stop()
    {
        _toAskSince = null;
        _quiet.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void OnQuiet()
    {
        _toAskSince = null;
        _isQuiet = true;
        Kick();
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "A job is awaited once, here.")]
    private async Task RunAsync(ILinkCommands commands)
    {
        try
        {
            while (NextJob(commands) is { } job)
            {
                await job.ConfigureAwait(false);
            }
        }
        finally
        {
            _isRunning = false;
        }
    }

    // Every link has two places in the round, one to send and one to fetch.
    [SuppressMessage("Reliability", "CA2012", Justification = "It is awaited once, by RunAsync.")]
    private ValueTask? NextJob(ILinkCommands commands)
    {
        Debug.Assert(_loop.IsCurrent, "a job ends on the loop");
        var places = _table.Count * 2;
        for (var i = 0; i < places; i++)
        {
            _turn = (_turn + 1) % places;
            if (_table.Find(_turn / 2) is not { IsTransparent: false } link)
            {
                continue;
            }

            var toFetch = FetchSize(commands, link);
            var isHeld = link.State == LinkState.Open && MustFetchFirst(link, toFetch);
            if (toFetch > 0 && (_turn % 2 == 1 || isHeld))
            {
                return FetchAsync(commands, link, toFetch);
            }

            if (_turn % 2 == 0 && link.HasDataToSend && !isHeld && StartSending(commands, link) is { } sending)
            {
                return sending;
            }
        }

        if (!_isQuiet || !_table.Links.Any(IsUnknown))
        {
            return null;
        }

        _isQuiet = false;
        return AskWaitingAsync(commands);
    }

    // A peer that cannot write stops reading; the send would then wait for the peer, the peer for a fetch, and the fetch
    // for the send's verdict. So what waits is fetched before more is sent, and a link whose reader leaves no room for
    // it sends nothing until there is some.
    private static bool MustFetchFirst(Link link, int toFetch) =>
        link.IsPassive && link.Waiting > 0
        && (toFetch == 0 || link.FetchesInARow < MaxFetchesInARow);

    private static bool IsUnknown(Link link) =>
        link is { IsPassive: true, IsTransparent: false, IsWaitingUnknown: true, State: LinkState.Open };

    [SuppressMessage("Reliability", "CA2012", Justification = "It is awaited once, by RunAsync.")]
    private ValueTask? StartSending(ILinkCommands commands, Link link) =>
        link.TryTakeToSend(commands.Capabilities.MaxSendBytes, out var payload)
            ? SendAsync(commands, link, payload)
            : null;

    // What sends and fetches is kept by the runtime and used again. It ends on the loop, and what follows goes on in place:
    // so it does with this builder alone. The end of a task would be brought to the thread pool.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(
        ILinkCommands commands, Link link, System.Buffers.ReadOnlySequence<byte> payload)
    {
        link.FetchesInARow = 0;
        var send = commands.Send(_mode, link.Id, payload);
        send.MayWrite = link.HoldsNumber;
        var result = await TryExecuteAsync(send, link, LinkFailure.SendFailed).ConfigureAwait(false);
        link.ReleaseSent(payload, result is { IsSuccess: true } && send.Contradiction is null);
        if (result is { IsSuccess: false } && link.State == LinkState.PeerClosed)
        {
            // The writer has been told that the peer has closed; what came before that is still to be fetched.
        }
        else if (result is { IsSuccess: false } refused)
        {
            // A part may have been sent, and TCP has no way to take it back: the link cannot be used any more.
            _owner.Lose(link, LinkFailure.SendFailed, $"the module answered {refused.Text} to a send", null);
        }
        else if (result is not null && send.Contradiction is { } what)
        {
            _owner.Lose(link, LinkFailure.SendFailed, what, null);
        }
        else if (result is not null)
        {
            AskWhenQuiet(link);
        }

        _owner.OnProgress(link);
    }

    private static int FetchSize(ILinkCommands commands, Link link)
    {
        if (!link.IsPassive || link.Waiting == 0
            || link.State is not (LinkState.Open or LinkState.PeerClosed))
        {
            return 0;
        }

        // Not for a few bytes of room: a fetch costs the same whatever it brings.
        var size = Math.Min(commands.Capabilities.MaxFetchBytes, link.Room);
        var worthwhile = Math.Min(Math.Min(link.Waiting, commands.Capabilities.MaxFetchBytes), link.BufferBytes / 2);
        return size >= worthwhile ? size : 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FetchAsync(ILinkCommands commands, Link link, int size)
    {
        link.FetchesInARow++;
        var fetch = commands.Fetch(_mode, link, size);
        fetch.MayWrite = link.HoldsNumber;
        link.Forget();
        var result = await TryExecuteAsync(fetch, link, LinkFailure.ReceiveFailed).ConfigureAwait(false);
        if (fetch.Received > 0 && link.HoldsNumber?.Invoke() == false && _table.Find(link.Id) is { IsAccepted: true } next)
        {
            // The number changed hands while the fetch was under way: whose bytes they were cannot be told.
            _owner.Lose(next, LinkFailure.ReceiveFailed, "its first bytes may have gone to the link before it", null);
        }

        if (result is not null && fetch.IsDamaged)
        {
            _owner.Lose(link, LinkFailure.ReceiveFailed, "a fetch was damaged on the line", null);
        }
        else if (result is { } final && fetch.Missing > 0)
        {
            await LookForAsync(commands, link, fetch, final);
        }
        else if (result is { } fetched && (fetch.Received > 0 || !fetched.IsSuccess))
        {
            // A refusal may be the word for "nothing waits", or of a line that was garbled on its way to the module.
            AskWhenQuiet(link);
        }

        _owner.OnProgress(link);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskWaitingAsync(ILinkCommands commands)
    {
        var ids = new List<int>();
        foreach (var link in _table.Links)
        {
            if (IsUnknown(link))
            {
                ids.Add(link.Id);
            }

            link.IsWaitingUnknown = false;
        }

        foreach (var ask in commands.ReadWaiting(_mode, ids))
        {
            await AskWaitingAsync(ask);
        }
    }

    private async Task AskWaitingAsync(WaitingCommand ask)
    {
        var answer = await TryExecuteAsync(ask, null, LinkFailure.ReceiveFailed).ConfigureAwait(false);
        if (answer is null && _channel.BrokenReason is null)
        {
            // No answer is no answer of any kind. A refusal is one: this firmware does not know the question.
            foreach (var link in _table.Links.Where(link => link.IsPassive))
            {
                AskWhenQuiet(link);
            }
        }

        if (answer is not { IsSuccess: true })
        {
            return;
        }

        foreach (var (id, count) in ask.Counts)
        {
            // A hint may only raise what is believed: bytes that came since were announced after this answer.
            if (_table.Find(id) is { IsPassive: true } link)
            {
                link.OnAsked(count);
            }
        }
    }

    // Null: the command has no result, and the link, if it was for one, has been failed with the reason.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FinalResult?> TryExecuteAsync(AtCommand command, Link? link, LinkFailure failure)
    {
        try
        {
            return await _channel.ExecuteAsync(command);
        }
        catch (ModemException exception)
        {
            Debug.Assert(exception is not LinkException, "the channel knows no links");
            if (link is not null)
            {
                _owner.Lose(link, failure, exception.Message, exception);
            }

            return null;
        }
    }
}
