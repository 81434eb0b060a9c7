using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Faults;

/// <summary>Applies a fault plan to one module. For the loop only.</summary>
internal sealed class FaultInjector
{
    private readonly FaultPlan _plan;
    private readonly ModuleClock _clock;
    private readonly Random _random;
    private readonly List<ActiveFault> _active = [];
    private readonly long[] _passed = new long[2];
    private readonly ByteQueue _input = new();
    private Fault[] _seen = [];
    private long _delivered;

    internal FaultInjector(FaultPlan plan, ModuleClock clock)
    {
        _plan = plan;
        _clock = clock;
        _random = new Random(plan.Seed);
    }

    /// <summary>What a fault does to the whole module: unplug it, or reset it for a cause.</summary>
    internal Action<ResetCause?>? Act { get; init; }

    /// <summary>The answer being held back; <see langword="null"/> while answers go straight out.</summary>
    internal HeldAnswer? Held { get; private set; }

    internal bool ShapesOutput => Active().Exists(active =>
        active.Kind is FaultKind.Split or FaultKind.RandomSplit || (active.Kind == FaultKind.Delay && !active.IsSpent));

    internal void Output(ReadOnlySpan<byte> data, ByteQueue tx) => Pass(WireDirection.ToHost, data, tx);

    /// <summary>What is left of a read; valid until the next one.</summary>
    internal ReadOnlySpan<byte> Input(ReadOnlySpan<byte> data)
    {
        if (Active().Count == 0)
        {
            _passed[(int)WireDirection.ToModule] += data.Length;
            return data;
        }

        _input.Clear();
        Pass(WireDirection.ToModule, data, _input);
        return _input.Span;
    }

    /// <summary>A part of the answer to the command under way.</summary>
    internal void Answer(ReadOnlySpan<byte> data, Uart uart)
    {
        if (Held is HeldAnswer held)
        {
            held.Bytes.Write(data);
        }
        else
        {
            uart.Write(data);
        }
    }

