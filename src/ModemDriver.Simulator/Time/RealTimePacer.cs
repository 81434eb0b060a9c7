using System.Runtime.InteropServices;

namespace ModemDriver.Simulator.Time;

/// <summary>Exact waits on the machine's own clock: the one place of the simulator that sleeps.</summary>
/// <remarks>
/// Timers of the runtime step by 4 ms on a kernel with HZ=250, which is 46 bytes at 115,200 bit/s. One thread for the
/// process sleeps until the next moment that anyone waits for, and until someone waits when nobody does.
/// </remarks>
internal sealed partial class RealTimePacer : IPace
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

    /// <summary>
    /// How the pacer's thread sleeps: to some microseconds on Linux, whose <c>ppoll</c> counts nanoseconds; elsewhere in
    /// the milliseconds of the runtime.
    /// </summary>
    private abstract partial class ExactSleep
    {
        public static ExactSleep Create() => OperatingSystem.IsLinux() ? new LinuxSleep() : new RuntimeSleep();

        /// <summary>Called once on the thread that is going to sleep.</summary>
        public virtual void Prepare()
        {
        }

        /// <summary>Sleeps so long, or until someone interrupts; <see langword="null"/>: until then.</summary>
        public abstract void Sleep(TimeSpan? limit);

        /// <summary>Ends the sleep that is under way, or the next one at once.</summary>
        public abstract void Interrupt();

#pragma warning disable CA1001 // There is one, for as long as the process lives.
        private sealed class RuntimeSleep : ExactSleep
#pragma warning restore CA1001
        {
            private readonly AutoResetEvent _interrupted = new(false);

            // A limit is rounded up: awake too early would be awake again at once.
            public override void Sleep(TimeSpan? limit) =>
                _interrupted.WaitOne(limit is { } span ? (int)Math.Min(Math.Ceiling(span.TotalMilliseconds), int.MaxValue) : Timeout.Infinite);

            public override void Interrupt() => _interrupted.Set();
        }

        private sealed unsafe partial class LinuxSleep : ExactSleep
        {
            private const int NonBlocking = 0x800;
            private const int CloseOnExec = 0x80000;
            private const short PollIn = 1;
            private const int SetTimerSlack = 29;
            private const int Interrupted = 4;

            private readonly int _event;

            public LinuxSleep()
            {
                _event = eventfd(0, NonBlocking | CloseOnExec);
                if (_event < 0)
                {
                    throw new IOException($"eventfd failed: error {Marshal.GetLastPInvokeError()}.");
                }
            }

            // The system puts wake-ups that lie within 50 µs together unless a thread asks for less. Refused, it is so much late.
            public override void Prepare() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

            public override void Sleep(TimeSpan? limit)
            {
                TimeSpec span = default;
                if (limit is { } time)
                {
                    span.Seconds = (nint)(time.Ticks / TimeSpan.TicksPerSecond);
                    span.Nanoseconds = (nint)(time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
                }

                PollEntry entry = new() { Descriptor = _event, Events = PollIn };
                int ready = ppoll(&entry, 1, limit is null ? null : &span, null);
                if (ready > 0)
                {
                    ulong count;
                    _ = read(_event, &count, sizeof(ulong));
                }
                else if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw new IOException($"ppoll failed: error {Marshal.GetLastPInvokeError()}.");
                }
            }

            public override void Interrupt()
            {
                ulong one = 1;
                _ = write(_event, &one, sizeof(ulong)); // full means interrupted already
            }

            [StructLayout(LayoutKind.Sequential)]
            private struct PollEntry
            {
                public int Descriptor;
                public short Events;
                public short Returned;
            }

            // struct timespec, as long as the C library's time_t is a long: on 64-bit systems, and on 32-bit ones by default.
            [StructLayout(LayoutKind.Sequential)]
            private struct TimeSpec
            {
                public nint Seconds;
                public nint Nanoseconds;
            }

#pragma warning disable IDE1006, SA1300, SYSLIB1054 // Names of the system's own.
            [LibraryImport("libc", SetLastError = true)]
            private static partial int eventfd(uint start, int flags);

            [LibraryImport("libc", SetLastError = true)]
            private static partial int ppoll(PollEntry* entries, nuint count, TimeSpec* limit, void* signals);

            [LibraryImport("libc", SetLastError = true)]
            private static partial nint read(int descriptor, void* buffer, nuint count);

            [LibraryImport("libc", SetLastError = true)]
            private static partial nint write(int descriptor, void* buffer, nuint count);

            [LibraryImport("libc")]
            private static partial int prctl(int option, nuint value, nuint third, nuint fourth, nuint fifth);
#pragma warning restore IDE1006, SA1300, SYSLIB1054
        }
    }
}
