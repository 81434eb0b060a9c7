using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Standard;

/// <summary>Voice calls by the standard.</summary>
internal sealed class StandardCallCommands : ICallCommands
{
    private const int InternationalType = 145;
    private const int WithheldValidity = 1;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // OK comes when dialling begins, or on other modules when somebody has answered, or nobody has.
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private static readonly ResultCode[] Endings =
    [
        new("NO CARRIER", ResultVerdict.Failure),
        new("BUSY", ResultVerdict.Failure),
        new("NO ANSWER", ResultVerdict.Failure),
        new("NO DIALTONE", ResultVerdict.Failure),
    ];

    // ATD<number>;        the semicolon makes it a voice call
    /// <inheritdoc/>
    public AtCommand Dial(string number) => new CallCommand(CommandLineBuilder.Raw($"ATD{number};"), DialLimit);

    /// <inheritdoc/>
    public AtCommand Answer() => new CallCommand(CommandLineBuilder.Raw("ATA"), AnswerLimit);

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> HangUp() =>
        [new SimpleCommand("AT+CHUP", AnswerLimit), new SimpleCommand("ATH", AnswerLimit)];

    // AT+VTS="<tones>"
    /// <inheritdoc/>
    public AtCommand SendTones(string tones) =>
        new SimpleCommand(new CommandLineBuilder("AT+VTS=").Text(tones, nameof(tones)).Build(), AnswerLimit);

    /// <inheritdoc/>
    public QueryCommand<List<VoiceCall>> List(string? characterSet) => new(
        CommandLineBuilder.Raw("AT+CLCC"),
        SettingLimit,
        [],
        (ReadOnlySpan<byte> line, ref List<VoiceCall> calls) => TakeCall(line, calls, characterSet));

    /// <inheritdoc/>
    public AtCommand ShowCaller() => new SimpleCommand("AT+CLIP=1", SettingLimit);

    // RING        +CRING: VOICE        +CLIP: "<number>",<type>[,<sub>,<satype>[,<alpha>[,<validity>]]]
    // NO CARRIER      BUSY      NO ANSWER
    /// <inheritdoc/>
    public CallNews? Read(ReadOnlySpan<byte> line, string? characterSet) =>
        line.SequenceEqual("RING"u8) || StandardFields.TryStrip(line, "+CRING"u8, out _) ? new(new CallRing(null, false), null)
        : StandardFields.TryStrip(line, "+CLIP"u8, out var caller) ? new(ReadCaller(caller, characterSet), null)
        : line.SequenceEqual("NO CARRIER"u8) ? new(null, CallEnd.HungUp)
        : line.SequenceEqual("BUSY"u8) ? new(null, CallEnd.Busy)
        : line.SequenceEqual("NO ANSWER"u8) ? new(null, CallEnd.NoAnswer)
        : null;

    private static CallRing ReadCaller(ReadOnlySpan<byte> fields, string? characterSet)
    {
        var reader = new FieldReader(fields);
        reader.TryRead(out var number);
        reader.TryReadInt(out var type);
        reader.TryRead(out _);
        reader.TryRead(out _);
        reader.TryRead(out _);
        var isWithheld = reader.TryReadInt(out var validity) && validity == WithheldValidity;
        return new CallRing(NumberOf(number, type, characterSet), isWithheld);
    }

    // +CLCC: <id>,<0 out, 1 in>,<status>,<mode>,<conference>[,"<number>",<type>[,"<name>"]]
    private static bool TakeCall(ReadOnlySpan<byte> line, List<VoiceCall> calls, string? characterSet)
    {
        if (!StandardFields.TryStrip(line, "+CLCC"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && reader.TryReadInt(out var direction) && reader.TryReadInt(out var status)
            && status is >= 0 and <= (int)VoiceCallStatus.Released && reader.TryReadInt(out var mode)
            && reader.TryReadInt(out var conference))
        {
            reader.TryRead(out var number);
            reader.TryReadInt(out var type);
            calls.Add(new VoiceCall(id, direction == 1, (VoiceCallStatus)status, NumberOf(number, type, characterSet))
            {
                IsVoice = mode == 0,
                IsConference = conference == 1,
            });
        }

        return true;
    }

    private static string? NumberOf(ReadOnlySpan<byte> number, int type, string? characterSet)
    {
        if (number.IsEmpty)
        {
            return null;
        }

        var read = StandardText.DecodeNumber(number, characterSet);
        return type == InternationalType && read[0] != '+' ? "+" + read : read;
    }

    private sealed class CallCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
    {
        public override IReadOnlyList<ResultCode> OwnResults => Endings;
    }
}
