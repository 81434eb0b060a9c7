using System.Text;
using ModemDriver.Messaging;
using Simulated = ModemDriver.Simulator.Messages;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// Short messages: any octets are a message or the typed exception; a message that was read and is written again reads as the
/// same; what the simulator's reader, which is code of its own, takes too has the same sender and text; parts of any kind can
/// be put together, and no more is held than may be.
/// </summary>
/// <remarks>Input: lines of hexadecimal digits, each the service centre and a TPDU.</remarks>
internal static class PduTarget
{
    private static readonly TimeSpan Expiry = TimeSpan.FromHours(1);

    public static void Run(ReadOnlySpan<byte> input)
    {
        var collector = new PartCollector(TimeProvider.System, Expiry);
        int given = 0, taken = 0;
        FuzzInput lines = new(input);
        while (!lines.IsEmpty)
        {
            if (Read(lines.Until((byte)'\n')) is not DeliverPdu deliver)
            {
                continue;
            }

            taken++;
            foreach (MessageParts done in collector.Add(new MessagePart(deliver, null), out _))
            {
                Promise.Holds(done.Parts.Count > 0 && done.Parts.Count <= done.Total, $"{done.Parts.Count} parts of {done.Total}");
                _ = done.Text;
                given += done.Parts.Count;
            }
        }

        Promise.Holds(given + collector.Held <= taken && collector.Held <= PartCollector.MaxParts, $"parts from nowhere");
    }

    private static MessagePdu? Read(ReadOnlySpan<byte> line)
    {
        byte[] octets;
        MessagePdu pdu;
        try
        {
            octets = PduReader.FromHex(line);
            pdu = MessagePdu.Read(octets);
        }
        catch (PduException)
        {
            return null;
        }

        CheckWriting(pdu);
        if (pdu is DeliverPdu deliver)
        {
            CheckOther(octets, deliver);
        }

        return pdu;
    }

    // What the standard has no room for is refused: a name of twelve characters, a number of 22 digits.
    private static void CheckWriting(MessagePdu pdu)
    {
        byte[] written;
        try
        {
            written = pdu.ToOctets(out int length);
            Promise.Holds(length <= written.Length, $"a TPDU of {length} in {written.Length}");
        }
        catch (ArgumentException)
        {
            return;
        }

        MessagePdu again = MessagePdu.Read(written);
        Promise.Holds(Show(again) == Show(pdu), $"{Show(pdu)} reads back as {Show(again)}");
        Promise.Holds(again.ToOctets(out _).AsSpan().SequenceEqual(written), $"{Convert.ToHexString(written)} is not written again");
    }

    private static string Show(MessagePdu pdu) => pdu switch
    {
        DeliverPdu it => $"{it.ServiceCentre}|{it.Sender}|{it.SentAt ?? NoTime:O}|{it.ProtocolId}|{Show(it.Data)}",
        SubmitPdu it => $"{it.ServiceCentre}|{it.Recipient}|{it.Reference}|{it.ProtocolId}|{it.Validity}|{it.ValidUntil:O}|{it.WantsReport}|{it.RejectsDuplicates}|{Show(it.Data)}",
        StatusReportPdu it => $"{it.ServiceCentre}|{it.Recipient}|{it.Reference}|{it.SentAt ?? NoTime:O}|{it.DoneAt ?? NoTime:O}|{it.Status}",
        _ => throw new BrokenPromiseException("a message of no kind"),
    };

    // Of a header what the driver knows is kept.
    private static string Show(UserData data) =>
        $"{data.Coding.Value}|{data.Header.Part}|{data.Header.Ports}|{Convert.ToHexString(data.Units)}";

    // What is written where a stamp was none; its two digits of a year are read as this century's.
    private static DateTimeOffset NoTime => new(2070, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static void CheckOther(byte[] octets, DeliverPdu pdu)
    {
        int centre = 1 + octets[0];
        if (Simulated.DeliverTpdu.Read(octets.AsSpan(centre)) is not { } other)
        {
            return;
        }

        // Half a unit at the end is nothing, or shown as what cannot be read.
        if (pdu.Data.Coding.Alphabet == MessageAlphabet.Gsm
            || (pdu.Data.Coding.Alphabet == MessageAlphabet.Ucs2 && pdu.Data.Units.Length % 2 == 0))
        {
            string? text = new MessageParts([new MessagePart(pdu, null)], 1, []).Text;
            Promise.Holds(Trim(text) == Trim(other.Data.Text), $"the text {Hex(text)}, and by the simulator {Hex(other.Data.Text)}");
        }

        // Digits behind a filler are read by one and not by the other; the standard has none.
        bool isName = (octets[centre + 2] & 0x70) == 0x50;
        if (isName || !HasFiller(octets.AsSpan(centre + 3, octets[centre + 1] / 2)))
        {
            Promise.Holds(
                Trim(pdu.Sender.TrimStart('+')) == Trim(other.From.Text.TrimStart('+')),
                $"the sender {pdu.Sender}, and by the simulator {other.From.Text}");
        }
    }

    private static bool HasFiller(ReadOnlySpan<byte> pairs)
    {
        foreach (byte pair in pairs)
        {
            if (pair >> 4 == 0xF || (pair & 0xF) == 0xF)
            {
                return true;
            }
        }

        return false;
    }

    // An escape with nothing behind it is a blank, or nothing. Half a pair is kept by the driver, whose parts may complete it.
    private static string? Trim(string? text) => text is null ? null : Encoding.BigEndianUnicode.GetString(
        Encoding.BigEndianUnicode.GetBytes(text)).TrimEnd(' ');

    private static string Hex(string? text) => text is null ? "none" : Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));
}
