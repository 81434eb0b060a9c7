namespace ModemDriver.Transport;

/// <summary>What the transports over a <see cref="Stream"/> share: one read loop, one end, one reason.</summary>
/// <remarks>
/// <para>There is one read loop for the life of the Stream. Whatever ends it (the peer, an error, a failed write, the
/// owner) is recorded once, as the first reason; then the Stream is disposed, which wakes a pending read, and the loop
/// tells the sink on its way out.</para>
/// <para>Where a Stream does not wake its reader, the end is told after a limit all the same, and nothing is delivered
/// after it.</para>
/// </remarks>
internal abstract class ReadLoopTransport : ITransport
{
    // The largest segment that modules send is 8 KiB; a tty hands over 4 KiB at most.
    protected const int ReadBytes = 8192;

    // A stall is judged by pieces, so that a slow line may take its time over a large write.
    private const int WritePieceBytes = 16 * 1024;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Lock _delivery = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeSpan _openLimit;
    private readonly TimeSpan _writeStallLimit;
    private readonly StallWatch _stall;

    private TransportState _state;
    private TransportException? _reason;
    private ITransportSink? _sink;
    private Stream? _stream;
    private bool _told;
    private bool _writing;
    private CancellationTokenSource _giveUpWrite = new();
    private TaskCompletionSource? _pause;

    protected ReadLoopTransport(string name, SerialTransportOptions options, TimeProvider timeProvider)
    {
        Name = name;
        Time = timeProvider;
        _openLimit = options.OpenLimit;
        _writeStallLimit = options.WriteStallLimit;
        _stall = new StallWatch(timeProvider, options.WriteStallLimit, OnStalled);
    }

    public string Name { get; }

    public virtual int? BitRate => null;

    public virtual IControlLines? ControlLines => null;

    protected TimeProvider Time { get; }

    /// <summary>Whether the other side waits, and loses nothing, while this one does not read.</summary>
    public virtual bool IsLossless => true;

    /// <summary>Whether the read loop stays on the context that opened the transport.</summary>
    protected virtual bool OnCapturedContext => false;

