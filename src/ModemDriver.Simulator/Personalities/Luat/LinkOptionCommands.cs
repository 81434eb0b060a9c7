using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Options of links to come, and their place in the flash.</summary>
internal sealed class LinkOptionCommands(LuatModule module) : CommandGroup(module)
{
    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CLPORT") { Set = At(SetLocalPort) },
        new("+CIPTKA") { Read = Says(() => $"+CIPTKA: {Ip.KeepAlive}"), Set = At(SetKeepAlive) },
        new("+CIPATS") { Read = Says(() => $"+CIPATS: {(Ip.AutoSendSeconds == 0 ? 0 : 1)},{Ip.AutoSendSeconds}"), Set = At(SetAutoSend) },
        new("+CIPSCONT") { Execute = At(Store), Read = At(ReadStored) },
        new("+CPNETAPN") { Read = At(ReadAccess), Set = At(SetAccess) },
    ];

    private IpSettings Ip => _module.Ip;

    // AT+CLPORT=[<n>,]"TCP"|"UDP",<port>; of TCP the network here takes any port.
    private Outcome SetLocalPort(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int first = Ip.IsMultiple ? 1 : 0;
        int id = 0;
        string protocol = given.Text(first).ToUpperInvariant();
        if (!given.Takes(first + 2, first + 2) || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || protocol is not (LinkRequest.Tcp or LinkRequest.Udp)
            || !given.Number(first + 1, 0, 65_535, out int port))
        {
            return WrongParameter;
        }

        if (protocol == LinkRequest.Udp)
        {
            Ip.LocalPorts[id] = port;
        }

        return Outcome.Ok;
    }

    // AT+CIPTKA=<0|1>[,<idle, s>[,<interval, s>[,<times>]]]
    private Outcome SetKeepAlive(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 4) || !given.Number(0, 0, 1, out int on) || !given.NumberOr(1, 7200, 30, 7200, out int idle)
            || !given.NumberOr(2, 75, 30, 600, out int interval) || !given.NumberOr(3, 9, 1, 9, out int times))
        {
            return WrongParameter;
        }

        Ip.KeepAlive = WireText.Format($"{on},{idle},{interval},{times}");
        return Outcome.Ok;
    }

    // AT+CIPATS=<0|1>[,<seconds>]
    private Outcome SetAutoSend(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !given.Number(0, 0, 1, out int on) || (on == 1 && given.Count != 2)
            || !given.NumberOr(1, 1, 1, 100, out int seconds))
        {
            return WrongParameter;
        }

        Ip.AutoSendSeconds = on == 1 ? seconds : 0;
        return Outcome.Ok;
    }

    private Outcome Store()
    {
        _module.StoreIp();
        return Outcome.Ok;
    }

    private Outcome ReadStored()
    {
        IpSettings stored = _module.StoredIp;
        Respond.Lines(
        [
            WireText.Format($"+CIPMODE:{(stored.IsTransparent ? 1 : 0)}"),
            WireText.Format($"+CIPMUX:{(stored.IsMultiple ? 1 : 0)}"),
            WireText.Format($"+CIPQSEND:{stored.QuickSend}"),
            WireText.Format($"+CIPSPRT:{stored.Prompts}"),
            WireText.Format($"+CIPHEAD:{(stored.ShowsHeader ? 1 : 0)}"),
            WireText.Format($"+CIPSHOWTP:{(stored.ShowsProtocol ? 1 : 0)}"),
            WireText.Format($"+CIPSRIP:{(stored.ShowsPeer ? 1 : 0)}"),
            WireText.Format($"+CIPRXF:{(stored.IsBare ? 1 : 0)}"),
            WireText.Format($"+CIPRXGET:{stored.ReceiveMode}"),
        ]);
        return Outcome.Ok;
    }

    private Outcome ReadAccess()
    {
        NetworkAccess access = _module.Access;
        Respond.Lines(
        [
            $"MODE: {(access.Apn.Length == 0 ? 3 : 2)}",
            "APN: " + access.Apn,
            "USR: " + access.User,
            "PWD: " + access.Password,
            WireText.Format($"AUTHMODE: {access.Authentication}"),
        ]);
        return Outcome.Ok;
    }

    // AT+CPNETAPN=<2 store and use, 3 forget>[,<apn>,<user>,<password>,<0 none, 1 PAP, 2 CHAP>]; the module registers anew.
    private Outcome SetAccess(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Number(0, 2, 3, out int mode) || !given.Takes(mode == 2 ? 2 : 1, 5)
            || !given.TextOr(1, "", 100, out string apn) || !given.TextOr(2, "", 64, out string user)
            || !given.TextOr(3, "", 64, out string password) || !given.NumberOr(4, 0, 0, 2, out int authentication))
        {
            return WrongParameter;
        }

        _module.Access = mode == 3 ? NetworkAccess.None : new NetworkAccess(apn, user, password, authentication);
        return Outcome.OkThen(() =>
        {
            _module.ApplyAccess();
            _module.Radio.Restart();
        });
    }
}

/// <summary>AT+CPNETAPN: what the default context is asked for with; in the flash.</summary>
/// <param name="apn">Its name.</param>
/// <param name="user">The user.</param>
/// <param name="password">The password.</param>
/// <param name="authentication">0 none, 1 PAP, 2 CHAP.</param>
internal sealed class NetworkAccess(string apn, string user, string password, int authentication)
{
    internal static NetworkAccess None { get; } = new("", "", "", 0);

    internal string Apn => apn;

    internal string User => user;

    internal string Password => password;

    internal int Authentication => authentication;
}
