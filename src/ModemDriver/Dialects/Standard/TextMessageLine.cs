using System.Globalization;
using ModemDriver.Framing;
using ModemDriver.Messaging;

namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the fields of messages in text mode.</summary>
/// <remarks>TS 27.005 sections 3.1, 3.4.1, 4.1 and 4.2.</remarks>
internal static class TextMessageLine
{
    private const int NameType = 208;
    private const int HeaderBit = 0x40;
    private const int MinutesOfQuarter = 15;
    private const int MostQuarters = 56;

    private static readonly string[] Statuses = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT"];

    /// <summary>Reads the status of a stored message; null if there is no such.</summary>
    public static StoredMessageStatus? ReadStatus(ref FieldReader fields, string? characterSet) =>
        fields.TryRead(out var text) && Array.IndexOf(Statuses, StandardText.Decode(text, characterSet)) is var known and >= 0
            ? (StoredMessageStatus)known
            : null;

    /// <summary>Reads what stands behind the status of a stored message.</summary>
    /// <returns>Null if it is no message.</returns>
    public static MessagePdu? ReadStored(
        FieldReader fields, StoredMessageStatus status, ReadOnlySpan<byte> body, string? characterSet) =>
        status is StoredMessageStatus.StoredUnsent or StoredMessageStatus.StoredSent ? ReadSubmitted(fields, body, characterSet)
        : fields.Rest is [>= (byte)'0' and <= (byte)'9', ..] ? ReadReport(fields, characterSet)
        : ReadDelivered(fields, body, characterSet);

    // "<oa>",["<alpha>"],"<scts>"[,<tooa>,<fo>,<pid>,<dcs>,"<sca>",<tosca>,<length>]        in a list maybe [,<tooa>,<length>]
    /// <summary>Reads a message that has come.</summary>
    /// <returns>Null if it is none.</returns>
    public static DeliverPdu? ReadDelivered(FieldReader fields, ReadOnlySpan<byte> body, string? characterSet)
    {
        if (!fields.TryRead(out var sender) || !fields.TryRead(out _) || !fields.TryRead(out var stamp))
        {
            return null;
        }

        var isName = fields.TryReadInt(out var type) && type == NameType;
        var first = fields.TryReadInt(out var octet) ? octet : 0;
        var hasMore = fields.TryReadInt(out var protocol);
        int? coding = fields.TryReadInt(out var value) && hasMore ? value & 0xFF : null;
        fields.TryRead(out var centre);
        fields.TryRead(out _);
        int? length = fields.TryReadInt(out var count) ? count : null;
        return new DeliverPdu(
            centre.IsEmpty ? null : StandardText.DecodeNumber(centre, characterSet),
            StandardText.DecodeAddress(sender, isName, characterSet),
            ReadTime(stamp),
            hasMore ? (byte)protocol : (byte)0,
            ReadData(body, coding, coding is not null && (first & HeaderBit) != 0, length, characterSet));
    }

    // <fo>,<mr>,["<ra>"],[<tora>],"<scts>","<dt>",<st>
    /// <summary>Reads a report.</summary>
    /// <returns>Null if it is none.</returns>
    public static StatusReportPdu? ReadReport(FieldReader fields, string? characterSet)
    {
        if (!fields.TryReadInt(out _) || !fields.TryReadInt(out var reference) || !fields.TryRead(out var recipient))
        {
            return null;
        }

        fields.TryRead(out _);
        return fields.TryRead(out var sent) && fields.TryRead(out var done) && fields.TryReadInt(out var status)
            ? new StatusReportPdu(
                null, (byte)reference, StandardText.DecodeAddress(recipient, false, characterSet), ReadTime(sent), ReadTime(done), (byte)status)
            : null;
    }

    // "<da>",["<alpha>"]...
    private static SubmitPdu? ReadSubmitted(FieldReader fields, ReadOnlySpan<byte> body, string? characterSet) =>
        fields.TryRead(out var recipient)
            ? new SubmitPdu(
                null,
                StandardText.DecodeAddress(recipient, false, characterSet),
                ReadData(body, null, false, null, characterSet))
            : null;

    // Octets, UCS-2, and what has a header come in hexadecimal, whatever the character set is. Many modules leave the header out.
    private static UserData ReadData(ReadOnlySpan<byte> body, int? coding, bool hasHeader, int? length, string? characterSet)
    {
        var scheme = new DataCoding((byte)(coding ?? 0));
        var octets = PduReader.IsHex(body) && body.Length % 2 == 0 ? Convert.FromHexString(body) : null;
        if (hasHeader && octets is not null && ReadWithHeader(octets, scheme, length) is { } parted)
        {
            return parted;
        }

        if (octets is not null && scheme.Alphabet != MessageAlphabet.Gsm)
        {
            return new UserData(scheme, default, octets);
        }

        var text = StandardText.Decode(body, characterSet);
        return GsmAlphabet.TryEncode(text, out var septets)
            ? new UserData(scheme.Alphabet == MessageAlphabet.Gsm ? scheme : default, default, septets)
            : new UserData(DataCoding.For(MessageAlphabet.Ucs2, scheme.Class), default, UserData.ToUcs2(text));
    }

