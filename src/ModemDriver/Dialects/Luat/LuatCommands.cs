using System.Globalization;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary><c>AT+CIPSTART</c>: its OK says that the module has begun; a notice tells how it ended.</summary>
internal sealed class LuatOpenLinkCommand(
    CommandLine line, TimeSpan timeLimit, TimeSpan toldWithin, ConnectionMode mode, int linkId, LuatIpStack stack)
    : OpenLinkCommand(line, timeLimit)
{
    private readonly ResultCode[] _codes =
    [
        .. LuatCodes.Of("ALREADY CONNECT", ResultVerdict.Failure, mode, linkId),
        .. LuatCodes.Of("CONNECT FAIL", ResultVerdict.Failure, mode, linkId),
    ];

    private bool _isInUse;

    /// <inheritdoc/>
    public override TimeSpan? ToldWithin => toldWithin;

    // Whether an OK comes before ALREADY CONNECT the manual does not say: without one that line is the answer.
    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => _codes;

    // It may also come behind it.
    /// <inheritdoc/>
    public override bool IsOutcomeDoubtful(in FinalResult result) => _isInUse;

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (result.IsSuccess)
        {
            stack.OnOpening(linkId);
        }
        else if (result.Text.EndsWith("ALREADY CONNECT", StringComparison.Ordinal))
        {
            _isInUse = true;
            Failure = LinkFailure.NumberInUse;
            FailureText = result.Text;
        }
    }
}

/// <summary><c>AT+CIPSEND</c> with a length: prompt, exact count, verdict.</summary>
internal sealed class LuatSendCommand(
    CommandLine line, TimeSpan timeLimit, CommandPayload payload, ConnectionMode mode, int linkId)
    : AtCommand(line, timeLimit)
{
    // DATA ACCEPT:<n>,<len>       single mode: DATA ACCEPT:<len>       one page of the manual: DATAACCEPT:
    // Any other number than ours: a part was taken, and the module has given up waiting for the rest.
    private readonly ResultCode[] _codes =
    [
        new(Accepted("DATA ACCEPT:", payload, mode, linkId), ResultVerdict.Success),
        new(Accepted("DATAACCEPT:", payload, mode, linkId), ResultVerdict.Success),
        .. LuatCodes.Of("SEND OK", ResultVerdict.Success, mode, linkId),
        new("DATA ACCEPT:", ResultVerdict.Failure, hasValue: true),
        new("DATAACCEPT:", ResultVerdict.Failure, hasValue: true),
        .. LuatCodes.Of("SEND FAIL", ResultVerdict.Failure, mode, linkId),
        LuatCodes.Busy,
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => _codes;

    /// <inheritdoc/>
    public override bool MayPrompt => true;

    /// <inheritdoc/>
    public override CommandPayload? Payload => payload;

    // An OK is no verdict, and nothing that succeeds can come before the last byte of the payload is on its way.
    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage) =>
        code.Verdict == ResultVerdict.Failure || (stage == CommandStage.PayloadSent && Array.IndexOf(_codes, code) >= 0);

    private static string Accepted(string word, CommandPayload payload, ConnectionMode mode, int linkId)
    {
        var length = payload.Bytes.Length.ToString(CultureInfo.InvariantCulture);
        return mode == ConnectionMode.Multiple
            ? string.Create(CultureInfo.InvariantCulture, $"{word}{linkId},{length}")
            : word + length;
    }
}

/// <summary><c>AT+CIPRXGET=4</c>: how much waits in one link.</summary>
internal sealed class LuatWaitingCommand(CommandLine line, TimeSpan timeLimit, ConnectionMode mode)
    : WaitingCommand(line, timeLimit)
{
    private static readonly ResultCode[] MayBeBusy = [LuatCodes.Busy];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => MayBeBusy;

    // +CIPRXGET: 4,<n>,<left>     multiple mode      +CIPRXGET: 4,<left>      single mode
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!LuatFields.TryStrip(line, "+CIPRXGET"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var kind) || kind != 4)
        {
            return false;
        }

        var id = 0;
        if ((mode == ConnectionMode.Single || reader.TryReadInt(out id)) && reader.TryReadInt(out var count))
        {
            Counts.Add((id, Math.Max(count, 0)));
        }

        return true;
    }
}

