using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CIPSENDBUF, for one link: segments with numbers, sent one after the other behind the host's back.</summary>
internal sealed class SegmentQueue(EspAtModule module, EspAtLink link)
{
    /// <summary>The stack's send buffer, in bytes and in segments.</summary>
    private const int RoomBytes = 5840;
    private const int RoomSegments = 16;

    private readonly Queue<(int Number, byte[] Data)> _waiting = new();
    private readonly Dictionary<int, bool> _verdicts = [];
    private readonly LoopSignal _work = new(module.Host.Loop);
    private bool _isRunning;
    private int _pendingBytes;
    private int _pendingSegments;

    /// <summary>The number of the next segment; the first is 1.</summary>
    internal int Next { get; private set; } = 1;

    internal int LastSent { get; private set; }

    internal int LastOk { get; private set; }

    internal int FreeBytes => RoomBytes - _pendingBytes;

    internal int FreeSegments => RoomSegments - _pendingSegments;

    internal bool IsEmpty => _pendingSegments == 0;

    /// <summary>Whether a segment has arrived; <see langword="null"/> when there is no verdict.</summary>
    internal bool? Verdict(int number) => _verdicts.TryGetValue(number, out bool isSent) ? isSent : null;

    internal void Add(ReadOnlySpan<byte> data)
    {
        _waiting.Enqueue((Next++, data.ToArray()));
        _pendingBytes += data.Length;
        _pendingSegments++;
        if (!_isRunning)
        {
            _isRunning = true;
            module.Host.Loop.StartHere(() => SendAsync(module.Life));
        }

        _work.Set();
    }

    internal void Reset()
    {
        (Next, LastSent, LastOk) = (1, 0, 0);
        _verdicts.Clear();
    }

    private async Task SendAsync(CancellationToken life)
    {
        while (true)
        {
            if (!_waiting.TryDequeue(out (int Number, byte[] Data) next))
            {
                await _work.WaitAsync(life);
                continue;
            }

            LastSent = next.Number;
            bool isSent = await module.Sender.TrySendAsync(link, next.Data);
            life.ThrowIfCancellationRequested();
            await module.Host.Clock.WaitAsync(module.Host.Timings.SendVerdict, life);
            _pendingBytes -= next.Data.Length;
            _pendingSegments--;
            _verdicts[next.Number] = isSent;
            LastOk = isSent ? next.Number : LastOk;
            string verdict = isSent ? "SEND OK" : "SEND FAIL";
            module.Respond.Urc(WireText.Format($"\r\n{module.Links.Prefix(link.Id)}{next.Number},{verdict}\r\n"));
        }
    }
}