    private static UserData? ReadWithHeader(byte[] octets, DataCoding scheme, int? length)
    {
        var units = scheme.CountsSeptets ? length ?? octets.Length * 8 / 7 : octets.Length;
        if (units > byte.MaxValue)
        {
            return null;
        }

        try
        {
            var reader = new PduReader([(byte)units, .. octets]);
            var read = UserData.Read(ref reader, scheme, hasHeader: true);
            return reader.Remaining == 0 && (read.Header.Part is not null || read.Header.Ports is not null) ? read : null;
        }
        catch (PduException)
        {
            return null; // It was left out.
        }
    }

    // yy/MM/dd,hh:mm:ss+zz        zz in quarters of an hour, signed
    private static DateTimeOffset? ReadTime(ReadOnlySpan<byte> text)
    {
        const int Stamp = 17;
        var stamp = AtText.Latin1(text);
        return stamp.Length > Stamp
            && DateTime.TryParseExact(
                stamp[..Stamp], "yy/MM/dd,HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && int.TryParse(stamp[Stamp..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quarters)
            && quarters is >= -MostQuarters and <= MostQuarters
            ? new DateTimeOffset(local, TimeSpan.FromMinutes(quarters * MinutesOfQuarter))
            : null;
    }
}

/// <summary><c>AT+CMGL</c> and <c>AT+CMGR</c> in text mode: a head for each message, then its text.</summary>
/// <param name="line">The command.</param>
/// <param name="timeLimit">How long it may take.</param>
/// <param name="name">The prefix of the heads.</param>
/// <param name="index">The place that was asked for, whose head does not repeat it; null for a list.</param>
/// <param name="characterSet">The character set of the module; null where it is not known.</param>
internal sealed class ListTextsCommand(CommandLine line, TimeSpan timeLimit, string name, int? index, string? characterSet)
    : ListMessagesCommand(line, timeLimit)
{
    // 160 characters, each in four digits, and then some.
    private const int MaxBody = 1024;

    private readonly List<StoredPdu> _messages = [];
    private readonly List<byte> _body = [];
    private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(name + ":");
    private byte[]? _head;
    private bool _isOfNoSet;

    /// <inheritdoc/>
    public override IReadOnlyList<StoredPdu> Messages => _messages;

    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => true;

    /// <inheritdoc/>
    public override bool Names(ReadOnlySpan<byte> line) => line.StartsWith(_name);

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(_name))
        {
            Finish();
            _head = line[_name.Length..].ToArray();
            return true;
        }

        if (_head is not null && characterSet == StandardText.Ucs2Set && !PduReader.IsHex(line))
        {
            _isOfNoSet |= _body.Count == 0;
            return false;
        }

        if (_head is null || _body.Count + line.Length > MaxBody)
        {
            return false;
        }

        _isOfNoSet = false; // What stood between head and text was a notice.

        if (_body.Count > 0)
        {
            _body.Add((byte)'\n');
        }

        _body.AddRange(line);
        return true;
    }

    /// <inheritdoc/>
    public override void OnFinal(in Protocol.FinalResult result) => Finish();

    // +CMGL: <index>,"<stat>",...      +CMGR: "<stat>",...
    private void Finish()
    {
        if (_head is { } head && _messages.Count < MaxMessages)
        {
            var reader = new FieldReader(head.AsSpan().TrimStart((byte)' '));
            var place = index ?? -1;
            if ((index is not null || reader.TryReadInt(out place)) && TextMessageLine.ReadStatus(ref reader, characterSet) is { } status)
            {
                var body = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_body);

                // Behind its head stood something, but no text in hexadecimal: it is not known, and no empty text.
                _messages.Add(new StoredPdu(place, status, Identity(head, _isOfNoSet ? "?"u8 : body))
                {
                    Text = _isOfNoSet ? null : TextMessageLine.ReadStored(reader, status, body, characterSet),
                    IsText = true,
                });
            }
        }

        _head = null;
        _isOfNoSet = false;
        _body.Clear();
    }

    // What tells the message from another one: all but its place and its status, which changes when it is read.
    private static byte[] Identity(byte[] head, ReadOnlySpan<byte> body)
    {
        var status = head.AsSpan().IndexOf((byte)'"');
        var rest = status < 0 ? head : head.AsSpan(status + 1);
        var behind = rest.IndexOf((byte)'"');
        return [.. rest[(behind + 1)..], (byte)'\n', .. body];
    }
}
