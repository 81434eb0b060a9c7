using System.Runtime.InteropServices;

namespace ModemDriver.Simulator.Time;

/// <summary>
/// How the pacer's thread sleeps: to some microseconds on Linux, whose <c>ppoll</c> counts nanoseconds; elsewhere in
/// the milliseconds of the runtime.
/// </summary>
internal abstract partial class ExactSleep
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
            _interrupted.WaitOne(limit is { } span ? (int)Math.Ceiling(span.TotalMilliseconds) : Timeout.Infinite);

        public override void Interrupt() => _interrupted.Set();
    }

    private sealed unsafe partial class LinuxSleep : ExactSleep
    {
        private const int NonBlocking = 0x800;
        private const int CloseOnExec = 0x80000;
        private const short PollIn = 1;
        private const int SetTimerSlack = 29;

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
            if (ppoll(&entry, 1, limit is null ? null : &span, null) > 0)
            {
                ulong count;
                _ = read(_event, &count, sizeof(ulong));
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
