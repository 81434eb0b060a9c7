using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Sending into a buffer, NonOS only: AT command manual, AT+CIPSENDBUF, AT+CIPBUFSTATUS, AT+CIPCHECKSEQ,
/// AT+CIPBUFRESET.</summary>
internal sealed class BufferCommands(EspAtModule module) : CommandGroup(module)
{
    private readonly byte[] _buffer = new byte[module.Profile.MaxSendBytes];

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSENDBUF") { Set = BeginAsync },
        new("CIPBUFSTATUS") { Execute = At(Status), Set = At(Status) },
        new("CIPCHECKSEQ") { Set = At(Check) },
        new("CIPBUFRESET") { Execute = At(Reset), Set = At(Reset) },
    ];

    // <current segment>,<last acknowledged segment>, OK, the prompt; behind the data the command has ended.
    private async ValueTask<Outcome> BeginAsync(CommandCall call)
    {
        (SendTarget? target, Outcome refusal) = await SendTarget.ReadAsync(
            Module, call, Module.Profile.MaxSendBytes, mayNameHost: false);
        if (target is null)
        {
            return refusal;
        }

        if (target.Link.KeepsBorders)
        {
            Respond.Reason("not TCP");
            return Outcome.Failed;
        }

        SegmentQueue segments = target.Link.Segments(Module);
        if (segments.FreeBytes < target.Length || segments.FreeSegments == 0)
        {
            return Outcome.Failed;
        }

        Respond.Answer(WireText.Format($"{segments.Next},{segments.LastOk}\r\n"));
        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : Forms.LengthPrompt);
        Module.Input.Collect(new PayloadPhase(
            Module, _buffer, target.Length, payload => Completed(segments, payload.Count), Cancelled));
        return Outcome.Said;
    }

    private void Completed(SegmentQueue segments, int count)
    {
        Respond.Answer(WireText.Format($"\r\nRecv {count} bytes\r\n"));
        Module.Input.Idle();
        segments.Add(_buffer.AsSpan(0, count));
    }

    private void Cancelled()
    {
        Respond.Answer("\r\nSEND Canceled\r\n");
        Module.Input.Idle();
    }

    // <next segment>,<last sent>,<last acknowledged>,<free bytes>,<free segments>
    private Outcome Status(CommandCall call)
    {
        if (Find(call, 0, out EspAtLink? link) is Outcome refusal)
        {
            return refusal;
        }

        SegmentQueue segments = link!.Segments(Module); // Find has found it.
        Respond.Answer(WireText.Format(
            $"{segments.Next},{segments.LastSent},{segments.LastOk},{segments.FreeBytes},{segments.FreeSegments}\r\n"));
        return Outcome.Ok;
    }

    // [<id>,]<segment>,<TRUE or FALSE>
    private Outcome Check(CommandCall call)
    {
        if (Find(call, 1, out EspAtLink? link) is Outcome refusal)
        {
            return refusal;
        }

        if (!call.Parameters.Number(Settings.Multiple ? 1 : 0, 1, int.MaxValue, out int number))
        {
            return call.Parameters.Refusal;
        }

        string word = link!.Segments(Module).Verdict(number) == true ? Forms.TrueWord : Forms.FalseWord;
        Respond.Answer(WireText.Format($"{Module.Links.Prefix(link.Id)}{number},{word}\r\n"));
        return Outcome.Ok;
    }

    private Outcome Reset(CommandCall call)
    {
        if (Find(call, 0, out EspAtLink? link) is Outcome refusal)
        {
            return refusal;
        }

        SegmentQueue segments = link!.Segments(Module);
        if (!segments.IsEmpty)
        {
            return Outcome.Failed; // Numbers that are still on their way would come twice.
        }

        segments.Reset();
        return Outcome.Ok;
    }

    /// <summary>The link of [id,] and so many parameters more.</summary>
    private Outcome? Find(CommandCall call, int more, out EspAtLink? link)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        link = null;
        if (!given.Takes(first + more, first + more)
            || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id)))
        {
            return given.Refusal;
        }

        link = Module.Links.Find(id);
        if (link is null)
        {
            Respond.Reason("link is not valid");
            return Outcome.Failed;
        }

        return null;
    }
}
