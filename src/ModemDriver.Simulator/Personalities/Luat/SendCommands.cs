using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Payload to the peers.</summary>
internal sealed class SendCommands(LuatModule module) : CommandGroup(module)
{
    /// <summary>The most bytes of one send.</summary>
    private const int LargestSend = 1460;

    private readonly LuatModule _module = module;
    private readonly byte[] _buffer = new byte[LargestSend];
    private int _sends;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CIPSEND") { Test = Says(DescribeSend), Read = At(ReadSizes), Set = At(Send), Execute = At(Send) },
        new("+CIPQSEND") { Test = Says(() => $"+CIPQSEND: (0,1,2)"), Read = Says(() => $"+CIPQSEND: {Ip.QuickSend}"), Set = Takes(0, 2, value => Ip.QuickSend = value) },
        new("+CIPSPRT") { Read = Says(() => $"+CIPSPRT: {Ip.Prompts}"), Set = Takes(0, 2, value => Ip.Prompts = value) },
        new("+CIPACK") { Execute = At(ReadCounters), Set = At(ReadCounters) },
    ];

    private IpSettings Ip => _module.Ip;

    private FormattableString DescribeSend()
    {
        string ids = Ip.IsMultiple ? "(0-7)," : "";
        return $"+CIPSEND: {ids}(1-{LargestSend})";
    }

    // +CIPSEND: [<n>,]<most>
    private Outcome ReadSizes()
    {
        if (!Ip.IsMultiple)
        {
            Respond.Line(WireText.Format($"+CIPSEND: {LargestSend}"));
            return Outcome.Ok;
        }

        bool all = _module.Switches[LuatSwitches.SendQuery] == "all";
        Respond.Lines(Enumerable.Range(0, LinkTable.Size)
            .Where(id => all || _module.Links.Find(id) is { IsOpen: true })
            .Select(id => WireText.Format($"+CIPSEND: {id},{LargestSend}")));
        return Outcome.Ok;
    }

    // AT+CIPSEND[=<length>]   or, with several links, AT+CIPSEND=<n>[,<length>]
    private Outcome Send(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int first = Ip.IsMultiple ? 1 : 0;
        int id = 0;
        if (given.Count < first || given.Count > first + 1)
        {
            return WrongState; // The form of the other mode.
        }

        if (given.IsMalformed || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || !given.NumberOr(first, LargestSend, 1, LargestSend, out int length))
        {
            return WrongParameter;
        }

        if (Ip.IsTransparent || _module.Links.Find(id) is not { IsOpen: true } link)
        {
            return WrongState;
        }

        bool isCounted = given.IsGiven(first);
        if (Ip.Prompts == 1 && !Host.Faults.LosesPrompt())
        {
            Respond.Answer("\r\n> ");
        }

        int send = ++_sends;
        var phase = new SendPhase(_buffer, isCounted ? Host.Faults.TakenCount(length, _buffer.Length) : null, phase => Completed(link, phase));
        _module.Input.Collect(phase);
        if (Ip.AutoSendSeconds > 0)
        {
            Host.Loop.StartHere(() => SendAtLastAsync(link, phase, send, call.Life));
        }

        return Outcome.Said;
    }

    /// <summary>AT+CIPATS: what has come by then is sent.</summary>
    private async Task SendAtLastAsync(LuatLink link, SendPhase phase, int send, CancellationToken life)
    {
        await Host.Clock.WaitAsync(TimeSpan.FromSeconds(Ip.AutoSendSeconds), life);
        life.ThrowIfCancellationRequested();
        if (send == _sends)
        {
            _module.Input.Busy();
            Completed(link, phase);
        }
    }

    private void Completed(LuatLink link, SendPhase phase)
    {
        _sends++;
        if (phase.IsCancelled)
        {
            Cancelled(link);
        }
        else
        {
            Host.Loop.StartHere(() => SendAsync(link, phase.Count, _module.Life));
        }
    }

    private void Cancelled(LuatLink link)
    {
        switch (_module.Switches[LuatSwitches.EscapeInSend])
        {
            case "ok":
                Respond.Ok();
                break;
            case "send-fail":
                Respond.Final(_module.Prefix(link) + "SEND FAIL", -1);
                break;
            case "error":
                Respond.Final(Outcome.Error);
                break;
            default:
                break;
        }

        _module.Input.Idle();
    }

    private async Task SendAsync(LuatLink link, int count, CancellationToken life)
    {
        // The timer of CIPATS has run out before a byte came: it sends what it has, and that is nothing.
        bool isSent = count == 0 || await _module.Sender.TrySendAsync(link, _buffer.AsMemory(0, count), life);
        life.ThrowIfCancellationRequested();
        await Host.Clock.WaitAsync(Timings.SendVerdict, life);
        if (Ip.Prompts != 2)
        {
            Host.Faults.Verdict(
                isSent, Verdict(link, count), $"\r\n{_module.Prefix(link)}SEND FAIL\r\n", Respond.Answer);
        }

        _module.Input.Idle();
    }

    // [<n>, ]SEND OK   or   DATA ACCEPT:[<n>,]<length>
    private string Verdict(LuatLink link, int count)
    {
        if (Ip.QuickSend != 1)
        {
            return $"\r\n{_module.Prefix(link)}SEND OK\r\n";
        }

        string words = _module.Switches.IsOn(LuatSwitches.AcceptBlank) ? "DATA ACCEPT" : "DATAACCEPT";
        return Ip.IsMultiple
            ? WireText.Format($"\r\n{words}:{link.Id},{count}\r\n")
            : WireText.Format($"\r\n{words}:{count}\r\n");
    }

    // +CIPACK: <sent>,<acknowledged>,<outstanding>
    private Outcome ReadCounters(CommandCall call)
    {
        int id = 0;
        int first = Ip.IsMultiple ? 1 : 0;
        if (!call.Parameters.Takes(first, first)
            || (first == 1 && !call.Parameters.Number(0, 0, LinkTable.Size - 1, out id)))
        {
            return WrongParameter;
        }

        if (_module.Links.Find(id) is not LuatLink link)
        {
            return WrongState;
        }

        Respond.Line(WireText.Format($"+CIPACK: {link.Sent},{link.Acknowledged},{link.Outstanding}"));
        return Outcome.Ok;
    }
}
