using ModemDriver.Simulator.Messages;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Settings and stores of messages: 3GPP TS 27.005 clauses 3.1 to 3.4.</summary>
internal sealed class MessageCommands(CellularModule module) : CommandGroup(module)
{
    private static readonly string[] Stores = ["SM", "ME"];
    private static readonly string[] Kinds = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"];

    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CMGF")
        {
            Test = At(() => Say(KnowsTexts ? "+CMGF: (1)" : "+CMGF: (0,1)")),
            Read = Says(() => $"+CMGF: {(Settings.TextMode ? 1 : 0)}"),
            Set = At(SetForm),
        },
        new("+CSDH") { Read = Says(() => $"+CSDH: {(Settings.ShowsHeader ? 1 : 0)}"), Set = Takes(0, 1, value => Settings.ShowsHeader = value == 1) },
        new("+CMMS") { Read = Says(() => $"+CMMS: {Settings.MoreMessages}"), Set = Takes(0, 2, value => Settings.MoreMessages = value) },
        new("+CSMS") { Test = Says(() => $"+CSMS: (0,1)"), Read = Says(() => $"+CSMS: {Settings.MessageService},1,1,1"), Set = At(SetService) },
        new("+CSMP") { Read = Says(ReadParameters), Set = At(SetParameters) },
        new("+CSCA") { Read = Says(ReadCentre), Set = At(SetCentre) },
        new("+CNMI")
        {
            Test = Says(() => $"+CNMI: (0,1,2,3),(0,1,2,3),(0,1,2,3),(0,1,2),(0,1)"),
            Read = Says(() => $"+CNMI: {Routing.Mode},{Routing.Message},{Routing.Broadcast},{Routing.Report},{Routing.Buffer}"),
            Set = At(SetRouting),
        },
        new("+CPMS")
        {
            Test = Says(() => $"+CPMS: (\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")"),
            Read = Ready(_ => Say(WireText.Format($"+CPMS: {Named(Messaging.ReadFrom)},{Named(Messaging.WriteTo)},{Named(Messaging.ReceiveInto)}"))),
            Set = Ready(SetStores),
        },
        new("+CMGR") { Set = Ready(Read) },
        new("+CMGL") { Test = At(() => Say(Settings.TextMode ? "+CMGL: (\"" + string.Join("\",\"", Kinds) + "\")" : "+CMGL: (0-4)")), Set = Ready(List), Execute = Ready(List) },
        new("+CMGD") { Test = Ready(_ => Say("+CMGD: (" + string.Join(',', Current.All.Select(slot => slot.Index)) + "),(0-4)")), Set = Ready(Delete) },
        new("+CNMA") { Set = At(_ => Acknowledge()), Execute = At(Acknowledge) },
    ];

    // And nothing else.
    private bool KnowsTexts => _module.Switches[CellularSwitches.MessageForms] == "text";

    private Messaging Messaging => _module.Messaging;

    private MessageStore Current => Messaging.Store(Messaging.ReadFrom);

    private (int Mode, int Message, int Broadcast, int Report, int Buffer) Routing => Settings.Routing;

    private CommandHandler Ready(Func<CommandCall, Outcome> handler) => At(call =>
        _module.Sim.IsReady ? handler(call) : Outcome.Cms(CmsError.Of(_module.Sim.State)));

    private Outcome Say(string text)
    {
        Respond.Line(text);
        return Outcome.Ok;
    }

    private Outcome SetForm(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int form))
        {
            return WrongParameter;
        }

        if (form == 0 && KnowsTexts)
        {
            return Outcome.Cms(CmsError.NotSupported);
        }

        Settings.TextMode = form == 1;
        return Outcome.Ok;
    }

    // +CSMS: <originated>,<terminated>,<broadcast>
    private Outcome SetService(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int service))
        {
            return Outcome.Cms(CmsError.NotSupported);
        }

        Settings.MessageService = service;
        return Say("+CSMS: 1,1,1");
    }

    private FormattableString ReadParameters()
    {
        (int first, int validity, int protocol, int coding) = Settings.MessageParameters;
        return $"+CSMP: {first},{validity},{protocol},{coding}";
    }

    // AT+CSMP=[<first octet>[,<validity>[,<protocol>[,<coding>]]]]
    private Outcome SetParameters(CommandCall call)
    {
        (int first, int validity, int protocol, int coding) = Settings.MessageParameters;
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 4) || !given.NumberOr(0, first, 0, 255, out first) || !given.NumberOr(1, validity, 0, 255, out validity)
            || !given.NumberOr(2, protocol, 0, 255, out protocol) || !given.NumberOr(3, coding, 0, 255, out coding))
        {
            return Outcome.Cms(CmsError.WrongText);
        }

        if ((first & 3) != SubmitTpdu.Submit || (first & 0x18) is 8 or 0x18)
        {
            return Outcome.Cms(CmsError.NotSupported); // Only relative validity, or none.
        }

        Settings.MessageParameters = (first, validity, protocol, coding);
        return Outcome.Ok;
    }

    private FormattableString ReadCentre() =>
        $"+CSCA: \"{MessageText.ToWire(Settings, Messaging.CentreNumber)}\",{MessageAddress.Of(Messaging.CentreNumber).Type}";

    // AT+CSCA="<number>"[,<type>]
    private Outcome SetCentre(CommandCall call)
    {
        string? number = MessageText.FromWire(Settings, call.Parameters.Text(0));
        if (!call.Parameters.Takes(1, 2) || number is null || (number.Length > 0 && !MessageAddress.IsNumber(number.TrimStart('+')))
            || !call.Parameters.NumberOr(1, MessageAddress.Unknown, 0, 255, out int type))
        {
            return Outcome.Cms(CmsError.WrongText);
        }

        Messaging.CentreNumber = type == MessageAddress.International && number.Length > 0 && number[0] != '+' ? "+" + number : number;
        return Outcome.Ok;
    }

    // AT+CNMI=[<mode>[,<mt>[,<bm>[,<ds>[,<bfr>]]]]]
    private Outcome SetRouting(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(0, 5) || !given.NumberOr(0, 0, 0, 3, out int mode) || !given.NumberOr(1, 0, 0, 3, out int message)
            || !given.NumberOr(2, 0, 0, 3, out int broadcast) || !given.NumberOr(3, 0, 0, 2, out int report)
            || !given.NumberOr(4, 0, 0, 1, out int buffer))
        {
            return Outcome.Cms(CmsError.NotSupported);
        }

        Settings.Routing = (mode, message, broadcast, report, buffer);
        return Outcome.OkThen(Messaging.Pump);
    }

    private string Named(string name) => WireText.Format($"\"{name}\",{Counts(name)}");

    private string Counts(string name) => WireText.Format($"{Messaging.Store(name).Used},{MessageStore.Slots}");

    // AT+CPMS=<read>[,<write>[,<receive>]]
    private Outcome SetStores(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 3) || !Enumerable.Range(0, given.Count).All(i => Stores.Contains(given.Text(i))))
        {
            return Outcome.Cms(CmsError.NotAllowed);
        }

        Messaging.ReadFrom = given.Text(0);
        Messaging.WriteTo = given.IsGiven(1) ? given.Text(1) : Messaging.WriteTo;
        Messaging.ReceiveInto = given.IsGiven(2) ? given.Text(2) : Messaging.ReceiveInto;
        return Say($"+CPMS: {Counts(Messaging.ReadFrom)},{Counts(Messaging.WriteTo)},{Counts(Messaging.ReceiveInto)}");
    }

    // +CMGR: <stat>,[<alpha>],<length> CR LF <pdu>    or, as text,    +CMGR: "<stat>",<head> CR LF <text>
    private Outcome Read(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 2) || !call.Parameters.Number(0, 1, MessageStore.Slots, out int index))
        {
            return Outcome.Cms(CmsError.WrongIndex);
        }

        if (Current[index] is not StoredMessage message)
        {
            return _module.Switches[CellularSwitches.EmptySlot] == "ok" ? Outcome.Ok : Outcome.Cms(CmsError.WrongIndex);
        }

        Respond.Line("+CMGR: " + Describe(message));
        MarkRead(message);
        return Outcome.Ok;
    }

    private string Describe(StoredMessage message) => Settings.TextMode
        ? $"\"{MessageText.Name(message.Status)}\",{MessageText.Stored(Settings, message)}"
        : WireText.Format($"{(int)message.Status},,{message.Tpdu.Length}\r\n{message.Hex}");

    private static void MarkRead(StoredMessage message) =>
        message.Status = message.Status == MessageStatus.Unread ? MessageStatus.Read : message.Status;

    // AT+CMGL[=<stat>]: +CMGL: <index>,... for each
    private Outcome List(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int kind = 0;
        bool isRight = given.Takes(0, 1) && (Settings.TextMode
            ? (kind = given.Count == 0 ? 0 : Array.IndexOf(Kinds, given.Text(0))) >= 0
            : given.NumberOr(0, 0, 0, Kinds.Length - 1, out kind));
        if (!isRight)
        {
            return Outcome.Cms(Settings.TextMode ? CmsError.WrongText : CmsError.WrongPdu);
        }

        (int Index, StoredMessage Message)[] wanted =
            [.. Current.All.Where(slot => kind == Kinds.Length - 1 || (int)slot.Message.Status == kind)];
        Respond.Lines(wanted.Select(slot => WireText.Format($"+CMGL: {slot.Index},{Describe(slot.Message)}")));
        foreach ((_, StoredMessage message) in wanted)
        {
            MarkRead(message);
        }

        return Outcome.Ok;
    }

    // AT+CMGD=<index>[,<0 this one, 1 read, 2 and sent, 3 and unsent, 4 all>]
    private Outcome Delete(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.NumberOr(1, 0, 0, 4, out int flag) || !given.Number(0, 0, MessageStore.Slots, out int index)
            || (flag == 0 && index == 0))
        {
            return Outcome.Cms(CmsError.WrongIndex);
        }

        MessageStore store = Current;
        if (flag == 0)
        {
            store.Remove(index);
        }

        foreach (int each in store.All.Where(slot => flag > 0 && IsMeant(slot.Message.Status, flag)).Select(slot => slot.Index).ToArray())
        {
            store.Remove(each);
        }

        return Outcome.OkThen(Messaging.Pump); // What waited for room may come now.
    }

    private static bool IsMeant(MessageStatus status, int flag) => flag switch
    {
        1 => status == MessageStatus.Read,
        2 => status is MessageStatus.Read or MessageStatus.Sent,
        3 => status != MessageStatus.Unread,
        _ => true,
    };

    private Outcome Acknowledge() => Messaging.Acknowledge() ? Outcome.Ok : Outcome.Cms(CmsError.NoAcknowledgement);
}
