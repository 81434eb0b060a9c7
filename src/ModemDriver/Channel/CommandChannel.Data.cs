using ModemDriver.Framing;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Channel;

/// <summary>The data state: the line belongs to one peer, and no command is run until it is left.</summary>
internal sealed partial class CommandChannel
{
    // After a swallowed escape the silence before the next one is longer: what is buffered on the way must leave first.
    private static readonly TimeSpan[] MoreQuiet =
        [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    // What may lie between this program and the module's UART: a terminal's buffer and an adapter's.
    private const int LineBacklog = 4096 + 1024;

    private const int MaxLines = 5;

    private readonly TokenScanner _scanner = new();
    private IDataSink? _dataSink;
    private ReadOnlyMemory<byte[]> _wordsToFollow;
    private bool _leavesWithToken;
    private bool _isAsking;
    private long _lineFreeAt;

    // What has come behind the word that the state was left: the module's, once it is known that it was the module's word.
    private HeldData? _behindWord;
    private bool _holdsBehindWord;

    /// <summary>Whether the line carries data, or is on its way into or out of that state.</summary>
    public bool IsInData => _dataSink is not null;

    /// <summary>
    /// Whether the module may be in a data state, as far as anybody knows: it was told to go there, and has neither refused
    /// nor answered a command since. A command would go to its peer. Kept when the channel starts over.
    /// </summary>
    public bool MayCarryData { get; private set; }

    /// <summary>
    /// Goes on from a command with a data sink, which has succeeded, to the state in which both directions are data.
    /// </summary>
    /// <returns>Whether the module is in it; <see langword="null"/> if it has not answered in time, or stayed busy.</returns>
    public async Task<bool?> EnterDataAsync(DataStateRules rules)
    {
        for (var i = 0; i < MaxLines; i++)
        {
            _wordsToFollow = rules.Entered.AsMemory(1);
            var word = await AskInDataAsync(
                rules.EnterLine, rules.EnterLimit, leaves: false, [rules.Entered[0], rules.Failure, .. rules.Busy]);
            _wordsToFollow = default;
            if (word <= 1)
            {
                return word < 0 ? null : word == 0;
            }

            await Task.Delay(_rules.BusyGrace, _time);
        }

        return null;
    }

    /// <summary>Sends bytes of the data state.</summary>
    /// <exception cref="ModemClosedException">The channel is broken.</exception>
    public async Task WriteDataAsync(ReadOnlyMemory<byte> bytes)
    {
        ThrowIfTaken();
        _tap?.SentPayload(new System.Buffers.ReadOnlySequence<byte>(bytes));
        if (!await WriteAsync(bytes, Timeout.InfiniteTimeSpan))
        {
            throw Ended();
        }
    }

    /// <summary>
    /// Waits for a write of data that a peer or the module may be holding up; after the limit the line is given up.
    /// </summary>
    public async Task EndDataWritesAsync(Task writing)
    {
        try
        {
            await LoopWait.ForAsync(writing, WriteLimit, _time);
        }
        catch (TimeoutException exception)
        {
            var message = $"{_port} takes no bytes: the module or the peer holds them up.";
            Break(new TransportException(TransportFailure.Stalled, _port, message, exception));
            throw Ended();
        }
    }

    /// <summary>Whether nothing is lost on this line when one side is slow.</summary>
    public bool IsLossless => _transport?.IsLossless ?? false;

    /// <summary>Holds the module back, or lets it go on, where this line can do that without losing bytes.</summary>
    public bool TryPauseReceiving(bool isPaused) => _transport?.TryPauseReceiving(isPaused) ?? false;

    /// <summary>Waits until what was written has left, as far as can be known, and then for a silence.</summary>
    public Task QuietAsync(TimeSpan silence) =>
        Task.Delay(Max(_lineFreeAt - _time.GetTimestamp()) + silence, _time);

    /// <summary>DCD; <see langword="null"/> where it is not wired.</summary>
    public bool? Carrier => _transport?.ControlLines?.DataCarrierDetect;

    /// <summary>Leaves the data state; when that succeeds, commands can be run again.</summary>
    /// <param name="rules">The way out.</param>
    /// <param name="isSuspect">
    /// Whether the module may have left the state already; asked when it has not said that it obeys. Such a module takes
    /// commands, and has no word for the escape.
    /// </param>
    /// <exception cref="ModemClosedException">The channel is broken, or the module has started anew.</exception>
    public async Task<DataStateExit> LeaveDataAsync(DataStateRules rules, Func<bool> isSuspect)
    {
        var isRepeated = false;
        foreach (var more in MoreQuiet)
        {
            await QuietAsync(rules.QuietBefore + more);

            // The module takes the sequence for one when the silence behind it has come; its own pause counts from there.
            var word = await EscapeDataAsync(rules);
            var isProven = word >= 0;
            if (isProven)
            {
                await Task.Delay(rules.QuietAfter, _time);
            }

            // Without the proof no line is sent: a module that is still in the state would send it to the peer.
            if ((isProven || rules.Left.Length == 0 || isSuspect()) && await BringFramesBackAsync(rules, isProven))
            {
                _behindWord = null;
                return isRepeated ? DataStateExit.LeftInDoubt
                    : isProven ? DataStateExit.Left
                    : DataStateExit.LeftUnconfirmed;
            }

            GiveBehindWord();
            isRepeated = true;
        }

        return rules.DtrLeaves && await LeaveByDtrAsync(rules) ? DataStateExit.LeftInDoubt : DataStateExit.Stuck;
    }

    private async Task<bool> LeaveByDtrAsync(DataStateRules rules)
    {
        if (_transport?.ControlLines is not { } lines || !lines.TrySetDataTerminalReady(false))
        {
            return false;
        }

        bool isProven;
        try
        {
            isProven = await AskInDataAsync([], rules.DtrDrop, leaves: false, rules.Left) >= 0;
            await Task.Delay(rules.QuietAfter, _time);
        }
        finally
        {
            lines.TrySetDataTerminalReady(true);
        }

        // Whatever it has said: that it takes commands now is what the next line shows.
        return await BringFramesBackAsync(rules, isProven);
    }

    private async Task<int> EscapeDataAsync(DataStateRules rules)
    {
        var limit = rules.QuietBefore + rules.QuietAfter;
        if (rules.LeftNotBefore == TimeSpan.Zero)
        {
            return await AskInDataAsync(rules.Escape, limit, leaves: false, rules.Left);
        }

        await AskInDataAsync(rules.Escape, rules.LeftNotBefore, leaves: false, []);
        _holdsBehindWord = rules.LeftEndsData;
        var word = await AskInDataAsync([], limit - rules.LeftNotBefore, leaves: false, rules.Left);
        _holdsBehindWord = false;
        return word;
    }

    /// <summary>Brings the frames back: the module is in the command state, or has refused to leave it.</summary>
    /// <param name="rules">What is sent.</param>
    /// <param name="isProven">Whether it is known to be, so that a line without an answer is sent again.</param>
    public async Task<bool> BringFramesBackAsync(DataStateRules rules, bool isProven)
    {
        for (var i = 0; i < MaxLines; i++)
        {
            var word = await AskInDataAsync(
                rules.LeaveLine, rules.LeaveLimit, leaves: true, [rules.Success, rules.Failure, .. rules.Busy]);
            if (!IsInData)
            {
                // Also when the word came together with the end of the wait.
                return true;
            }

            if (word < 0 && !isProven)
            {
                return false;
            }

            // A refusal shows that the module listens to commands: noise may have stood before this one.
            await Task.Delay(_rules.BusyGrace, _time);
        }

        return false;
    }

    // Between two steps the channel may have broken, and the recovery has the line: it is not ours to write on any more,
    // and there is one waiter for all that comes back.
    private void ThrowIfTaken()
    {
        if (_dataSink is null)
        {
            throw Ended();
        }
    }

    private async Task<int> AskInDataAsync(byte[] bytes, TimeSpan limit, bool leaves, byte[][] words)
    {
        ThrowIfTaken();
        _aborted = null;
        _signals.Clear();
        _leavesWithToken = leaves;
        if (words.Length > 0)
        {
            _scanner.Expect(words);
        }

        // From here on: the answer may come before the transport has told that the last byte is written.
        _isAsking = true;
        var isWritten = bytes.Length == 0 || await WriteInDataAsync(bytes);
        ArmTimer(limit);
        var signal = isWritten ? await NextSignalAsync() : new Signal(SignalKind.Broken);
        _isAsking = false;
        DisarmTimer();
        _scanner.Stop(_behindWord ?? _dataSink);
        if (_dataSink is null)
        {
            GoOnWithCommands();
        }

        return signal.Kind switch
        {
            SignalKind.Word => signal.Word,
            SignalKind.TimeLimit => -1,
            _ => throw Ended(),
        };
    }

    private ValueTask<bool> WriteInDataAsync(byte[] bytes)
    {
        _tap?.SentBytes(bytes);
        return WriteAsync(bytes);
    }

    private void ReceivedData(ReadOnlySpan<byte> data)
    {
        var sink = _behindWord ?? _dataSink!; // The caller has looked.
        if (!_scanner.IsExpecting)
        {
            _tap?.ReceivedData(data);
            sink.OnData(data);
            return;
        }

        var used = _scanner.Read(data, sink, out var found);
        _tap?.ReceivedData(data[..used]);
        if (found < 0)
        {
            return;
        }

        // At this byte the meaning of the next one may change, so it is done here and not by whoever waits.
        _scanner.Stop(sink);
        if (found == 0 && !_wordsToFollow.IsEmpty)
        {
            _scanner.Expect(_wordsToFollow.Span[0]);
            _wordsToFollow = _wordsToFollow[1..];
        }
        else
        {
            OnWord(found);
        }

        if (used < data.Length)
        {
            Take(data[used..]);
        }
    }

    private void OnWord(int found)
    {
        if (_leavesWithToken && found == 0)
        {
            MayCarryData = false;
            EndData();
        }
        else if (_holdsBehindWord)
        {
            _behindWord = new HeldData(_dataSink!); // the word came in the data state
        }

        _signals.Set(new Signal(SignalKind.Word, Word: found));
    }

    private void EndData()
    {
        if (_dataSink is null)
        {
            return;
        }

        _scanner.Stop(_dataSink);
        _dataSink = null;
        _framer.Reset();
        TakeBehindWord();
        if (!_isAsking)
        {
            GoOnWithCommands();
        }
    }

    // It was the module's: lines that it had to say.
    private void TakeBehindWord()
    {
        if (_behindWord is { } held)
        {
            _behindWord = null;
            Take(held.Bytes);
        }
    }

    // The word was the peer's, and so is this.
    private void GiveBehindWord()
    {
        _behindWord?.Give();
        _behindWord = null;
    }

    // There is one waiter for all that comes back: a command begins when the one of the data state has been told. The run of
    // the command that led there goes on by itself, when it is not over yet.
    private void GoOnWithCommands()
    {
        if (!_isInRun)
        {
            State = _broken is null ? ChannelState.Idle : ChannelState.Broken;
            GoOnWithQueue();
        }
    }

    private void NoteOnLine(int bytes)
    {
        if (_transport?.BitRate is null)
        {
            return; // bytes take no time that is known
        }

        var now = _time.GetTimestamp();
        var latest = now + Ticks(LineTime(LineBacklog));
        _lineFreeAt = Math.Min(Math.Max(_lineFreeAt, now) + Ticks(LineTime(bytes)), latest);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Max(long ticks) =>
        ticks > 0 ? TimeSpan.FromSeconds((double)ticks / _time.TimestampFrequency) : TimeSpan.Zero;
}
