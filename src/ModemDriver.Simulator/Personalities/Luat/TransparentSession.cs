using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>AT+CIPMODE=1: the one link is a data state, which can be left and entered again while it stands.</summary>
internal sealed class TransparentSession(LuatModule module)
{
    /// <summary>What waits for the peer before the module takes no more from the host.</summary>
    private const int QueueBytes = 8 * 1024;

    // The OK comes about 600 ms behind the last sign: the silence, and a little more.
    private static readonly TimeSpan EscapeTime = TimeSpan.FromMilliseconds(100);

    private readonly ByteQueue _buffer = new();
    private DataPhase? _phase;
    private LuatLink? _link;
    private byte[] _unsent = [];
    private int _timers;

    /// <summary>Whether bytes go through.</summary>
    internal bool IsActive => _phase is not null;

    /// <summary>Whether received data waits for AT O.</summary>
    internal bool HoldsData => module.Ip.IsTransparent && !IsActive
        && module.Switches[LuatSwitches.DataAfterEscape] == "held";

    private ModuleHost Host => module.Host;

    internal void Reset()
    {
        _timers++;
        _phase?.End();
        _phase = null;
        _link = null;
        _buffer.Clear();
        _unsent = [];
    }

    /// <summary>The link is there: CONNECT, and everything behind it is data.</summary>
    internal void Enter(LuatLink link)
    {
        if (!ReferenceEquals(link, _link))
        {
            _link = link;
            if (_unsent.Length > 0)
            {
                Queue(_unsent); // Kept from a connection that was lost.
                _unsent = [];
            }
        }

        module.Respond.Final("CONNECT", 1);
        _phase = new DataPhase(Host, module.Luat.HasEscape, link.Life) { Payload = Take, Escaped = Leave };
        Host.Trace("! data state");
        module.Input.PassThrough(_phase);
        link.Room.Set();
    }

    /// <summary>ATO; false when there is nothing to go back to.</summary>
    internal bool TryResume()
    {
        if (!module.Ip.IsTransparent || module.Links.Find(0) is not { IsOpen: true } link)
        {
            return false;
        }

        Enter(link);
        return true;
    }

    /// <summary>The link is lost: back to commands, whatever the host is doing.</summary>
    internal void Lost(LuatLink link)
    {
        if (!ReferenceEquals(link, _link))
        {
            return;
        }

        byte[] rest = [.. link.Outgoing.SelectMany(data => data), .. _buffer.Span];
        bool wasActive = IsActive;
        Reset();
        _unsent = module.Ip.DropsUnsent ? [] : rest;
        if (wasActive)
        {
            Host.Trace("! data state lost");
            Host.Uart.Input.HoldsInput = false;
            module.Respond.SayKept();
            module.Input.Busy();
            module.Input.Idle();
        }
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        bool wasEmpty = _buffer.Count == 0;
        _buffer.Write(data);
        while (_buffer.Count >= module.Ip.SegmentBytes)
        {
            Flush(module.Ip.SegmentBytes);
        }

        if (_buffer.Count > 0 && (wasEmpty || _buffer.Count <= data.Length))
        {
            int timer = ++_timers;
            CancellationToken life = module.Life;
            Host.Loop.StartHere(() => FlushLaterAsync(timer, life));
        }
    }

    private async Task FlushLaterAsync(int timer, CancellationToken life)
    {
        await Host.Clock.WaitAsync(TimeSpan.FromMilliseconds(100 * module.Ip.SegmentTicks), life);
        if (timer == _timers)
        {
            Flush(_buffer.Count);
        }
    }

    private void Flush(int count)
    {
        if (count > 0)
        {
            byte[] data = _buffer.Span[..count].ToArray();
            _buffer.Skip(count);
            Queue(data);
        }
    }

    private void Queue(byte[] data)
    {
        LuatLink link = _link!; // Only an entered session has data.
        link.Outgoing.Enqueue(data);
        link.Sent += data.Length;
        link.Work.Set();
        if (link.Outstanding >= QueueBytes && !Host.Uart.Input.HoldsInput)
        {
            Host.Uart.Input.HoldsInput = true;
            Host.Loop.StartHere(() => ReleaseInputAsync(link));
        }
    }

    private async Task ReleaseInputAsync(LuatLink link)
    {
        while (link.IsOpen && link.Outstanding >= QueueBytes)
        {
            await link.Progress.WaitAsync(module.Life);
        }

        Host.Uart.Input.HoldsInput = false;
    }

    /// <summary>The three signs have come.</summary>
    private void Leave()
    {
        _timers++;
        Flush(_buffer.Count);
        _phase = null;
        Host.Trace("! data state left");
        module.Input.Busy();
        CancellationToken life = module.Life;
        Host.Loop.StartHere(async () =>
        {
            await Host.Clock.WaitAsync(EscapeTime, life);
            life.ThrowIfCancellationRequested();
            module.Respond.Ok();
            module.Respond.SayKept();
            module.Input.Idle();
        });
    }
}
