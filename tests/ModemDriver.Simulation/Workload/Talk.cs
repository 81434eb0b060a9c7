using System.Globalization;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>
/// A user and a peer who write and read at the same time. Each byte that is read is compared, and each end is judged.
/// </summary>
internal sealed class Talk(Stage stage, TalkPlan plan, Random random)
{
    // What waits for room, or for a verdict: a command's own limit, those before it, and the way back of the channel.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromMinutes(4);

    // A read may wait as long as nothing comes; it ends with the link.
    private static readonly TimeSpan ReadLimit = TimeSpan.FromHours(3);

    // The user of a half-open link, or of one that says nothing any more, goes away.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Longer than the user stays; a module whose send waits for the peer takes no command all that time.
    private static readonly TimeSpan HalfOpenTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan DisposeLimit = LinkStream.DisposeLimit + TimeSpan.FromSeconds(1);

    private readonly int _disruptions = stage.Disruptions;
    private readonly int _noises = stage.HasNoise ? -1 : stage.Noises;
    private Connection? _connection;
    private LinkStream? _link;
    private TaskCompletionSource? _over;
    private bool _hasUserLeft;
    private bool _hasReconnected;

    /// <summary>Whether nothing has disturbed links since the talk began.</summary>
    public bool IsUndisturbed => stage.Disruptions == _disruptions && !stage.HasPending && !HasSeenNoise && !stage.IsDisposed;

    // What was changed may be read much later.
    private bool HasSeenNoise => stage.HasNoise || stage.Noises != _noises;

    /// <summary>Whether what is read is known only as long as nothing disturbs it: transparent sessions.</summary>
    public bool IsBlindAfterLoss { get; init; }

    /// <summary>The peer's part: one connection of the link. The last one counts.</summary>
    public async Task ServeAsync(InMemoryPeer peer)
    {
        if (IsBlindAfterLoss && _connection is not null)
        {
            // The wire does not show it: what either side reads from here on may be of either connection.
            stage.Ledger.Count("excused: a module has connected anew by itself in the data state");
            _hasReconnected = true;
            await PeerBook.DrainAsync(peer);
            return;
        }

        await ServeAsync(stage.Peers.Add(peer, plan.HasTraps));
    }

    /// <inheritdoc cref="ServeAsync(InMemoryPeer)"/>
    public async Task ServeAsync(Connection connection)
    {
        _connection = connection;
        connection.IsHalfOpen = plan.End == TalkEnd.HalfOpen;
        Task hearing = HearAsync(connection);
        await SayAsync(connection);
        switch (plan.End)
        {
            case TalkEnd.PeerCloses:
                await Task.WhenAny(hearing, HeardAllAsync(connection));
                await EndAsync(connection, hearing);
                break;
            case TalkEnd.PeerClosesEarly:
                await EndAsync(connection, hearing);
                break;
            case TalkEnd.PeerResets:
                await stage.DelayAsync(plan.Life);
                connection.IsReset = true;
                connection.Peer.Reset();
                break;
            default:
                await hearing;
                break;
        }

        await connection.Peer.DisposeAsync();
        connection.HasEnded = true;
    }

    /// <summary>The user's part; ends with the Stream disposed.</summary>
    public async Task UseAsync(Stream stream)
    {
        _over = new TaskCompletionSource();
        _link = stream as LinkStream;
        Task reading = ReadAsync(stream);
        Task<bool> writing = WriteAsync(stream);
        using ITimer watch = stage.Clock.CreateTimer(_ => _over.TrySetResult(), null, Patience, Timeout.InfiniteTimeSpan);
        if (plan.End is TalkEnd.UserLeaves or TalkEnd.HalfOpen or TalkEnd.Flood)
        {
            await Task.WhenAny(stage.DelayAsync(plan.Life), _over.Task);
        }
        else
        {
            await Task.WhenAny(Task.WhenAll(reading, writing), _over.Task);
            JudgeSilence(reading);
        }

        bool isWritten = writing is { IsCompletedSuccessfully: true, Result: true };
        bool wasUndisturbed = IsUndisturbed;
        _hasUserLeft = true;
        Outcome<bool> disposed = await stage.Calls.TryAsync("Stream.Dispose", IsBlindAfterLoss ? 2 * DisposeLimit : DisposeLimit, _ => stream.DisposeAsync().AsTask());
        await reading;
        await writing;
        if (isWritten && wasUndisturbed && IsUndisturbed && disposed.IsDone && !IsBlindAfterLoss)
        {
            await JudgeHeardAsync();
        }
    }

