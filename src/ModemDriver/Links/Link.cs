using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>
/// One TCP connection that lives in the module: the loop's side of it. Between the loop and the caller's
/// <see cref="LinkStream"/> stand two pipes, one each way.
/// </summary>
/// <remarks>
/// Members are used on the loop, except those that say that they are the stream's. The receiving pipe never pauses its
/// writer; its bound is <see cref="Room"/>, which decides how much is fetched.
/// </remarks>
internal sealed partial class Link
{
    private readonly ModemLoop _loop;
    private readonly Pipe _receive;
    private readonly Pipe _send;
    private readonly List<(long Target, TaskCompletionSource Done)> _flushes = [];
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isSending;
    private bool _hasSendingEnded;
    private int _buffered;
    private long _written;
    private int _kicked;
    private long _confirmed;

    /// <summary>Makes a link that is being opened.</summary>
    /// <param name="loop">The modem's loop.</param>
    /// <param name="endPoint">The peer, for people.</param>
    /// <param name="generation">Tells it from all other links of the modem.</param>
    /// <param name="bufferBytes">How much is kept for a reader, and how much for the module.</param>
    public Link(ModemLoop loop, string endPoint, int generation, int bufferBytes)
    {
        _loop = loop;
        EndPoint = endPoint;
        Generation = generation;
        BufferBytes = bufferBytes;
        _receive = new Pipe(new PipeOptions(
            loop.Blocks,
            readerScheduler: loop.Rim,
            writerScheduler: loop.AsScheduler,
            pauseWriterThreshold: 0,
            useSynchronizationContext: false));
        _send = new Pipe(new PipeOptions(
            loop.Blocks,
            readerScheduler: loop.AsScheduler,
            writerScheduler: loop.Rim,
            pauseWriterThreshold: bufferBytes,
            resumeWriterThreshold: bufferBytes / 2,
            useSynchronizationContext: false));
    }

    /// <summary>Told, on the loop, that there may be something to send or room to fetch into.</summary>
    public Action<Link>? OnWork { get; set; }

    /// <summary>Told, on the loop, that the caller is done with the link.</summary>
    public Action<Link>? OnCloseRequested { get; set; }

    /// <summary>Told, on the loop, that a closing link has nothing left to send, or can send no more.</summary>
    public Action? OnSentAll { get; set; }

    /// <summary>
    /// Waits until the peer has acknowledged so many bytes; <see langword="null"/> where a flush does not wait for that.
    /// </summary>
    public Func<long, Task>? Confirm { get; set; }

    /// <summary>Whether it was lost and is being closed in the module: only then its number is free.</summary>
    public bool IsEnding { get; set; }

    /// <summary>The number in the module; -1 until it is known.</summary>
    public int Id { get; set; } = -1;

    /// <summary>Tells it from all other links of the modem.</summary>
    public int Generation { get; }

    /// <summary>The peer, for people.</summary>
    public string EndPoint { get; private set; }

    /// <summary>How much is kept for the reader.</summary>
    public int BufferBytes { get; }

    /// <summary>Where the link stands.</summary>
    public LinkState State { get; private set; } = LinkState.Opening;

    /// <summary>Whether the module said that it is connected.</summary>
    public bool WasConnected { get; set; }

    /// <summary>Whether the module said that it is closed, after it was connected.</summary>
    public bool WasClosed { get; set; }

    /// <summary>Why the module could not make it, where it says so later than by its result code.</summary>
    public LinkFailure? Refusal { get; private set; }

    /// <summary>Ends when the module has said whether it came up, or when the link has ended.</summary>
    public Task Told => _told.Task;

    /// <summary>Why it failed; <see langword="null"/> while it did not.</summary>
    public LinkException? Fault { get; private set; }

    /// <summary>Whether it is led through the data state of the module, and not by commands.</summary>
    public bool IsTransparent { get; set; }

    /// <summary>How often it has fetched since it last sent.</summary>
    public int FetchesInARow { get; set; }

