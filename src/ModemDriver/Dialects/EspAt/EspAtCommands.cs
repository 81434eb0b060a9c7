using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>
/// <c>AT+CIPSTART</c>, <c>AT+CIPSTARTEX</c>: the result code is all that stock ESP-AT says; NonOS has words.
/// </summary>
internal sealed class EspAtOpenLinkCommand(CommandLine line, TimeSpan timeLimit) : OpenLinkCommand(line, timeLimit)
{
    // Lines before ERROR. ESP-AT sends the same to its log, which on some builds shares the AT port.
    private static readonly (string Text, LinkFailure Failure)[] Texts =
    [
        ("DNS Fail", LinkFailure.NameNotFound),
        ("IP ERROR", LinkFailure.NameNotFound),
        ("no ip", LinkFailure.NoNetwork),
        ("ALREADY CONNECTED", LinkFailure.NumberInUse),
        ("ALREAY CONNECT", LinkFailure.NumberInUse),
        ("ALREADY CONNECT", LinkFailure.NumberInUse),
        ("ID ERROR", LinkFailure.Unknown),
        ("Link type ERROR", LinkFailure.Unknown),
        ("MUX=0", LinkFailure.Unknown),
        ("MUX=1", LinkFailure.Unknown),
        ("Miss param", LinkFailure.Unknown),
        ("NO CERT FOUND", LinkFailure.TlsFailed),
        ("NO PRVT_KEY FOUND", LinkFailure.TlsFailed),
        ("NO CA FOUND", LinkFailure.TlsFailed),
        ("ssl must on TCP", LinkFailure.TlsFailed),
        ("ssl reach max", LinkFailure.TlsFailed),
        ("must close ssl link", LinkFailure.TlsFailed),
    ];

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        foreach (var (text, failure) in Texts)
        {
            if (line.Length == text.Length && Ascii.Equals(line, text))
            {
                Failure = failure;
                FailureText = text;
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>AT+CIPSEND</c> with a length: prompt, exact count, verdict.</summary>
internal sealed class EspAtSendCommand(CommandLine line, TimeSpan timeLimit, CommandPayload payload)
    : AtCommand(line, timeLimit)
{
    private static readonly ResultCode[] Codes =
    [
        new("SEND OK", ResultVerdict.Success),
        new("SEND FAIL", ResultVerdict.Failure),
        new("SEND Canceled", ResultVerdict.Failure),
    ];

    private string? _remark;
    private string? _contradiction;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Codes;

    /// <inheritdoc/>
    public override bool MayPrompt => true;

    /// <inheritdoc/>
    public override CommandPayload? Payload => payload;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks => _remark is null ? [] : [_remark];

    // OK comes before the prompt and ends nothing; the verdict of an earlier send may come late, before the prompt or
    // while the payload is on its way.
    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage)
    {
        var isVerdict = Array.IndexOf(Codes, code) >= 0;
        return stage switch
        {
            CommandStage.PayloadSent => isVerdict || code.Verdict == ResultVerdict.Failure,
            CommandStage.PromptSeen => code.Verdict == ResultVerdict.Failure,
            _ => !isVerdict && code.Verdict == ResultVerdict.Failure,
        };
    }

    // SEND FAIL has been seen to be followed by SEND OK, and the reverse (ESP8266_NONOS_SDK issue 60).
    /// <inheritdoc/>
    public override bool IsOutcomeDoubtful(in FinalResult result) => !result.IsSuccess || _contradiction is not null;

    /// <inheritdoc/>
    public override string? Contradiction => _contradiction;

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("Recv "u8))
        {
            CheckCount(line[5..]);
            return true;
        }

        if (line.SequenceEqual("link is not valid"u8) || line.SequenceEqual("too long"u8))
        {
            _remark = AtText.Latin1(line);
            return true;
        }

        return false;
    }

    // Recv <n> bytes       what it has taken. Of fewer the rest is a command to it; of more the next command has become payload.
    private void CheckCount(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)' ');
        if (end > 0 && FieldReader.TryParse(text[..end], out var count) && count != payload.Bytes.Length)
        {
            _contradiction = $"the module took {count} bytes of a send of {payload.Bytes.Length}";
        }
    }
}

/// <summary><c>AT+CIPRECVLEN?</c></summary>
internal sealed class EspAtWaitingCommand(CommandLine line, TimeSpan timeLimit) : WaitingCommand(line, timeLimit)
{
    // +CIPRECVLEN:<0>,<1>,<2>,<3>,<4>      -1 or 0 for a link that is not open; single mode has one number
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CIPRECVLEN:"u8))
        {
            return false;
        }

        var reader = new FieldReader(line["+CIPRECVLEN:".Length..]);
        while (reader.TryRead(out var field))
        {
            Counts.Add((Counts.Count, FieldReader.TryParse(field, out var count) ? Math.Max(count, 0) : 0));
        }

        return true;
    }
}

/// <summary><c>AT+CIPSTATUS</c>, <c>AT+CIPSTATE?</c></summary>
internal sealed class EspAtListLinksCommand(CommandLine line, TimeSpan timeLimit, string prefix)
    : ListLinksCommand(line, timeLimit)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(prefix);

    // +CIPSTATUS:<id>,"TCP","<ip>",<remote port>,<local port>,<0|1>     none of the fields after the number is needed
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("STATUS:"u8))
        {
            return true;
        }

        if (!line.StartsWith(_prefix))
        {
            return false;
        }

        var reader = new FieldReader(line[_prefix.Length..]);
        if (reader.TryReadInt(out var id))
        {
            LinkIds.Add(id);
        }

        return true;
    }
}
