namespace ModemDriver.Simulator.Time;

/// <summary>Exact waits on the machine's own clock: the one place of the simulator that sleeps.</summary>
/// <remarks>
/// Timers of the runtime step by 4 ms on a kernel with HZ=250, which is 46 bytes at 115,200 bit/s. One thread for the
/// process sleeps a millisecond at a time while anyone waits, and not at all otherwise.
/// </remarks>
internal sealed class RealTimePacer : IPace
{
    private readonly Lock _gate = new();
    private readonly List<(long Timestamp, TaskCompletionSource Reached)> _waiting = [];
    private readonly TimeProvider _time = TimeProvider.System;
    private bool _running;

    private RealTimePacer()
    {
    }

    internal static RealTimePacer Shared { get; } = new();

    // What passes in one millisecond, so that a step is about one sleep; at low rates at most 7 ms.
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
            _waiting.Add((timestamp, reached));
            if (_running)
            {
                return;
            }

            _running = true;
        }

        new Thread(Run) { IsBackground = true, Name = "ModemDriver.Simulator pacer" }.Start();
    }

    private void Run()
    {
        while (FireDue())
        {
#pragma warning disable RS0030 // Pacing real bytes in real time is this file's whole purpose.
            Thread.Sleep(1);
#pragma warning restore RS0030
        }
    }

    private bool FireDue()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Timestamp <= now)
                {
                    _waiting[i].Reached.TrySetResult();
                    _waiting.RemoveAt(i);
                }
            }

            return _running = _waiting.Count > 0;
        }
    }
}
