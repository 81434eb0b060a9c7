using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Links: how they come, how they go, what they are.</summary>
internal sealed class LinkCommands(LuatModule module) : CommandGroup(module)
{
    private const int MaxHost = 128;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CIPMUX") { Test = Says(() => $"+CIPMUX: (0,1)"), Read = Says(() => $"+CIPMUX: {(Ip.IsMultiple ? 1 : 0)}"), Set = At(SetMultiple) },
        new("+CIPSTART") { Set = At(Start) },
        new("+CIPCLOSE") { Execute = CloseAsync, Set = CloseAsync },
        new("+CIPSTATUS") { Execute = At(ReadStatus), Set = At(ReadOneStatus) },
        new("+CIPHEAD") { Read = Says(() => $"+CIPHEAD: {(Ip.ShowsHeader ? 1 : 0)}"), Set = Takes(0, 1, value => Ip.ShowsHeader = value == 1) },
        new("+CIPSHOWTP") { Read = Says(() => $"+CIPSHOWTP: {(Ip.ShowsProtocol ? 1 : 0)}"), Set = Takes(0, 1, value => Ip.ShowsProtocol = value == 1) },
        new("+CIPSRIP") { Read = Says(() => $"+CIPSRIP: {(Ip.ShowsPeer ? 1 : 0)}"), Set = Takes(0, 1, value => Ip.ShowsPeer = value == 1) },
        new("+CIPRXF") { Read = Says(() => $"+CIPRXF: {(Ip.IsBare ? 1 : 0)}"), Set = Takes(0, 1, value => Ip.IsBare = value == 1) },
    ];

    private IpSettings Ip => _module.Ip;

    private IpStack Stack => _module.Stack;

    private LinkTable Links => _module.Links;

    private Outcome SetMultiple(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int multiple))
        {
            return WrongParameter;
        }

        if (Stack.State != IpState.Initial)
        {
            return WrongState;
        }

        Ip.IsMultiple = multiple == 1;
        return Outcome.Ok;
    }

    // AT+CIPSTART=[<n>,]"TCP"|"UDP","<host>",<port>
    private Outcome Start(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int first = Ip.IsMultiple ? 1 : 0;
        int id = 0;
        if (given.Count != first + 3)
        {
            return WrongState; // The form of the other mode.
        }

        string protocol = given.Text(first).ToUpperInvariant();
        if (given.IsMalformed || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || protocol is not (LinkRequest.Tcp or LinkRequest.Udp)
            || !given.Text(first + 1, MaxHost, out string host) || host.Length == 0
            || !given.Number(first + 2, 1, 65_535, out int port))
        {
            return WrongParameter;
        }

        if (Links.Find(id) is { State: LinkState.Connected } open)
        {
            return SayAlready(open);
        }

        if (Links.Find(id) is { State: LinkState.Connecting })
        {
            return WrongState;
        }

        bool activates = Stack.State == IpState.Initial;
        if (!Stack.Enter(IpEvent.Connect))
        {
            return WrongState;
        }

        LuatLink link = Links.Add(id, new LinkRequest(protocol, host, port));
        return Outcome.OkThen(() => Host.Loop.StartHere(() => _module.Opener.OpenAsync(link, activates)));
    }

    private Outcome SayAlready(LuatLink link)
    {
        string text = _module.Prefix(link) + "ALREADY CONNECT";
        return _module.Switches[LuatSwitches.AlreadyConnected] == "alone"
            ? Outcome.Final(text)
            : Outcome.OkThen(() => Respond.Urc(text));
    }

    // AT+CIPCLOSE[=<0 slow, 1 fast>]   or, with several links, AT+CIPCLOSE=<n>[,<0|1>]
    private async ValueTask<Outcome> CloseAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int first = Ip.IsMultiple ? 1 : 0;
        int id = 0;
        if (given.IsMalformed || given.Count < first || given.Count > first + 1
            || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || !given.NumberOr(first, 1, 0, 1, out int fast))
        {
            return Outcome.Error;
        }

        if (Links.Find(id) is not { State: LinkState.Connected or LinkState.Connecting } link
            || !Stack.Enter(IpEvent.Close))
        {
            return Outcome.Error;
        }

        if (fast == 0)
        {
            await _module.Sender.DrainAsync(link, call.Life);
            call.Life.ThrowIfCancellationRequested();
        }

        Links.Close(link);
        return Outcome.Final(_module.Prefix(link) + "CLOSE OK");
    }

    // OK comes first, the state behind it: nothing else follows.
    private Outcome ReadStatus()
    {
        string protocol = Links.Find(0)?.Request.Protocol ?? LinkRequest.Tcp;
        if (Stack.State == IpState.Closed && _module.Switches[LuatSwitches.CloseOfUdp] == "tcp")
        {
            protocol = LinkRequest.Tcp;
        }

        Respond.Ok();
        Respond.Line("STATE: " + IpStates.Name(Stack.State, protocol));
        if (Ip.IsMultiple)
        {
            Respond.Lines(Enumerable.Range(0, LinkTable.Size).Select(id => "C: " + Links.Describe(id)));
        }

        return Outcome.Silent;
    }

    // +CIPSTATUS: <n>,<bearer>,"<protocol>","<address>","<port>","<state>"
    private Outcome ReadOneStatus(CommandCall call)
    {
        if (!Ip.IsMultiple)
        {
            return WrongState;
        }

        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, LinkTable.Size - 1, out int id))
        {
            return WrongParameter;
        }

        Respond.Line("+CIPSTATUS: " + Links.Describe(id));
        return Outcome.Ok;
    }
}
