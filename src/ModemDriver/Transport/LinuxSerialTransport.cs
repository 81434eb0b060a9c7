using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModemDriver.Transport;

/// <summary>A tty by its descriptor: termios, poll, read, write.</summary>
/// <remarks>
/// <para>One thread of its own opens the port, waits in poll(2) and calls the sink in place: a wake-up of the thread
/// pool for every read costs more than all the rest. The thread alone closes the descriptor.</para>
/// <para>A port that has been quiet for a while gives its thread up, and <see cref="IdlePortWatch"/> waits for it and for
/// all others like it. When it stirs, a new thread goes on where the old one left off.</para>
/// <para>A write is tried once on the caller's thread. The rest waits for POLLOUT on the port's thread. All of the
/// writer's state is guarded by <c>_gate</c>, so that after a cancellation the memory is not looked at again.</para>
/// </remarks>
internal sealed partial class LinuxSerialTransport : ITransport
{
    // A tty hands over at most 4095 bytes a read.
    private const int ReadBytes = 4096;

    // Closing gives the last command time to leave: 2,000 bytes at 115,200 bit/s.
    private const int DrainSteps = 20;
    private const int DrainStepMilliseconds = 10;

    // Beside this, the start of a thread is nothing; and a module that is asked something now and then keeps its thread.
    private static readonly TimeSpan DefaultIdleLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SerialTransportOptions _options;
    private readonly TimeProvider _time;
    private readonly WaitingWrite _write; // waits for POLLOUT
    private readonly StallWatch _stall;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);

    private readonly Func<string> _find;
    private readonly int _idleMilliseconds;
    private TransportState _state;
    private bool _closing;
    private volatile bool _isPaused;
    private volatile bool _isLossless; // known once it is open
    private volatile bool _isParked;
    private TransportException? _reason;
    private ITransportSink? _sink;
    private SafeFileHandle? _tty;
    private SafeFileHandle? _wakeUp;

    public LinuxSerialTransport(
        string port,
        SerialTransportOptions options,
        TimeProvider timeProvider,
        Func<string>? find = null,
        TimeSpan? idleLimit = null)
    {
        _find = find ?? (() => port);
        Name = port;
        BitRate = options.BitRate;
        _options = options;
        _idleMilliseconds = (int)(idleLimit ?? DefaultIdleLimit).TotalMilliseconds;
        _time = timeProvider;
        _write = new WaitingWrite(_gate);
        _stall = new StallWatch(timeProvider, options.WriteStallLimit, OnStalled);
    }

    public string Name { get; }

    public int? BitRate { get; private set; }

    /// <summary>Whether the port has given its thread up, or is about to. For tests.</summary>
    internal bool IsParked => _isParked;

    private string ThreadName => $"modem {Name}";

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

            _state = cancellationToken.IsCancellationRequested ? TransportState.Closed : TransportState.Opening;
            _sink = sink;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            _ended.TrySetResult();
            cancellationToken.ThrowIfCancellationRequested();
        }

        // Opening a USB port talks to the device and may take its time: that, too, is done on the port's thread.
        new Thread(Run) { IsBackground = true, Name = ThreadName }.UnsafeStart();
        try
        {
            await _opened.Task.WaitAsync(_options.OpenLimit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && AbandonOpening())
        {
            if (e is TimeoutException)
            {
                throw TransportErrors.OpenTooSlow(Name, _options.OpenLimit);
            }

            throw;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The port was open already when the time ran out: it is open.
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_gate)
        {
            if (WhyNotWritable() is { } reason)
            {
                return ValueTask.FromException(reason);
            }

            if (!TryWrite(data.Span, out int taken, out TransportException? failure))
            {
                return ValueTask.FromException(failure!); // set whenever false is returned
            }

            return taken == data.Length ? ValueTask.CompletedTask : QueueRest(data[taken..], cancellationToken);
        }
    }

    /// <summary>
    /// With flow control the system takes RTS back when its buffer is full. A terminal without any control line has no
    /// wire behind it, and its other side waits.
    /// </summary>
    public bool IsLossless => _isLossless;

    /// <inheritdoc/>
    public bool TryPauseReceiving(bool isPaused)
    {
        lock (_gate)
        {
            if (_state != TransportState.Open || _closing)
            {
                return false;
            }

            if (isPaused && !_isLossless)
            {
                return false;
            }

            if (_isPaused != isPaused)
            {
                _isPaused = isPaused;
                Signal(_wakeUp!); // an open port has one
            }

            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            switch (_state)
            {
                case TransportState.Created:
                    _state = TransportState.Closed;
                    _ended.TrySetResult();
                    break;
                case TransportState.Opening:
                    _state = TransportState.Closed;
                    _opened.TrySetException(TransportErrors.Ended(Name, null));
                    break;
                case TransportState.Open when !_closing:
                    _closing = true;
                    Signal(_wakeUp!); // an open port has one
                    break;
            }
        }

        try
        {
            // No thread is joined: this may run on the port's own thread, which leaves once the sink has returned.
            await _ended.Task.WaitAsync(CloseLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The sink does not return, or the driver of the port hangs: the thread closes the port when it can.
        }
    }

    // ---- writing, under _gate ----

    private Exception? WhyNotWritable() =>
        _state switch
        {
            TransportState.Open when _closing => TransportErrors.Ended(Name, _reason),
            TransportState.Open => _write.IsActive ? TransportErrors.WriteUnderWay(Name) : null,
            TransportState.Closed => TransportErrors.Ended(Name, _reason),
            _ => TransportErrors.NotOpen(Name),
        };

    private unsafe bool TryWrite(ReadOnlySpan<byte> data, out int taken, out TransportException? failure)
    {
        taken = 0;
        failure = null;
        if (data.IsEmpty)
        {
            return true;
        }

        nint count;
        fixed (byte* bytes = data)
        {
            count = write(_tty!, bytes, (nuint)data.Length); // the port is open
        }

        if (count >= 0)
        {
            taken = (int)count;
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error is EAgain or EIntr)
        {
            return true;
        }

        // The port's thread sees the same and tells the sink.
        failure = TransportErrors.Gone(Name, "it was unplugged or hung up", new Win32Exception(error));
        return false;
    }

    private ValueTask QueueRest(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        ValueTask written = _write.Start(rest, cancellationToken);
        _stall.Start();
        Signal(_wakeUp!); // the port is open
        return written;
    }

    private void OnStalled()
    {
        lock (_gate)
        {
            if (_write.IsActive && !_closing)
            {
                _reason = TransportErrors.Stalled(Name, _options.WriteStallLimit);
                _closing = true;
                Signal(_wakeUp!); // an open port has one
            }
        }
    }
}
