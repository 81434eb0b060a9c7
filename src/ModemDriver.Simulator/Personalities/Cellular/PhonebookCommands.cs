using ModemDriver.Simulator.Messages;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The phonebook on the card: 3GPP TS 27.007 clauses 8.11 to 8.14, and the card's own number, clause 7.1.</summary>
internal sealed class PhonebookCommands(CellularModule module) : CommandGroup(module)
{
    private const int LongestNumber = 20;
    private const int LongestName = 14;

    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CPBS")
        {
            NeedsCard = true,
            Test = Says(() => $"+CPBS: (\"SM\")"),
            Read = Says(() => $"+CPBS: \"SM\",{Book.Count},{SimCard.PhonebookSize}"),
            Set = At(call => call.Parameters.Takes(1, 1) && call.Parameters.Text(0) == "SM" ? Outcome.Ok : WrongParameter),
        },
        new("+CPBR")
        {
            NeedsCard = true,
            Test = Says(() => $"+CPBR: (1-{SimCard.PhonebookSize}),{LongestNumber},{LongestName}"),
            Set = At(Read),
        },
        new("+CPBF") { NeedsCard = true, Test = Says(() => $"+CPBF: {LongestNumber},{LongestName}"), Set = At(Find) },
        new("+CPBW")
        {
            NeedsCard = true,
            Test = Says(() => $"+CPBW: (1-{SimCard.PhonebookSize}),{LongestNumber},(129,145),{LongestName}"),
            Set = At(Write),
        },
        new("+CNUM") { NeedsCard = true, Execute = At(Own) },
    ];

    private SortedDictionary<int, (string Number, string Name)> Book => _module.Sim.Card!.Phonebook;

    // +CPBR: <index>,"<number>",<type>,"<name>"
    private void Say(string command, IEnumerable<KeyValuePair<int, (string Number, string Name)>> entries) =>
        Respond.Lines(entries.Select(entry => WireText.Format(
            $"{command}: {entry.Key},\"{MessageText.ToWire(Settings, entry.Value.Number)}\",{MessageAddress.Of(entry.Value.Number).Type},\"{MessageText.ToWire(Settings, entry.Value.Name)}\"")));

    // AT+CPBR=<first>[,<last>]
    private Outcome Read(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.Number(0, 1, SimCard.PhonebookSize, out int first)
            || !given.NumberOr(1, first, first, SimCard.PhonebookSize, out int last))
        {
            return Outcome.Cme(CmeError.WrongIndex);
        }

        KeyValuePair<int, (string, string)>[] found = [.. Book.Where(entry => entry.Key >= first && entry.Key <= last)];
        if (found.Length == 0 && given.Count == 1)
        {
            return Outcome.Cme(CmeError.NotFound);
        }

        Say("+CPBR", found);
        return Outcome.Ok;
    }

    // AT+CPBF="<beginning of the name>"
    private Outcome Find(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || MessageText.FromWire(Settings, call.Parameters.Text(0)) is not string wanted)
        {
            return WrongParameter;
        }

        KeyValuePair<int, (string, string Name)>[] found =
            [.. Book.Where(entry => entry.Value.Name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))];
        if (found.Length == 0)
        {
            return Outcome.Cme(CmeError.NotFound);
        }

        Say("+CPBF", found);
        return Outcome.Ok;
    }

    // AT+CPBW=[<index>][,"<number>"[,<type>[,"<name>"]]]: without a number the entry is deleted.
    private Outcome Write(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int free = Enumerable.Range(1, SimCard.PhonebookSize).FirstOrDefault(each => !Book.ContainsKey(each));
        if (!given.Takes(1, 4) || !given.NumberOr(0, free, 0, SimCard.PhonebookSize, out int index)
            || !given.NumberOr(2, MessageAddress.Unknown, 0, 255, out int type)
            || MessageText.FromWire(Settings, given.Text(1)) is not string number
            || MessageText.FromWire(Settings, given.Text(3)) is not string name)
        {
            return WrongParameter;
        }

        if (index == 0)
        {
            return Outcome.Cme(CmeError.MemoryFull);
        }

        if (!given.IsGiven(1) || number.Length == 0)
        {
            Book.Remove(index);
            return Outcome.Ok;
        }

        if (number.Length > LongestNumber || !MessageAddress.IsNumber(number.TrimStart('+')))
        {
            return Outcome.Cme(number.Length > LongestNumber ? CmeError.NumberTooLong : CmeError.WrongNumber);
        }

        if (name.Length > LongestName)
        {
            return Outcome.Cme(CmeError.TextTooLong);
        }

        bool isInternational = type == MessageAddress.International && !number.StartsWith('+');
        Book[index] = (isInternational ? "+" + number : number, name);
        return Outcome.Ok;
    }

    // +CNUM: "<name>","<number>",<type>
    private Outcome Own()
    {
        string number = _module.Sim.Card!.Number;
        Respond.Line($"+CNUM: \"\",\"{MessageText.ToWire(Settings, number)}\",{MessageAddress.Of(number).Type}");
        return Outcome.Ok;
    }
}