/// <summary><c>AT+CIPSTATUS</c>: its OK comes first, the state behind it, and then, in multiple mode, a line for each number.
/// </summary>
internal sealed class LuatListLinksCommand(CommandLine line, TimeSpan timeLimit, ConnectionMode mode, LuatIpStack stack)
    : ListLinksCommand(line, timeLimit)
{
    private static readonly ResultCode[] SingleEnd = [new("STATE: ", ResultVerdict.Success, hasValue: true)];
    private static readonly ResultCode[] MultipleEnd =
        [new("C: 5,", ResultVerdict.Success, hasValue: true), new("C:5,", ResultVerdict.Success, hasValue: true)];

    private bool _hasOk;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults =>
        mode == ConnectionMode.Multiple ? MultipleEnd : SingleEnd;

    // STATE: before our OK stands before a CONNECT FAIL, and is no answer.
    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage)
    {
        if (code.Verdict == ResultVerdict.Failure || _hasOk)
        {
            return true;
        }

        _hasOk = code.Text == "OK";
        return false;
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result) =>
        TakeLine(System.Text.Encoding.Latin1.GetBytes(result.Text));

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line) => _hasOk && TakeLine(line);

    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("STATE: "u8))
        {
            TakeState(LuatIpStates.Read(line["STATE: ".Length..].Trim((byte)' ')));
            return true;
        }

        return line.StartsWith("C:"u8) && TakeLink(line["C:".Length..]);
    }

    private void TakeState(LuatIpState state)
    {
        stack.OnPrinted(state);
        if (mode == ConnectionMode.Single)
        {
            switch (state)
            {
                case LuatIpState.Connecting or LuatIpState.ConnectOk or LuatIpState.Closing:
                    LinkIds.Add(0);
                    break;
                case LuatIpState.Closed:
                    ClosedIds.Add(0);
                    break;
            }
        }
    }

    // C: <n>,<bearer>,"TCP","198.51.100.12","7500","CONNECTED"        C: 2,,"","","","INITIAL"
    // A link that its peer has closed keeps its line, with "CLOSED".
    private bool TakeLink(ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && reader.TryRead(out _) && reader.TryRead(out _) && reader.TryRead(out _)
            && reader.TryRead(out _) && reader.TryRead(out var state) && !state.SequenceEqual("INITIAL"u8))
        {
            (state.SequenceEqual("CLOSED"u8) ? ClosedIds : LinkIds).Add(id);
        }

        return true;
    }
}

/// <summary><c>AT+CIPACK</c></summary>
internal sealed class LuatAcknowledgedCommand(CommandLine line, TimeSpan timeLimit)
    : AcknowledgedCommand(line, timeLimit)
{
    // +CIPACK: <sent>,<acknowledged>,<outstanding>
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!LuatFields.TryStrip(line, "+CIPACK"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var sent) && reader.TryReadInt(out var acknowledged)
            && reader.TryReadInt(out var outstanding))
        {
            (Sent, Acknowledged, Outstanding) = (sent, acknowledged, outstanding);
        }

        return true;
    }
}

/// <summary>Result codes that name a link.</summary>
internal static class LuatCodes
{
    /// <summary>
    /// The module was busy and has thrown the line away: of a command about a link it says nothing else.
    /// </summary>
    public static ResultCode Busy { get; } = new("+CME ERROR: 14", ResultVerdict.Busy);

    /// <summary>A code of a link: <c>&lt;n&gt;, TEXT</c> or <c>&lt;n&gt;,TEXT</c>; in single mode <c>TEXT</c> alone.</summary>
    public static IEnumerable<ResultCode> Of(string text, ResultVerdict verdict, ConnectionMode mode, int linkId)
    {
        if (mode == ConnectionMode.Single)
        {
            return [new(text, verdict)];
        }

        var number = linkId.ToString(CultureInfo.InvariantCulture);
        return [new($"{number}, {text}", verdict), new($"{number},{text}", verdict)];
    }
}
