namespace ModemDriver.Simulator.Time;

/// <summary>Exact waits on the machine's own clock: the one place of the simulator that sleeps.</summary>
/// <remarks>
/// Timers of the runtime step by 4 ms on a kernel with HZ=250, which is 46 bytes at 115,200 bit/s. One thread for the
/// process sleeps until the next moment that anyone waits for, and until someone waits when nobody does.
/// </remarks>
internal sealed class RealTimePacer : IPace
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ExactSleep _sleep = ExactSleep.Create();
    private bool _running;
    private long _wakesAt = long.MaxValue;

    private RealTimePacer()
    {
    }

    internal static RealTimePacer Shared { get; } = new();

    // What passes in one millisecond; at low rates at most 7 ms.
    public int StepBytes(int bitRate) => Math.Max(Math.Clamp(bitRate / 1500, 1, 16), bitRate / 10_000);

    public async Task UntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        if (timestamp <= _time.GetTimestamp())
        {
            return;
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration cancelled = cancellationToken.Register(
            () => reached.TrySetCanceled(cancellationToken));
        Add(timestamp, reached);
        await reached.Task;
    }

    private void Add(long timestamp, TaskCompletionSource reached)
    {
        lock (_gate)
        {
            _waiting.Enqueue(reached, timestamp);
            if (!_running)
            {
                _running = true;
                new Thread(Run) { IsBackground = true, Name = "ModemDriver.Simulator pacer" }.Start();
            }
            else if (timestamp < _wakesAt)
            {
                _sleep.Interrupt();
            }
        }
    }

    private void Run()
    {
        _sleep.Prepare();
        while (true)
        {
            _sleep.Sleep(FireDue());
        }
    }

    // How long until the next moment; null: until somebody interrupts.
    private TimeSpan? FireDue()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out TaskCompletionSource? reached, out long timestamp))
            {
                long now = _time.GetTimestamp();
                if (timestamp > now)
                {
                    _wakesAt = timestamp;
                    return _time.GetElapsedTime(now, timestamp);
                }

                _waiting.Dequeue();
                reached.TrySetResult();
            }

            _wakesAt = long.MaxValue;
            return null;
        }
    }
}
