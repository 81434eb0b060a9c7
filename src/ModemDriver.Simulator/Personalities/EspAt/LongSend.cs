using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CIPSENDL: payload that goes to the network while it arrives, with a report now and then.</summary>
internal sealed class LongSend : IPayloadPhase
{
    /// <summary>What waits for the network before the module stops reading.</summary>
    private const int MostWaiting = 16 * 1024;

    private readonly EspAtModule _module;
    private readonly EspAtLink _link;
    private readonly int _length;
    private readonly EscapeWatch _watch;
    private readonly ByteQueue _waiting = new();
    private readonly LoopSignal _work;
    private readonly CancellationToken _life;
    private int _received;
    private int _sent;
    private int _nextReport;
    private bool _hasFailed;

    internal LongSend(EspAtModule module, EspAtLink link, int length)
    {
        _module = module;
        _link = link;
        _length = length;
        _life = module.Life;
        _nextReport = module.Settings.ReportBytes;
        _work = new LoopSignal(module.Host.Loop);
        _watch = new EscapeWatch(module.Host, Cancelled, module.Life);
    }

    public bool IsComplete => _received == _length;

    public bool IsCancelled => _watch.HasEscaped;

    internal void Start() => _module.Host.Loop.StartHere(SendAsync);

    public int Take(ReadOnlySpan<byte> chunk)
    {
        bool isCaught = _watch.Catches(chunk, out bool releasesSigns);
        if (releasesSigns)
        {
            _ = Store("+++"u8);
        }

        if (isCaught)
        {
            return IsCancelled ? 0 : chunk.Length;
        }

        return Store(chunk);
    }

    /// <summary>The verdict comes when all of it is sent: see <see cref="SendAsync"/>.</summary>
    public void Complete() => _work.Set();

    private int Store(ReadOnlySpan<byte> chunk)
    {
        int taken = Math.Min(chunk.Length, _length - _received);
        _received += taken;
        if (!_hasFailed)
        {
            _waiting.Write(chunk[..taken]);
            _module.Host.Uart.Input.HoldsInput = _waiting.Count >= MostWaiting;
        }

        _work.Set();
        return taken;
    }

    private async Task SendAsync()
    {
        while (!IsCancelled)
        {
            if (_waiting.Count > 0 && !_hasFailed)
            {
                await SendOneAsync();
            }
            else if (IsComplete)
            {
                _module.Host.Faults.Verdict(
                    !_hasFailed, "\r\nSEND OK\r\n", _module.Forms.SendFail, _module.Respond.Answer);
                _module.Input.Idle();
                return;
            }
            else
            {
                await _work.WaitAsync(_life);
            }
        }
    }

    private async Task SendOneAsync()
    {
        byte[] piece = _waiting.Span[..Math.Min(_waiting.Count, _module.Settings.TransmitBytes)].ToArray();
        _waiting.Skip(piece.Length);
        bool isSent = await _module.Sender.TrySendAsync(_link, piece);
        _life.ThrowIfCancellationRequested();
        if (!isSent)
        {
            // What still comes is swallowed, up to the length.
            _hasFailed = true;
            _waiting.Clear();
        }
        else if (!IsCancelled)
        {
            _sent += piece.Length;
            Report();
        }

        _module.Host.Uart.Input.HoldsInput = !IsCancelled && _waiting.Count >= MostWaiting;
    }

    private void Report()
    {
        if (_sent < _nextReport)
        {
            return;
        }

        _nextReport += (((_sent - _nextReport) / _module.Settings.ReportBytes) + 1) * _module.Settings.ReportBytes;
        string lead = _module.Switches.IsOn(LinkSwitches.ReportLead) ? "\r\n" : "";
        _module.Respond.Answer(WireText.Format($"{lead}+CIPSENDL:{_sent},{_received}\r\n"));
    }

    private void Cancelled()
    {
        _waiting.Clear();
        _work.Set();
        _module.Host.Uart.Input.HoldsInput = false;
        _module.Respond.Answer("\r\nSEND CANCELLED\r\n");
        _module.Input.Idle();
    }
}