    /// <summary>Payload bytes that the module has taken.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Payload bytes that came from the module.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>How many bytes the reader's buffer can still take.</summary>
    public int Room => BufferBytes - Volatile.Read(ref _buffered);

    /// <summary>Whether the caller has written what the module has not taken.</summary>
    public bool HasDataToSend =>
        State is LinkState.Open or LinkState.Closing && Volatile.Read(ref _written) > BytesSent;

    /// <summary>Ends when the number is free again.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The stream's end of what was received.</summary>
    public PipeReader ReceiveReader => _receive.Reader;

    /// <summary>The stream's end of what is to be sent.</summary>
    public PipeWriter SendWriter => _send.Writer;

    /// <summary>The link at this moment.</summary>
    public LinkInfo Info =>
        new(Id, Generation, EndPoint, State, BytesSent, BytesReceived) { IsAccepted = IsAccepted };

    /// <summary>Takes received bytes for the reader, who is woken at the end of a payload.</summary>
    public void Append(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (State is LinkState.Closing or LinkState.Closed or LinkState.Faulted)
        {
            return;
        }

        CountReceived(bytes.Length);
        _receive.Writer.Write(bytes);
        if (isLast)
        {
            Flush();
        }
    }

    /// <summary>The module has said that it came up, or why not.</summary>
    public void OnTold(LinkFailure? refusal)
    {
        Refusal = refusal;
        _told.TrySetResult();
    }

    /// <summary>Moves the link to another state. Faulting is <see cref="Fail"/>.</summary>
    public void Become(LinkState state)
    {
        Debug.Assert(State is not (LinkState.Faulted or LinkState.Closed), "these states are final");
        State = state;
    }

    /// <summary>The peer has closed: nothing can be sent any more; what it sent before may still be fetched.</summary>
    public void PeerHasClosed()
    {
        _peerHasClosed = true;
        Become(LinkState.PeerClosed);
        EndSending();
    }

    /// <summary>The peer has closed, and all that came before is in the reader's buffer.</summary>
    public void EndReceiving()
    {
        _receive.Writer.Complete();
        EndSending();
    }

    /// <summary>The link has failed. What had arrived can still be read; then the reader gets the reason.</summary>
    public void Fail(LinkException reason)
    {
        if (State is LinkState.Faulted or LinkState.Closed)
        {
            return;
        }

        State = LinkState.Faulted;
        Fault = reason;
        _told.TrySetResult();
        OnSentAll?.Invoke();
        _receive.Writer.Complete();
        EndSending();
        EndDatagrams();
    }

    /// <summary>
    /// We are about to close it, and not its reader: unless the peer has ended it, the reader is told so behind what has
    /// arrived, and gets no end that would look like the peer's.
    /// </summary>
    public void CutShort(LinkException reason)
    {
        if (State == LinkState.Open || (State == LinkState.PeerClosed && Waiting > 0))
        {
            Fault = reason;
        }
    }

    /// <summary>The number is free: nothing more will happen to this link.</summary>
    public void End()
    {
        if (State != LinkState.Faulted)
        {
            State = LinkState.Closed;
        }

        _receive.Writer.Complete();
        EndSending();
        EndDatagrams();
        _told.TrySetResult();
        if (_ended.TrySetResult() && _wasCountedOpen)
        {
            Metrics?.CountLinkEnded(Fault?.Reason, _peerHasClosed);
        }
    }

    /// <summary>
    /// The next bytes to send, at most <paramref name="max"/>; they stay valid until they are released.
    /// </summary>
    public bool TryTakeToSend(int max, out ReadOnlySequence<byte> bytes)
    {
        if (!_hasSendingEnded && _send.Reader.TryRead(out var result) && !result.Buffer.IsEmpty)
        {
            _isSending = true;
            bytes = result.Buffer.Slice(0, Math.Min(max, result.Buffer.Length));
            return true;
        }

        bytes = default;
        return false;
    }