    /// <summary>The first bytes were read before the talk began, to know whose link it is.</summary>
    public void SkipHeader(int count) => _connection!.Down.Skip(count); // a peer that has sent them has a connection

    // ---- the peer ----

    // It sends no more, and hears what is on its way: to close altogether would be a reset for whoever still sends.
    private static async Task EndAsync(Connection connection, Task hearing)
    {
        if (!connection.IsReset && !connection.HasHeardEnd)
        {
            connection.IsClosed = true;
            connection.Peer.ShutdownSend();
        }

        await hearing;
    }

    private async Task SayAsync(Connection connection)
    {
        try
        {
            for (int left = plan.End == TalkEnd.HalfOpen ? 0 : plan.DownBytes; left > 0;)
            {
                await stage.Peers.GoOnAsync();
                int count = Math.Min(left, plan.DownPiece);
                left -= count;
                await connection.Peer.WriteAsync(connection.Down.Next(count));
                JudgeKept(connection);
                await stage.DelayAsync(plan.DownPause);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            connection.HasHeardEnd = true;
        }
    }

    private async Task HearAsync(Connection connection)
    {
        var buffer = new byte[4096];
        try
        {
            if (plan.End == TalkEnd.HalfOpen)
            {
                await stage.DelayAsync(plan.Life + HalfOpenTime);
            }

            while (true)
            {
                await stage.Peers.GoOnAsync();

                int count = await connection.Peer.ReadAsync(buffer);
                if (count == 0)
                {
                    connection.HasHeardClose = true;
                    break;
                }

                Compare(connection.Up, buffer.AsSpan(0, count), "the peer");
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The module has vanished, or this end was reset.
        }

        connection.HasHeardEnd = true;
    }

    private async Task HeardAllAsync(Connection connection)
    {
        for (int i = 0; i < 60 && connection.Up.Read < plan.UpBytes; i++)
        {
            await stage.DelayAsync(TimeSpan.FromSeconds(1));
        }
    }

    // ---- the user ----

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[plan.ReadPiece];
        while (_connection is not { } connection || plan.End != TalkEnd.UserCloses || connection.Down.Read < plan.DownBytes)
        {
            Outcome<int> read = await stage.Calls.TryAsync(
                "Stream.Read", ReadLimit, token => stream.ReadAsync(buffer, token).AsTask(), Cancel());
            if (read.Failure is OperationCanceledException)
            {
                continue;
            }

            if (!read.IsDone)
            {
                stage.Ledger.Count("link failed while reading");
                return;
            }

            if (read.Value == 0)
            {
                JudgeEnd();
                return;
            }

            if (_connection is null)
            {
                stage.Ledger.Violated(Promise.Bytes, "a link without a peer has bytes");
                return;
            }

            Compare(_connection.Down, buffer.AsSpan(0, read.Value), "the user");
            await stage.DelayAsync(plan.ReadPause);
        }
    }

    private async Task<bool> WriteAsync(Stream stream)
    {
        for (int left = plan.UpBytes; left > 0 && _connection is not null;)
        {
            int count = Math.Min(left, plan.UpPiece);
            left -= count;
            byte[] piece = _connection.Up.Next(count);
            Outcome<bool> written;
            do
            {
                // A write that was cancelled has sent nothing, so it is made again.
                written = await stage.Calls.TryAsync(
                    "Stream.Write", WriteLimit, token => stream.WriteAsync(piece, token).AsTask(), Cancel());
            }
            while (written.Failure is OperationCanceledException);

            if (!written.IsDone)
            {
                return false;
            }

            await stage.DelayAsync(plan.UpPause);
        }

        return (await stage.Calls.TryAsync("Stream.Flush", WriteLimit, stream.FlushAsync)).IsDone;
    }

    private TimeSpan? Cancel() => plan.CancelOneOf > 0 && random.Next(plan.CancelOneOf) == 0
        ? TimeSpan.FromMilliseconds(random.Next(300))
        : null;

    // ---- judgement ----

    private void Compare(Flow flow, ReadOnlySpan<byte> bytes, string who)
    {
        if (_hasReconnected)
        {
            return;
        }

        long before = flow.Read;
        string? wrong = flow.Check(bytes);
        stage.Ledger.BytesCarried += flow.Read - before;
        if (wrong is null)
        {
            return;
        }

        if (Excuse(flow) is { } excuse)
        {
            stage.Ledger.Count("excused: " + excuse);
        }
        else
        {
            stage.Ledger.Violated(Promise.Bytes, $"{who} has read other bytes: {wrong}");
        }
    }

    // What the wire does not show, each by its name; docs/reliability.md has them.
    private string? Excuse(Flow flow) =>
        HasSeenNoise ? "payload bytes changed on the wire"
        : stage.Module.LostBytes > 0 ? "bytes that a full buffer of the module has cost, without flow control"
        : flow.IsBrokenByCommand && stage.HasLostPrompt ? "a command taken for the payload whose prompt was lost"
        : IsBlindAfterLoss && flow.IsBrokenByCommand && stage.HasHeldAnswer ? "a command to a module that enters its data state late"
        : IsBlindAfterLoss && flow.IsBrokenByEscape && stage.Plan.IsPaced ? "an escape on a line slower than its port tells"
        : IsBlindAfterLoss && flow.IsBrokenByWord ? "a word of the module while it left the data state"
        : IsBlindAfterLoss && !IsUndisturbed ? "words of a module that started anew in the data state"
        : null;

    // The user has read 0: the peer has closed, and all that it sent was read.
    private void JudgeEnd()
    {
        if (_connection is not { } connection || connection.IsReset || connection.Down.IsBroken
            || _hasUserLeft || _hasReconnected)
        {
            return;
        }

        if (connection.Down.Read == connection.Down.Sent && connection.IsClosed)
        {
            stage.Ledger.Count("link ended by the peer");
        }
        else if (HasSeenNoise)
        {
            stage.Ledger.Count("excused: an end told by bytes that were changed on the wire");
        }
        else
        {
            stage.Ledger.Violated(Promise.Bytes, string.Create(
                CultureInfo.InvariantCulture,
                $"flow {connection.Down.Id} ends after {connection.Down.Read} of {connection.Down.Sent} bytes"
                + $"{(connection.IsClosed ? "" : ", though its peer has not closed")}"));
        }
    }

    // What the driver has taken for a reader and that was not read.
    private void JudgeKept(Connection connection)
    {
        long kept = (_link?.Info.BytesReceived ?? 0) - connection.Down.Read;
        if (kept > stage.Plan.LinkBufferBytes + plan.ReadPiece && !connection.Down.IsBroken)
        {
            stage.Ledger.Violated(Promise.Memory, string.Create(
                CultureInfo.InvariantCulture, $"flow {connection.Down.Id}: {kept} bytes are kept for a reader that does not read"));
            connection.Peer.Reset();
        }
    }

    // Nothing has come for a long time: that is right only if the peer has not closed.
    private void JudgeSilence(Task reading)
    {
        if (!reading.IsCompleted && IsUndisturbed && _connection is { IsClosed: true, IsReset: false } connection
            && plan.ReadPause == TimeSpan.Zero && !IsBlindAfterLoss)
        {
            stage.Ledger.Violated(Promise.Bytes, string.Create(
                CultureInfo.InvariantCulture,
                $"flow {connection.Down.Id}: the end is not told ({connection.Down.Read} of {connection.Down.Sent} bytes read)"));
        }
    }

    // What was flushed, on a link that was closed in order, is heard.
    private async Task JudgeHeardAsync()
    {
        for (int i = 0; i < 60 && _connection is { HasHeardEnd: false }; i++)
        {
            await stage.DelayAsync(TimeSpan.FromSeconds(1));
        }

        if (_connection is { HasHeardClose: true, IsReset: false } connection && IsUndisturbed && !connection.Up.IsBroken
            && !_hasReconnected
            && connection.Up.Read != connection.Up.Sent)
        {
            stage.Ledger.Violated(Promise.Bytes, string.Create(
                CultureInfo.InvariantCulture,
                $"flow {connection.Up.Id}: {connection.Up.Read} of {connection.Up.Sent} bytes were heard, and all were flushed"));
        }
    }
}
