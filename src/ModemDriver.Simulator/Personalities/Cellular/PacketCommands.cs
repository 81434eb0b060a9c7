using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Packet data: 3GPP TS 27.007 chapter 10.</summary>
internal sealed class PacketCommands(CellularModule module) : CommandGroup(module)
{
    private const int MaxApn = 100;
    private const int MaxCredential = 64;

    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CGATT") { NeedsCard = true, Test = Says(() => $"+CGATT: (0,1)"), Read = Says(() => $"+CGATT: {(Packet.IsAttached ? 1 : 0)}"), Set = AttachAsync },
        new("+CGDCONT") { Test = Says(() => $"+CGDCONT: (1-{Profile.MaxContext}),\"IP\",,,(0),(0)"), Read = At(ReadContexts), Set = At(Define) },
        new("+CGACT") { NeedsCard = true, Test = Says(() => $"+CGACT: (0,1)"), Read = At(ReadActive), Set = ActivateAsync },
        new("+CGPADDR") { Execute = At(ReadAddresses), Set = At(ReadAddresses) },
        new("+CGCONTRDP") { Execute = At(ReadParameters), Set = At(ReadParameters) },
        new("+CGAUTH") { Read = At(ReadAuthentication), Set = At(Authenticate) },
        new("+CGEREP") { Read = Says(() => $"+CGEREP: {(Settings.ShowsPacketEvents ? 2 : 0)},0"), Set = At(SetEvents) },
        new("+CGCLASS") { Read = Says(() => $"+CGCLASS: \"A\"") },
    ];

    private PacketDomain Packet => _module.Packet;

    private CellularProfile Profile => _module.Profile;

    private async ValueTask<Outcome> AttachAsync(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, 1, out int attach))
        {
            return WrongParameter;
        }

        if (attach == 0)
        {
            return Outcome.OkThen(Packet.DetachByHost);
        }

        if (!_module.Radio.IsRegistered)
        {
            return Outcome.Cme(CmeError.NoService);
        }

        if (!Packet.IsAttached)
        {
            await Host.Clock.WaitAsync(Timings.Activate, call.Life);
            call.Life.ThrowIfCancellationRequested();
        }

        return Outcome.OkThen(Packet.AttachByHost);
    }

    // +CGDCONT: <cid>,"<type>","<apn>","<address>"
    private Outcome ReadContexts()
    {
        string tail = _module.Switches[CellularSwitches.ContextTail] switch
        {
            "zeros" => ",0,0",
            "empty" => ",0,0,,,,,,,,,",
            _ => "",
        };
        Respond.Lines(Packet.Contexts.Select(context =>
        {
            string apn = context.Address is null ? context.Apn : context.ActiveApn;
            return WireText.Format(
                $"+CGDCONT: {context.Number},\"{context.Type}\",\"{apn}\",\"{context.Address}\"{tail}");
        }));
        return Outcome.Ok;
    }

    // AT+CGDCONT=<cid>[,"<type>"[,"<apn>"[,...]]]; the number alone takes the definition away.
    private Outcome Define(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (given.IsMalformed || !given.Number(0, 1, Profile.MaxContext, out int number)
            || !given.TextOr(1, "IP", 8, out string type) || !given.TextOr(2, "", MaxApn, out string apn)
            || type.ToUpperInvariant() is not ("IP" or "IPV6" or "IPV4V6"))
        {
            return WrongParameter;
        }

        if (given.Count == 1)
        {
            if (number == Profile.DefaultContext || Packet.Find(number)?.Address is not null)
            {
                return WrongState;
            }

            Packet.Remove(number);
            return Outcome.Ok;
        }

        PacketContext context = Packet.Define(number);
        (context.Type, context.Apn) = (type.ToUpperInvariant(), apn);
        return Outcome.Ok;
    }

    private Outcome ReadActive()
    {
        Respond.Lines(Packet.Contexts.Select(context =>
            WireText.Format($"+CGACT: {context.Number},{(context.Address is null ? 0 : 1)}")));
        return Outcome.Ok;
    }

    // AT+CGACT=<0|1>[,<cid>]
    private async ValueTask<Outcome> ActivateAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.Number(0, 0, 1, out int state)
            || !given.NumberOr(1, Profile.DefaultContext, 1, Profile.MaxContext, out int number))
        {
            return WrongParameter;
        }

        if (Packet.Find(number) is not PacketContext context)
        {
            return WrongState;
        }

        if (state == 0)
        {
            return Outcome.OkThen(() => Packet.Deactivate(context));
        }

        if (!Packet.Flows)
        {
            return Outcome.Cme(CmeError.NoService);
        }

        return await Packet.ActivateAsync(context, call.Life)
            ? Outcome.Ok
            : Outcome.Cme(World.AcceptsContexts ? ContextError.NoSuchApn : ContextError.Rejected);
    }

    private MobileWorld World => Host.Options.World.Mobile;

    // +CGPADDR: <cid>,"<address>"
    private Outcome ReadAddresses(CommandCall call)
    {
        if (!TryPick(call, out IEnumerable<PacketContext> chosen))
        {
            return WrongParameter;
        }

        Respond.Lines(chosen.Select(context =>
            WireText.Format($"+CGPADDR: {context.Number},\"{context.Address?.ToString() ?? "0.0.0.0"}\"")));
        return Outcome.Ok;
    }

    // +CGCONTRDP: <cid>,<bearer>,"<apn>","<address and mask>","<gateway>","<dns>","<dns>"
    private Outcome ReadParameters(CommandCall call)
    {
        if (!TryPick(call, out IEnumerable<PacketContext> chosen))
        {
            return WrongParameter;
        }

        Respond.Lines(chosen.Where(context => context.Address is not null).Select(context => WireText.Format(
            $"+CGCONTRDP: {context.Number},5,\"{context.ActiveApn}\",\"{context.Address}.255.255.255.255\",\"\",")
            + string.Join(',', World.NameServers.Take(2).Select(server => $"\"{server}\""))));
        return Outcome.Ok;
    }

    private bool TryPick(CommandCall call, out IEnumerable<PacketContext> chosen)
    {
        chosen = Packet.Contexts;
        if (call.Parameters.Count == 0)
        {
            return true;
        }

        bool isGood = call.Parameters.Takes(1, 1)
            && call.Parameters.Number(0, 1, Profile.MaxContext, out int number)
            && Packet.Find(number) is not null;
        chosen = isGood ? chosen.Where(context => context.Number == int.Parse(call.Parameters.Text(0), null)) : [];
        return isGood;
    }

    private Outcome ReadAuthentication()
    {
        Respond.Lines(Packet.Contexts.Where(context => context.Authentication != 0).Select(context => WireText.Format(
            $"+CGAUTH: {context.Number},{context.Authentication},\"{context.User}\",\"{context.Password}\"")));
        return Outcome.Ok;
    }

    // AT+CGAUTH=<cid>,<0 none, 1 PAP, 2 CHAP>[,"<user>","<password>"]
    private Outcome Authenticate(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 4) || !given.Number(0, 1, Profile.MaxContext, out int number)
            || !given.Number(1, 0, 2, out int kind) || (kind != 0 && given.Count != 4)
            || !given.TextOr(2, "", MaxCredential, out string user)
            || !given.TextOr(3, "", MaxCredential, out string password)
            || Packet.Find(number) is not PacketContext context)
        {
            return WrongParameter;
        }

        (context.Authentication, context.User, context.Password) = (kind, user, password);
        return Outcome.Ok;
    }

    private Outcome SetEvents(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 2) || !call.Parameters.Number(0, 0, 2, out int mode)
            || !call.Parameters.NumberOr(1, 0, 0, 1, out _))
        {
            return WrongParameter;
        }

        Settings.ShowsPacketEvents = mode != 0;
        return Outcome.Ok;
    }
}

/// <summary>Numbers of +CME ERROR for contexts (3GPP TS 27.007 clause 9.2.2.2).</summary>
internal static class ContextError
{
    internal const int NoSuchApn = 127;
    internal const int Rejected = 131;
}
