using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Messaging;

namespace ModemDriver.Dialects.Standard;

/// <summary>Short messages as text, for modules that know nothing else.</summary>
/// <remarks>
/// TS 27.005. The module is asked to give texts in hexadecimal (UCS2): a text cannot hold a line end or a result code then, and
/// has all its letters. One that has no such set is spoken to in letters that are the same in every set.
/// </remarks>
internal sealed class StandardTextMessageCommands : StandardMessageCommands
{
    private const int Submit = 0x01;
    private const int RelativeValidity = 0x10;
    private const int ReportBit = 0x20;

    private static readonly TimeSpan UsualValidity = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override int Form => 1;

    // +CMT: "<oa>",... CR LF <data>        +CBM: <sn>,<mid>,... CR LF <data>        a report stands in its line alone
    /// <inheritdoc/>
    public override MessageHead ReadHead(ReadOnlySpan<byte> line) =>
        line.StartsWith("+CMT:"u8) ? MessageHead.Message
        : line.StartsWith("+CBM:"u8) ? MessageHead.Broadcast
        : MessageHead.None;

    /// <inheritdoc/>
    public override bool IsBody(ReadOnlySpan<byte> line, string? characterSet) =>
        characterSet != StandardText.Ucs2Set || PduReader.IsHex(line);

    /// <inheritdoc/>
    public override MessagePdu ReadBody(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, string? characterSet) =>
        StandardFields.TryStrip(head, "+CMT"u8, out var fields)
            && TextMessageLine.ReadDelivered(new FieldReader(fields), body, characterSet) is { } message
            ? message
            : throw new PduException("its fields are not those of a message");

    // +CDS: <fo>,<mr>,["<ra>"],[<tora>],"<scts>","<dt>",<st>
    /// <inheritdoc/>
    public override StatusReportPdu? ReadReport(ReadOnlySpan<byte> line, string? characterSet) =>
        StandardFields.TryStrip(line, "+CDS"u8, out var fields)
            ? TextMessageLine.ReadReport(new FieldReader(fields), characterSet)
            : null;

    // AT+CSDH=1: the fields of the header are shown.
    /// <inheritdoc/>
    public override IReadOnlyList<AtCommand> RefineForm() =>
        [new SimpleCommand("AT+CSDH=1", SettingLimit), new SimpleCommand("AT+CSCS=\"UCS2\"", SettingLimit)];

    /// <inheritdoc/>
    public override string? WhyNot(IReadOnlyList<SubmitPdu> messages, string? characterSet) =>
        messages.Count > 1 ? "it needs several parts, and the module knows text mode only"
        : messages[0] is { Data.Header.Length: > 0 } ? "it has ports, and the module knows text mode only"
        : messages[0].ServiceCentre is not null ? "it has a service centre of its own, and the module knows text mode only"
        : messages[0].ValidUntil is not null ? "it is valid until a time, and the module knows text mode only"
        : characterSet != StandardText.Ucs2Set && TextOf(messages[0]) is { } text && !StandardText.IsPlain(text)
            ? "it has characters that the module has in no character set"
        : null;

    // AT+CSMP=<first octet>,<validity>,<protocol>,<coding>
    /// <inheritdoc/>
    public override IReadOnlyList<AtCommand> BeforeSend(SubmitPdu message) =>
    [
        new SimpleCommand(
            new CommandLineBuilder("AT+CSMP=")
                .Number(Submit | RelativeValidity | (message.WantsReport ? ReportBit : 0))
                .Number(RelativeTime.Write(message.Validity ?? UsualValidity))
                .Number(message.ProtocolId)
                .Number(message.Data.Coding.Value)
                .Build(),
            SettingLimit),
    ];

    /// <inheritdoc/>
    public override SendMessageCommand Send(SubmitPdu message, string? characterSet)
    {
        var isHex = characterSet == StandardText.Ucs2Set;
        var text = TextOf(message);
        return SendMessageCommand.ForText(
            isHex ? StandardText.ToHex(message.Recipient) : message.Recipient,
            text is null ? Convert.ToHexString(message.Data.Units) : isHex ? StandardText.ToHex(text) : text,
            SendLimit);
    }

    /// <inheritdoc/>
    public override ListMessagesCommand List(string? characterSet) =>
        new ListTextsCommand(CommandLineBuilder.Raw("AT+CMGL=\"ALL\""), StoreLimit, "+CMGL", null, characterSet);

    /// <inheritdoc/>
    public override ListMessagesCommand Read(int index, string? characterSet) => new ListTextsCommand(
        new CommandLineBuilder("AT+CMGR=").Number(index).Build(), StoreLimit, "+CMGR", index, characterSet);

    private static string? TextOf(SubmitPdu message) => UserData.TextOf(message.Data.Coding.Alphabet, message.Data.Units);
}
