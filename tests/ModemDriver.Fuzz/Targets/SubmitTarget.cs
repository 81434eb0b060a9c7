using System.Text;
using ModemDriver.Messaging;
using Simulated = ModemDriver.Simulator.Messages;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// What a caller sends as a short message reaches the simulator's reader as it was given, in parts that fit, or is refused
/// before anything is sent.
/// </summary>
/// <remarks>Input: a letter whose bits choose how it is sent; the number, up to a line feed; the text, with any line feeds.</remarks>
internal static class SubmitTarget
{
    private const int IsWide = 1;
    private const int HasClass = 2;
    private const int HasPorts = 4;
    private const int IsOctets = 8;
    private const int MaxTpdu = 164;

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        int modes = choices.Byte();
        string number = choices.Text();
        byte[] octets = choices.Rest.ToArray();
        string text = TextOf(ref choices);
        MessageClass? messageClass = (modes & HasClass) != 0 ? (MessageClass)(modes >> 4 & 3) : null;
        MessagePorts? ports = (modes & HasPorts) != 0 ? new MessagePorts(9200, 49999) : null;
        bool isWide = (modes & IsWide) != 0;
        IReadOnlyList<UserData>? parts = (modes & IsOctets) != 0
            ? MessageSplitter.Split(octets.AsSpan(), messageClass, ports, modes, isWide)
            : MessageSplitter.Split(text, messageClass, ports, modes, isWide);
        if (parts is null)
        {
            return;
        }

        Promise.Holds(parts.Count is > 0 and <= MessageSplitter.MaxParts, $"{parts.Count} parts");
        List<Simulated.SubmitTpdu> arrived = [];
        foreach (UserData part in parts)
        {
            if (Send(number, part) is not { } read)
            {
                return;
            }

            arrived.Add(read);
        }

        Check(arrived, number, modes, isWide, messageClass);
        if ((modes & IsOctets) != 0)
        {
            byte[] all = [.. arrived.SelectMany(tpdu => tpdu.Data.Body().ToArray())];
            Promise.Holds(all.AsSpan().SequenceEqual(octets), $"other octets: {Convert.ToHexString(all)}");
        }
        else
        {
            string all = TextOf(arrived);
            Promise.Holds(all == text, $"another text: {Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(all))}");
        }
    }

    private static string TextOf(ref FuzzInput choices)
    {
        var text = new StringBuilder();
        while (!choices.IsEmpty)
        {
            text.Append(text.Length > 0 ? "\n" : string.Empty).Append(choices.Text());
        }

        return text.ToString();
    }

    private static Simulated.SubmitTpdu? Send(string number, UserData part)
    {
        byte[] written;
        int length;
        try
        {
            written = new SubmitPdu(null, number, part).ToOctets(out length);
        }
        catch (ArgumentException)
        {
            Promise.Holds(!PduAddress.IsDiallable(number), $"{number} was refused");
            return null;
        }

        Promise.Holds(length is > 0 and <= MaxTpdu && written[0] == 0, $"a TPDU of {length} octets");
        var read = Simulated.SubmitTpdu.Read(written.AsSpan(written.Length - length), DateTime.UnixEpoch);
        Promise.Holds(read is not null, $"the simulator cannot read {Convert.ToHexString(written)}");
        return read;
    }

    private static void Check(
        List<Simulated.SubmitTpdu> arrived, string number, int modes, bool isWide, MessageClass? messageClass)
    {
        for (int i = 0; i < arrived.Count; i++)
        {
            Simulated.SubmitTpdu tpdu = arrived[i];
            Promise.Holds(tpdu.To.Text == number, $"to {tpdu.To.Text}");
            Promise.Holds(tpdu.Data.Class == (int?)messageClass, $"the class {tpdu.Data.Class}");
            if (arrived.Count == 1)
            {
                Promise.Holds(tpdu.Data.Part is null, $"a part of its own");
                continue;
            }

            int reference = isWide ? modes : modes & 0xFF;
            Promise.Holds(tpdu.Data.Part == (reference, arrived.Count, i + 1), $"the part {tpdu.Data.Part} instead of {i + 1}");
        }
    }

    // Pairs are not cut between parts, but a caller's text may hold half a one of its own.
    private static string TextOf(List<Simulated.SubmitTpdu> arrived) => string.Concat(arrived.Select(
        tpdu => tpdu.Data.Alphabet == Simulated.MessageAlphabet.Gsm7
            ? tpdu.Data.Text
            : UserData.TextOf(MessageAlphabet.Ucs2, tpdu.Data.Body())));
}