    public async ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_gate)
        {
            if (_state == TransportState.Closed)
            {
                throw TransportErrors.Ended(Name, _reason);
            }

            if (_state != TransportState.Created)
            {
                throw TransportErrors.OpenedTwice(Name);
            }

            _state = TransportState.Opening;
            _sink = sink;
        }

        Stream? stream = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            stream = await ConnectInTimeAsync(cancellationToken).ConfigureAwait(OnCapturedContext);
        }
        finally
        {
            Settle(stream);
        }

        _ = RunAsync(stream); // its end is _ended, its failure the reason
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Stream stream;
        CancellationToken giveUp;
        lock (_gate)
        {
            if (WhyNotWritable() is { } reason)
            {
                return ValueTask.FromException(reason);
            }

            _writing = true;
            stream = _stream!; // an open transport has one
            giveUp = _giveUpWrite.Token;
        }

        // The Stream is given a token of ours, which closing cancels too: not every Stream wakes its writer when it is
        // disposed. The caller's token is tied to it only when the write has to wait.
        ReadOnlyMemory<byte> piece = data[..Math.Min(data.Length, WritePieceBytes)];
        ValueTask sent = SendAsync(stream, piece, giveUp);
        if (piece.Length < data.Length || !sent.IsCompletedSuccessfully)
        {
            return FinishWriteAsync(stream, sent, data[piece.Length..], cancellationToken);
        }

        // Nothing was tied to the token of a write that did not wait: no gate is needed to end it.
        Volatile.Write(ref _writing, false);
        return sent;
    }

    public bool TryPauseReceiving(bool isPaused)
    {
        if (!IsLossless)
        {
            return false;
        }

        TaskCompletionSource? ended = null;
        lock (_gate)
        {
            if (!isPaused || _state != TransportState.Open)
            {
                (ended, _pause) = (_pause, null);
            }
            else
            {
                _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        ended?.TrySetResult();
        return true;
    }

    public virtual ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
        ValueTask.FromException(new NotSupportedException($"{Name} has no bit rate: set it where the serial port is."));

    public async ValueTask DisposeAsync()
    {
        Break(null);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using ITimer limit = Time.CreateTimer(
            static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false),
            ended,
            CloseLimit,
            Timeout.InfiniteTimeSpan);
        _ = RelayEndAsync(ended);
        if (!await ended.Task.ConfigureAwait(OnCapturedContext))
        {
            // The disposal of this Stream does not wake its reader: the end is told without the loop.
            TellEnd(fromLoop: false);
        }
    }

    // A WaitAsync would go over the pool, also where all is to stay on one thread: while that is busy the limit runs out
    // on a clock of the caller's.
    private async Task RelayEndAsync(TaskCompletionSource<bool> ended)
    {
        await _ended.Task.ConfigureAwait(OnCapturedContext);
        ended.TrySetResult(true);
    }

    /// <summary>Makes the Stream. Throws a <see cref="TransportException"/> that says what to do.</summary>
    protected abstract ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Closes the Stream at once; does not block, and may be called twice.</summary>
    protected virtual void CloseStream(Stream stream) => stream.Dispose();

    protected virtual async ValueTask SendAsync(
        Stream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(data, cancellationToken).ConfigureAwait(OnCapturedContext);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(OnCapturedContext);
    }

    /// <summary>Reads until the Stream ends. Returns at its end, throws where it fails.</summary>
    protected virtual async Task ReadAsync(Stream stream, CancellationToken closing)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadBytes);
        while (await stream.ReadAsync(buffer, closing).ConfigureAwait(OnCapturedContext) is var count and > 0)
        {
            Deliver(buffer.AsSpan(0, count));
            if (Volatile.Read(ref _pause) is { } pause)
            {
                await pause.Task.ConfigureAwait(OnCapturedContext); // Break ends it as well
            }
        }
    }

    protected virtual TransportException ExplainEnd(Exception? exception) =>
        TransportErrors.Gone(
            Name, exception?.Message.TrimEnd('.') ?? "the other side closed the connection", exception);

    protected void Deliver(ReadOnlySpan<byte> data)
    {
        lock (_delivery)
        {
            if (_told)
            {
                return;
            }

            try
            {
                _sink!.Received(data); // set before the loop was started
            }
#pragma warning disable CA1031 // A sink that throws ends the transport with that reason.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Break(TransportErrors.SinkFailed(Name, e));
            }
        }
    }

    protected void RequireOpen()
    {
        lock (_gate)
        {
            if (WhyNotWritable() is { } reason)
            {
                throw reason;
            }
        }
    }

    // What a Stream throws when it has ended, whoever ended it.
    private static bool IsEndOfStream(Exception e) =>
        e is IOException or ObjectDisposedException or InvalidOperationException or UnauthorizedAccessException;

    private async ValueTask<Stream> ConnectInTimeAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(_openLimit, Time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _closing.Token);
        Task<Stream> connecting = ConnectAsync(either.Token).AsTask();
        try
        {
            return await connecting.WaitAsync(either.Token).ConfigureAwait(OnCapturedContext);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            _ = CloseLateAsync(connecting);
            cancellationToken.ThrowIfCancellationRequested();
            throw _closing.IsCancellationRequested
                ? TransportErrors.Ended(Name, null)
                : TransportErrors.OpenTooSlow(Name, _openLimit);
        }
        catch (Exception e) when (e is not TransportException && IsEndOfStream(e))
        {
            throw TransportErrors.System(Name, "Opening", e);
        }
    }

    // An attempt that does not heed its token may succeed after all, when nobody wants the Stream any more.
    private async Task CloseLateAsync(Task<Stream> connecting)
    {
        try
        {
            CloseQuietly(await connecting.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // The caller has been told why there is no Stream.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    // The attempt to open is over. Throws when the transport was disposed meanwhile.
    private void Settle(Stream? stream)
    {
        bool open;
        lock (_gate)
        {
            open = stream is not null && _state == TransportState.Opening;
            _state = open ? TransportState.Open : TransportState.Closed;
            _stream = open ? stream : null;
        }

        if (!open)
        {
            _ended.TrySetResult();
            if (stream is not null)
            {
                CloseQuietly(stream);
                throw TransportErrors.Ended(Name, null);
            }
        }
    }

    private async Task RunAsync(Stream stream)
    {
        TransportException reason;
        try
        {
            await ReadAsync(stream, _closing.Token).ConfigureAwait(OnCapturedContext);
            reason = ExplainEnd(null);
        }
#pragma warning disable CA1031 // Whatever a Stream throws is why it ended, and is handed on as the reason.
        catch (Exception e)
#pragma warning restore CA1031
        {
            reason = ExplainEnd(e);
        }

        Break(reason);
        // A read that is ended by Break goes on inside that call: the sink must not be told on its caller's stack.
        await Task.CompletedTask.ConfigureAwait(
            ConfigureAwaitOptions.ForceYielding
            | (OnCapturedContext ? ConfigureAwaitOptions.ContinueOnCapturedContext : ConfigureAwaitOptions.None));
        TellEnd(fromLoop: true);
    }

    // The first reason counts; null is the owner's.
    private void Break(TransportException? reason)
    {
        Stream? stream;
        CancellationTokenSource giveUpWrite;
        TaskCompletionSource? pause;
        lock (_gate)
        {
            if (_state == TransportState.Closed)
            {
                return;
            }

            if (_state == TransportState.Created)
            {
                _ended.TrySetResult();
            }

            _state = TransportState.Closed;
            _reason = reason;
            stream = _stream;
            giveUpWrite = _giveUpWrite;
            (pause, _pause) = (_pause, null);
        }

        pause?.TrySetResult();
        try
        {
            _closing.Cancel();
            giveUpWrite.Cancel();
        }
        catch (AggregateException)
        {
            // From callbacks that a Stream has registered; it is about to be disposed.
        }

        if (stream is not null)
        {
            CloseQuietly(stream);
        }
    }

    private void CloseQuietly(Stream stream)
    {
        try
        {
            CloseStream(stream);
        }
        catch (Exception e) when (IsEndOfStream(e))
        {
            // Some Streams flush when they are disposed, and fail when the other side is gone. Closed is closed.
        }
    }

    private void TellEnd(bool fromLoop)
    {
        // A sink that does not return from Received is not called a second time.
        if (!fromLoop && !_delivery.TryEnter())
        {
            return;
        }

        if (fromLoop)
        {
            _delivery.Enter();
        }

        try
        {
            if (!_told)
            {
                _told = true;
                _stall.Dispose();
                _sink!.Closed(_reason); // set before the loop was started
            }
        }
#pragma warning disable CA1031 // The transport has ended: there is nobody left to tell, and the process must live.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            _delivery.Exit();
            _ended.TrySetResult();
        }
    }

    // ---- writing ----

    // Under _gate.
    private Exception? WhyNotWritable() =>
        _state switch
        {
            TransportState.Open => _writing ? TransportErrors.WriteUnderWay(Name) : null,
            TransportState.Closed => TransportErrors.Ended(Name, _reason),
            _ => TransportErrors.NotOpen(Name),
        };

    private async ValueTask FinishWriteAsync(
        Stream stream, ValueTask sent, ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        CancellationTokenSource giveUp = _giveUpWrite;
        CancellationTokenRegistration tie =
            cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), giveUp);
        try
        {
            _stall.Start();
            await sent.ConfigureAwait(OnCapturedContext);
            while (!rest.IsEmpty)
            {
                ReadOnlyMemory<byte> piece = rest[..Math.Min(rest.Length, WritePieceBytes)];
                rest = rest[piece.Length..];
                _stall.Progress();
                await SendAsync(stream, piece, giveUp.Token).ConfigureAwait(OnCapturedContext);
            }
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException || IsEndOfStream(e))
        {
            Break(TransportErrors.Gone(Name, e.Message.TrimEnd('.'), e)); // unless it has ended before
            throw TransportErrors.Ended(Name, _reason);
        }
        finally
        {
            _stall.Stop();
            await tie.DisposeAsync().ConfigureAwait(OnCapturedContext); // a late callback must not meet the next write
            EndWrite();
        }
    }

    private void EndWrite()
    {
        lock (_gate)
        {
            _writing = false;
            if (_giveUpWrite.IsCancellationRequested && _state == TransportState.Open)
            {
                _giveUpWrite = new CancellationTokenSource();
            }
        }
    }

    private void OnStalled()
    {
        lock (_gate)
        {
            if (!_writing)
            {
                return;
            }
        }

        Break(TransportErrors.Stalled(Name, _writeStallLimit));
    }
}
