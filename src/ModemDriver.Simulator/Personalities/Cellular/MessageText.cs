using System.Globalization;
using System.Text;
using ModemDriver.Simulator.Messages;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Messages as text (AT+CMGF=1), in the character set of AT+CSCS (3GPP TS 27.005 clause 3.1).</summary>
internal static class MessageText
{
    /// <summary>A text as it stands on the wire.</summary>
    internal static string ToWire(AtSettings settings, string text) => settings.CharacterSet switch
    {
        "UCS2" => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text)),
        "GSM" => Gsm7Alphabet.Encode(text) is byte[] septets ? WireText.Latin1.GetString(septets) : "?",
        _ => new string([.. text.Select(character => char.IsAscii(character) ? character : '?')]),
    };

    /// <summary>A text from the wire; <see langword="null"/> when it is none of the character set.</summary>
    internal static string? FromWire(AtSettings settings, string text) => settings.CharacterSet switch
    {
        "UCS2" => FromHex(text) is { } octets && octets.Length % 2 == 0 ? Encoding.BigEndianUnicode.GetString(octets) : null,
        "GSM" => text.All(character => character < 0x80) ? Gsm7Alphabet.Decode(WireText.Latin1.GetBytes(text)) : null,
        _ => text.All(char.IsAscii) ? text : null,
    };

    internal static byte[]? FromHex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What is typed becomes user data: text, or, for other codings than the 7-bit alphabet, hex. <see langword="null"/>
    /// when it cannot.</summary>
    internal static UserData? Typed(AtSettings settings, string typed)
    {
        (int first, _, _, int coding) = settings.MessageParameters;
        bool hasHeader = (first & SubmitTpdu.HasHeader) != 0;
        if (UserData.AlphabetOf((byte)coding) != MessageAlphabet.Gsm7)
        {
            string? hex = settings.CharacterSet == "UCS2" || FromHex(typed) is not null ? typed : null;
            return hex is not null && FromHex(hex) is { Length: <= UserData.MaxOctets } octets
                ? new UserData((byte)coding, octets.Length, octets, hasHeader)
                : null;
        }

        return FromWire(settings, typed) is string text && Gsm7Alphabet.Encode(text) is { Length: <= UserData.MaxSeptets } septets
            ? UserData.OfSeptets((byte)coding, septets)
            : null;
    }

    // "<oa>",,"<scts>"[,<tooa>,<fo>,<pid>,<dcs>,"<sca>",<tosca>,<length>]
    internal static string Head(AtSettings settings, DeliverTpdu message, string centre) =>
        $"\"{ToWire(settings, message.From.Text)}\",,\"{TimeStamp.Text(message.Stamp)}\""
        + (settings.ShowsHeader
            ? WireText.Format($",{message.From.Type},{message.First},{message.Protocol},{message.Data.Coding},")
                + WireText.Format($"\"{ToWire(settings, centre)}\",{MessageAddress.Of(centre).Type},{message.Data.Length}")
            : "");

    /// <summary>Text; octets that are none, and UCS2, as hex.</summary>
    internal static string Body(AtSettings settings, UserData data) => data.Alphabet == MessageAlphabet.Gsm7
        ? ToWire(settings, Gsm7Alphabet.Decode(data.Septets()))
        : Convert.ToHexString(data.Body());

    // +CDS: <length> CR LF <pdu>    or, as text,    +CDS: <fo>,<mr>,"<ra>",<tora>,"<scts>","<dt>",<st>
    internal static string Report(AtSettings settings, byte[] tpdu) =>
        settings.TextMode && ReportTpdu.Read(tpdu) is ReportTpdu report
            ? "+CDS: " + ReportHead(settings, report)
            : WireText.Format($"+CDS: {tpdu.Length}\r\n{StoredMessage.ToHex("", tpdu)}");

    internal static string ReportHead(AtSettings settings, ReportTpdu report) => WireText.Format(
        $"{report.First},{report.Reference},\"{ToWire(settings, report.To.Text)}\",{report.To.Type},\"{TimeStamp.Text(report.Stamp)}\",\"{TimeStamp.Text(report.Ended)}\",{report.Status}");

    internal static string Name(MessageStatus status) => status switch
    {
        MessageStatus.Unread => "REC UNREAD",
        MessageStatus.Read => "REC READ",
        MessageStatus.Unsent => "STO UNSENT",
        _ => "STO SENT",
    };

    /// <summary>A stored message in the answer to AT+CMGR and AT+CMGL: behind the status or the index and status.</summary>
    internal static string Stored(AtSettings settings, StoredMessage message)
    {
        if (DeliverTpdu.Read(message.Tpdu) is DeliverTpdu deliver)
        {
            return Head(settings, deliver, message.Centre) + "\r\n" + Body(settings, deliver.Data);
        }

        if (ReportTpdu.Read(message.Tpdu) is ReportTpdu report)
        {
            return ReportHead(settings, report);
        }

        return SubmitTpdu.Read(message.Tpdu, DateTime.MaxValue) is SubmitTpdu submit
            ? $"\"{ToWire(settings, submit.To.Text)}\",\r\n{Body(settings, submit.Data)}"
            : string.Create(CultureInfo.InvariantCulture, $"\"\",\r\n{Convert.ToHexString(message.Tpdu)}");
    }
}