    /// <summary>Gives the bytes of <see cref="TryTakeToSend"/> back: sent, or not.</summary>
    public void ReleaseSent(in ReadOnlySequence<byte> bytes, bool wereSent)
    {
        _isSending = false;
        if (wereSent)
        {
            BytesSent += bytes.Length;
            Metrics?.CountLinkSent(bytes.Length);
        }

        _send.Reader.AdvanceTo(wereSent ? bytes.End : bytes.Start);
        EndFlushes();
        if (_hasSendingEnded)
        {
            _send.Reader.Complete();
            FailFlushes();
        }
    }

    /// <summary>
    /// Waits until all that was written before has been taken by the module, or acknowledged by the peer where that was
    /// asked for, or the link is gone.
    /// </summary>
    public Task FlushAsync()
    {
        var target = Volatile.Read(ref _written);
        var taken = TakenAsync(target);
        return Confirm is { } confirm && target > _confirmed ? ConfirmedAsync(taken, confirm, target) : taken;
    }

    private async Task ConfirmedAsync(Task taken, Func<long, Task> confirm, long target)
    {
        await taken;
        await confirm(target);
        _confirmed = Math.Max(_confirmed, target);
    }

    private Task TakenAsync(long target)
    {
        if (target <= BytesSent)
        {
            return Task.CompletedTask;
        }

        if (State is not (LinkState.Open or LinkState.Closing) && !_isSending)
        {
            return Task.FromException(WhyNotSent());
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Add((target, done));
        return done.Task;
    }

    /// <summary>Why bytes cannot be sent any more; a new object for each caller.</summary>
    public LinkException WhyNotSent()
    {
        var reason = Fault?.Reason ?? (WasClosed ? LinkFailure.ClosedByPeer : LinkFailure.ModemClosed);
        var message = Fault?.Message ?? $"Link {Id} to {EndPoint} is closed{(WasClosed ? " by the peer" : string.Empty)}.";
        return new LinkException(reason, Id, EndPoint, message, Fault) { Port = Fault?.Port, State = Fault?.State };
    }

    /// <summary>The stream's: bytes were written; the loop is told once until it has looked.</summary>
    public void NoteWritten(int count)
    {
        Interlocked.Add(ref _written, count);
        Kick();
    }

    /// <summary>The stream's: bytes were read; the loop is told when that makes room worth fetching into.</summary>
    public void NoteRead(int count)
    {
        var after = Interlocked.Add(ref _buffered, -count);
        var half = BufferBytes / 2;
        if (after <= half && after + count > half)
        {
            Kick();
        }
    }

    /// <summary>The stream's: the caller is done.</summary>
    public void RequestClose() => _loop.Post(
        static state =>
        {
            var link = (Link)state!;
            link.OnCloseRequested?.Invoke(link);
        },
        this);

    private void Kick()
    {
        if (Interlocked.Exchange(ref _kicked, 1) == 0)
        {
            _loop.Post(
                static state =>
                {
                    var link = (Link)state!;
                    Volatile.Write(ref link._kicked, 0);
                    link.OnWork?.Invoke(link);
                },
                this);
        }
    }

    private void EndSending()
    {
        _hasSendingEnded = true;
        if (!_isSending)
        {
            // While a send runs the transport may still read from the pipe's memory, and its verdict is still to come: a
            // peer may close as soon as it has what it wanted. The release does this then.
            _send.Reader.Complete();
            FailFlushes();
        }
    }

    private void EndFlushes()
    {
        for (var i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Target <= BytesSent)
            {
                _flushes[i].Done.TrySetResult();
                _flushes.RemoveAt(i);
            }
        }
    }

    private void FailFlushes()
    {
        foreach (var (_, done) in _flushes)
        {
            done.TrySetException(WhyNotSent());
        }

        _flushes.Clear();
    }

    private void CountReceived(int count)
    {
        BytesReceived += count;
        Metrics?.CountLinkReceived(count);
        Interlocked.Add(ref _buffered, count);
    }

    private void Flush()
    {
        // The pipe has no threshold, so flushing is done at once; it only wakes the reader, at the rim.
        var flushed = _receive.Writer.FlushAsync();
        Debug.Assert(flushed.IsCompleted, "a pipe without a threshold never makes its writer wait");
    }
}
