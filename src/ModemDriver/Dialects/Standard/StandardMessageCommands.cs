using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Messaging;

namespace ModemDriver.Dialects.Standard;

/// <summary>Short messages by the standard.</summary>
/// <remarks>TS 27.005; the time limits are the longest that manuals of modules give, and a margin.</remarks>
internal class StandardMessageCommands : IMessageCommands
{
    private const int InternationalType = 145;
    private const int UnknownType = 129;

    private protected static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // A card is slow: a list of 50 messages takes seconds.
    private protected static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(20);

    // Vendors give 60 to 120 s for the network to take a message.
    private protected static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(125);

    /// <summary>The number of the form in <c>AT+CMGF</c>.</summary>
    protected virtual int Form => 0;

    // +CMT: [<alpha>],<length> CR LF <pdu>        +CDS: <length> CR LF <pdu>        +CBM: <length> CR LF <pdu>
    /// <inheritdoc/>
    public virtual MessageHead ReadHead(ReadOnlySpan<byte> line) =>
        line.StartsWith("+CMT:"u8) || line.StartsWith("+CDS:"u8) ? MessageHead.Message
        : line.StartsWith("+CBM:"u8) ? MessageHead.Broadcast
        : MessageHead.None;

    // +CMTI: "<mem>",<index>        +CDSI: "<mem>",<index>        TS 27.005 section 3.4.1
    /// <inheritdoc/>
    public StoredPlace? ReadPlace(ReadOnlySpan<byte> line)
    {
        if (!StandardFields.TryStrip(line, "+CMTI"u8, out var fields) && !StandardFields.TryStrip(line, "+CDSI"u8, out fields))
        {
            return null;
        }

        var reader = new FieldReader(fields);
        return reader.TryRead(out var storage) && reader.TryReadInt(out var index) && index >= 0
            ? new StoredPlace(AtText.Latin1(storage), index)
            : null;
    }

    /// <inheritdoc/>
    public virtual bool IsBody(ReadOnlySpan<byte> line, string? characterSet) => PduReader.IsHex(line);

    /// <inheritdoc/>
    public virtual MessagePdu ReadBody(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, string? characterSet) =>
        MessagePdu.Read(PduReader.FromHex(body));

    /// <inheritdoc/>
    public virtual StatusReportPdu? ReadReport(ReadOnlySpan<byte> line, string? characterSet) => null;

    /// <inheritdoc/>
    public AtCommand ChooseForm() => new SimpleCommand(new CommandLineBuilder("AT+CMGF=").Number(Form).Build(), SettingLimit);

    /// <inheritdoc/>
    public virtual IReadOnlyList<AtCommand> RefineForm() => [];

    /// <inheritdoc/>
    public QueryCommand<bool?> ReadKnowsForm() => new(CommandLineBuilder.Raw("AT+CMGF=?"), SettingLimit, null, TakeForms);

    /// <inheritdoc/>
    public virtual string? WhyNot(IReadOnlyList<SubmitPdu> messages, string? characterSet) => null;

    /// <inheritdoc/>
    public virtual IReadOnlyList<AtCommand> BeforeSend(SubmitPdu message) => [];

    // AT+CSMS=<service>: with 1 what is handed over must be acknowledged, and is not lost if nobody was there.
    // AT+CNMI=<mode>,<mt>,<bm>,<ds>,<bfr>: mt 1 stored and told, 2 handed over; ds 1 reports handed over.
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Route(MessageRouting? messages) =>
    [
        new LinesCommand(messages == MessageRouting.Direct ? "AT+CSMS=1" : "AT+CSMS=0", SettingLimit, "+CSMS"),
        new SimpleCommand(
            messages switch
            {
                MessageRouting.Direct => "AT+CNMI=2,2,0,1,0",
                MessageRouting.Stored => "AT+CNMI=2,1,0,1,0",
                _ => "AT+CNMI=2,0,0,1,0",
            },
            SettingLimit),
    ];