    /// <summary>A command line, or a payload as <c>&gt;</c>, is about to be worked on.</summary>
    internal CommandFate Begin(string line)
    {
        CommandFate fate = CommandFate.Normal;
        foreach (ActiveFault active in Active().ToArray())
        {
            Fault fault = active.Fault;
            if (active.IsSpent || !line.StartsWith(fault.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            switch (fault.Kind)
            {
                case FaultKind.Busy:
                    active.IsSpent = ++active.Count >= fault.Number;
                    fate = fault.Executes ? CommandFate.BusyButExecuted : CommandFate.Refused;
                    break;
                case FaultKind.Act when line != ">" && active.Reaches(fault.Number):
                    Act?.Invoke(fault.Cause);
                    return CommandFate.Dropped;
                case FaultKind.Late or FaultKind.Missing or FaultKind.Replace or FaultKind.Splice
                    when active.Reaches(fault.Number):
                    Held = new HeldAnswer(fault);
                    break;
                default:
                    break;
            }
        }

        return fate;
    }

    /// <summary>The answer is complete: what the fault makes of it goes out, when the fault lets it.</summary>
    internal async Task ReleaseAsync(Uart uart, CancellationToken life)
    {
        if (Held is HeldAnswer held)
        {
            await _clock.WaitAsync(held.Fault.Delay, life);
            ReleaseNow(uart);
        }
    }

    internal void ReleaseNow(Uart uart)
    {
        HeldAnswer? held = Held;
        Held = null;
        held?.WriteTo(uart);
    }

    internal void Abandon() => Held = null;

    internal int AnnouncedLength(int length) =>
        Strikes(FaultKind.WrongLength) is Fault fault ? Math.Max(0, length + (int)fault.Offset) : length;

    /// <summary>How many bytes a send takes.</summary>
    internal int TakenCount(int count, int most) =>
        Strikes(FaultKind.WrongCount) is Fault fault ? Math.Clamp(count + (int)fault.Offset, 1, most) : count;

    internal bool LosesPrompt() => Strikes(FaultKind.LostPrompt) is not null;

    internal void Verdict(bool isSent, string ok, string fail, Action<string> answer)
    {
        Fault? fault = Strikes(FaultKind.SendFail);
        answer(isSent && fault is null ? ok : fail);
        if (fault is { Executes: true })
        {
            answer(ok);
        }
    }

    /// <summary>How much of the waiting output leaves in one piece.</summary>
    internal int NextChunk(int available)
    {
        int chunk = available;
        foreach (ActiveFault active in Active())
        {
            long until = active.Fault.Offset - (_delivered - active.DeliveredBefore);
            chunk = active.Kind switch
            {
                FaultKind.Split => Math.Min(chunk, active.Fault.Number),
                FaultKind.RandomSplit => Math.Min(chunk, _random.Next(active.Fault.Number) + 1),
                FaultKind.Delay when !active.IsSpent && until > 0 => (int)Math.Min(chunk, until),
                _ => chunk,
            };
        }

        return chunk;
    }

    /// <summary>Waits if a pause is due before the next byte.</summary>
    internal async Task DelayOutputAsync(CancellationToken cancellationToken)
    {
        foreach (ActiveFault active in Active().ToArray())
        {
            if (active is { Kind: FaultKind.Delay, IsSpent: false }
                && _delivered - active.DeliveredBefore >= active.Fault.Offset)
            {
                active.IsSpent = true;
                await _clock.WaitAsync(active.Fault.Delay, cancellationToken);
            }
        }
    }

    internal void Delivered(int count) => _delivered += count;

    private Fault? Strikes(FaultKind kind)
    {
        Fault? struck = null;
        foreach (ActiveFault active in Active())
        {
            if (active.Kind == kind && active.Reaches(active.Fault.Number))
            {
                struck = active.Fault;
            }
        }

        return struck;
    }

    private void Pass(WireDirection direction, ReadOnlySpan<byte> data, ByteQueue target)
    {
        ref long passed = ref _passed[(int)direction];
        List<ActiveFault> active = Active();
        if (active.Count == 0)
        {
            target.Write(data);
            passed += data.Length;
            return;
        }

        foreach (byte value in data)
        {
            PassOne(direction, passed++, value, target, active);
        }
    }

    private static void PassOne(
        WireDirection direction, long at, byte value, ByteQueue target, List<ActiveFault> active)
    {
        int copies = 1;
        foreach (ActiveFault each in active)
        {
            Fault fault = each.Fault;
            if (fault.Direction != direction || at - each.PassedBefore(direction) != fault.Offset)
            {
                continue;
            }

            switch (each.Kind)
            {
                case FaultKind.Drop:
                    copies = 0;
                    break;
                case FaultKind.Duplicate:
                    copies = 2;
                    break;
                case FaultKind.Corrupt:
                    value ^= fault.Bytes[0];
                    break;
                case FaultKind.Insert:
                    target.Write(fault.Bytes);
                    break;
                default:
                    break;
            }
        }

        for (int i = 0; i < copies; i++)
        {
            target.Write(value);
        }
    }

    /// <summary>The faults of the plan, each with its own counts since it was first seen.</summary>
    private List<ActiveFault> Active()
    {
        Fault[] faults = _plan.Snapshot;
        if (!ReferenceEquals(faults, _seen))
        {
            Follow(faults);
        }

        return _active;
    }

    private void Follow(Fault[] faults)
    {
        _seen = faults;
        _active.RemoveAll(active => !faults.Contains(active.Fault));
        foreach (Fault fault in faults.Where(fault => !_active.Exists(active => active.Fault == fault)).ToArray())
        {
            _active.Add(new ActiveFault(fault, _passed[0], _passed[1], _delivered));
        }
    }

    private sealed class ActiveFault(Fault fault, long toHost, long toModule, long delivered)
    {
        internal Fault Fault => fault;

        internal FaultKind Kind => fault.Kind;

        internal int Count { get; set; }

        internal bool IsSpent { get; set; }

        internal long DeliveredBefore => delivered;

        internal long PassedBefore(WireDirection direction) =>
            direction == WireDirection.ToHost ? toHost : toModule;

        /// <summary>Counts one more; true when it is the one.</summary>
        internal bool Reaches(int number)
        {
            IsSpent = IsSpent || Count + 1 >= number;
            return ++Count == number;
        }
    }
}

/// <summary>What becomes of a command.</summary>
internal enum CommandFate
{
    /// <summary>It is carried out.</summary>
    Normal,

    /// <summary>Busy is said, and it is thrown away.</summary>
    Refused,

    /// <summary>Busy is said, and it is carried out.</summary>
    BusyButExecuted,

    /// <summary>Nothing is said: the module is gone.</summary>
    Dropped,
}
