using System.Text;
using ModemDriver.Dialects.Standard;
using ModemDriver.Messaging;
using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// USSD: any line is a message or none, without an exception. What a network says reads as it was said, in every set of
/// characters; what a caller sends is read by the simulator as it was given, or refused.
/// </summary>
/// <remarks>Input: a digit for the set of characters, then a text; the same again as a line of a module.</remarks>
internal static class UssdTarget
{
    private static readonly StandardUssdCommands Commands = new();

    // What is asked for, and what a module says that it has: null where it does not say.
    private static readonly string?[] Sets = ["IRA", "GSM", "UCS2", null, "UTF-8", "8859-1"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        string? set = Sets[choices.Byte() % Sets.Length];
        ReadOnlySpan<byte> line = choices.Rest;
        _ = Commands.IsUnfinished(line);
        _ = Commands.Read(line, set);
        byte[] named = [.. "+CUSD: "u8, .. line];
        CheckReply(Commands.Read(named, set), named, set);

        string text = choices.Text();
        CheckSent(text, set);
        CheckHeard(text, set);
    }

    private static void CheckReply(UssdReply? reply, byte[] line, string? set)
    {
        if (reply is null)
        {
            return;
        }

        Promise.Holds(Enum.IsDefined(reply.Status), $"the status {reply.Status}");
        UssdReply? again = Commands.Read(line, set);
        Promise.Holds(again == reply, $"once {reply}, and then {again}");
    }

    // AT+CUSD=1,"<text>",<coding>
    private static void CheckSent(string text, string? set)
    {
        string line;
        try
        {
            line = Encoding.Latin1.GetString(Commands.Send(text, set).Line.Text);
        }
        catch (ArgumentException)
        {
            return;
        }

        IReadOnlyList<CommandPart>? parts = CommandLine.Parse(line);
        Promise.Holds(parts is [{ Name: "+CUSD", Form: CommandForm.Set }], $"not one command: {line}");
        var given = new AtParameters(parts![0].Text); // there is one
        Promise.Holds(given.Takes(3, 3) && given.Text(0) == "1", $"not three parameters: {line}");
        var settings = new AtSettings(new StoredSettings()) { CharacterSet = set ?? "IRA" };
        string? heard = given.Text(2) == "72" && MessageText.FromHex(given.Text(1)) is { } octets
            ? Encoding.BigEndianUnicode.GetString(octets)
            : MessageText.FromWire(settings, given.Text(1));
        Promise.Holds(heard == text, $"the simulator hears {heard}");
    }

    // +CUSD: 0,"<text>",<coding>     as a module of this set writes it, if it can
    private static void CheckHeard(string text, string? set)
    {
        bool isGsm = GsmAlphabet.TryEncode(text, out _);
        if (!ModemDriver.Framing.CommandLineBuilder.IsUnicode(text) || (isGsm && set is not ("GSM" or "UCS2") && !text.All(char.IsAscii)))
        {
            return;
        }

        var settings = new AtSettings(new StoredSettings()) { CharacterSet = set ?? "IRA" };
        bool isHex = !isGsm || set == "UCS2";
        string wire = isHex ? Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text)) : MessageText.ToWire(settings, text);
        byte[] line = Encoding.Latin1.GetBytes($"+CUSD: 0,\"{wire}\",{(isGsm ? 15 : 72)}");
        UssdReply? reply = Commands.Read(line, set);
        Promise.Holds(reply?.Text == text, $"{text} is read as {reply?.Text}");
    }
}