    /// <inheritdoc/>
    public virtual SendMessageCommand Send(SubmitPdu message, string? characterSet) => SendMessageCommand.For(message, SendLimit);

    /// <inheritdoc/>
    public virtual ListMessagesCommand List(string? characterSet) =>
        new ListOctetsCommand(CommandLineBuilder.Raw("AT+CMGL=4"), StoreLimit, "+CMGL", null);

    /// <inheritdoc/>
    public virtual ListMessagesCommand Read(int index, string? characterSet) =>
        new ListOctetsCommand(new CommandLineBuilder("AT+CMGR=").Number(index).Build(), StoreLimit, "+CMGR", index);

    /// <inheritdoc/>
    public AtCommand Delete(int index) =>
        new SimpleCommand(new CommandLineBuilder("AT+CMGD=").Number(index).Build(), StoreLimit);

    /// <inheritdoc/>
    public AtCommand DeleteAll() => new SimpleCommand("AT+CMGD=1,4", StoreLimit);

    /// <inheritdoc/>
    public AtCommand Acknowledge() => new SimpleCommand("AT+CNMA", SettingLimit);

    /// <inheritdoc/>
    public QueryCommand<MessageStorage?> ReadStorage() =>
        new(CommandLineBuilder.Raw("AT+CPMS?"), StoreLimit, null, TakeStorage);

    /// <inheritdoc/>
    public AtCommand SelectStorage(string name) => new LinesCommand(
        new CommandLineBuilder("AT+CPMS=")
            .Text(name, nameof(name)).Text(name, nameof(name)).Text(name, nameof(name)).Build(),
        StoreLimit,
        "+CPMS");

    /// <inheritdoc/>
    public QueryCommand<string?> ReadServiceCentre(string? characterSet) => new(
        CommandLineBuilder.Raw("AT+CSCA?"),
        StoreLimit,
        null,
        (ReadOnlySpan<byte> line, ref string? number) => TakeServiceCentre(line, ref number, characterSet));

    // AT+CSCA="<number>",<type>: 145 with a plus, 129 without.
    /// <inheritdoc/>
    public AtCommand SetServiceCentre(string number, string? characterSet) => new SimpleCommand(
        new CommandLineBuilder("AT+CSCA=")
            .Text(characterSet == StandardText.Ucs2Set ? StandardText.ToHex(number) : number, nameof(number))
            .Number(number.StartsWith('+') ? InternationalType : UnknownType).Build(),
        StoreLimit);

    // +CMGF: (0,1)        +CMGF: (0-1)        +CMGF: (1)
    private bool TakeForms(ReadOnlySpan<byte> line, ref bool? knows)
    {
        if (!StandardFields.TryStrip(line, "+CMGF"u8, out var fields))
        {
            return false;
        }

        var digit = (byte)('0' + Form);
        knows = fields.Contains(digit) || (fields.IndexOf("0-1"u8) >= 0);
        return true;
    }

    // +CPMS: "<mem1>",<used1>,<total1>,"<mem2>",...
    private static bool TakeStorage(ReadOnlySpan<byte> line, ref MessageStorage? storage)
    {
        if (!StandardFields.TryStrip(line, "+CPMS"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryRead(out var name) && reader.TryReadInt(out var used) && reader.TryReadInt(out var capacity))
        {
            storage = new MessageStorage(AtText.Latin1(name), used, capacity);
        }

        return true;
    }

    // +CSCA: "<number>",<type>
    private static bool TakeServiceCentre(ReadOnlySpan<byte> line, ref string? number, string? characterSet)
    {
        if (!StandardFields.TryStrip(line, "+CSCA"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryRead(out var text) && !text.IsEmpty)
        {
            number = StandardText.DecodeNumber(text, characterSet);
            if (reader.TryReadInt(out var type) && type == InternationalType && number[0] != '+')
            {
                number = "+" + number;
            }
        }

        return true;
    }
}
