using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Opening, closing and looking at links: user guide, "TCP/IP AT commands".</summary>
internal sealed class LinkCommands(EspAtModule module) : CommandGroup(module)
{
    private const int AllLinks = 5;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPMUX")
        {
            Read = Says(_ => $"+CIPMUX:{(Settings.Multiple ? 1 : 0)}\r\n"),
            Set = At(SetMultiple),
        },
        new("CIPSTART") { Set = StartAsync },
        new("CIPSTARTEX") { Set = StartAnywhereAsync },
        new("CIPCLOSE") { Execute = At(_ => CloseSingle()), Set = At(Close) },
        new("CIPSTATUS") { Execute = At(_ => Status()) },
        new("CIPSTATE") { Read = At(_ => ListLinks("+CIPSTATE")) },
        new("CIPDINFO")
        {
            Read = Says(_ => $"+CIPDINFO:{(Settings.ShowsPeer ? Forms.TrueWord : Forms.FalseWord)}"),
            Set = Takes(0, () => 1, (_, value) => Settings.ShowsPeer = value == 1),
        },
        new("CIPTCPOPT") { Read = At(_ => ReadTcpOptions()), Set = At(SetTcpOptions) },
    ];

    private Outcome SetMultiple(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 0, 1, out int value))
        {
            return given.Refusal;
        }

        if (Module.Links.AnyOpen)
        {
            Respond.Reason("link is builded");
            return Outcome.Failed;
        }

        if (Module.Server.IsRunning)
        {
            Respond.Reason("CIPSERVER must be 0");
            return Outcome.Failed;
        }

        if (value == 1 && Settings.Transparent)
        {
            Respond.Reason("IPMODE must be 0");
            return Outcome.Failed;
        }

        Settings.Multiple = value == 1;
        return Outcome.Ok;
    }

    private ValueTask<Outcome> StartAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Settings.Multiple)
        {
            return given.IsText(0) ? OpenAsync(call, 0, 0) : Refused("MUX=0");
        }

        if (given.IsText(0))
        {
            return Refused("Miss param");
        }

        return given.Number(0, 0, LinkTable.Size - 1, out int id) ? OpenAsync(call, id, 1) : Refused("ID ERROR");
    }

    private ValueTask<Outcome> StartAnywhereAsync(CommandCall call)
    {
        if (!Settings.Multiple)
        {
            return OpenAsync(call, 0, 0);
        }

        bool lowest = Module.Switches[EspAtSwitches.StartExId] == "lowest";
        return Module.Links.FreeId(lowest) is int id ? OpenAsync(call, id, 0) : ValueTask.FromResult(Outcome.Failed);
    }

    private ValueTask<Outcome> Refused(string reason)
    {
        Respond.Reason(reason);
        return ValueTask.FromResult(Outcome.Failed);
    }

    private async ValueTask<Outcome> OpenAsync(CommandCall call, int id, int first)
    {
        if (LinkRequest.Read(call.Parameters, first, Module.Profile) is not LinkRequest request)
        {
            if (call.Parameters.Mistake == ErrorCode.Invalid(first))
            {
                Respond.Reason("Link type ERROR");
            }

            return call.Parameters.Refusal;
        }

        if (!Module.Opener.HasAddress(request.Family))
        {
            Respond.Reason("no ip");
            return Outcome.Failed;
        }

        if (Module.Links.Find(id) is not null)
        {
            Respond.Reason("ALREADY CONNECTED");
            return Outcome.Failed;
        }

        if (request.Protocol == LinkRequest.Ssl && !IsReadyForTls(id))
        {
            return Outcome.Failed;
        }

        return await ConnectAsync(id, request, call.Life);
    }

    private bool IsReadyForTls(int id)
    {
        if (Module.Links.Open.Count(link => link.Protocol == LinkRequest.Ssl) >= Module.Profile.Links.MaxTlsLinks)
        {
            Respond.Reason("ssl reach max");
            return false;
        }

        if (Module.Tls.Missing(Current.Tls[id]) is string missing)
        {
            Respond.Answer(missing + "\r\n");
            return false;
        }

        return true;
    }

    private async Task<Outcome> ConnectAsync(int id, LinkRequest request, CancellationToken life)
    {
        (NetworkConnection? connection, OpenFailure failure) = (null, OpenFailure.None);
        using (Module.Links.Reserve(id)) // A client of the server that comes meanwhile gets another number.
        {
            (connection, failure) = await Module.Opener.OpenAsync(request, id, life);
        }

        if (failure == OpenFailure.NoName)
        {
            Respond.Reason("DNS Fail");
            return Outcome.Failed;
        }

        if (connection is not null)
        {
            _ = Module.Links.Add(id, connection, request);
            return Outcome.Ok;
        }

        if (failure == OpenFailure.ClosedInHandshake
            && Module.Switches[LinkSwitches.ClosedInHandshake] == "closed-ok")
        {
            Respond.Urc(Module.Links.Prefix(id) + "CLOSED\r\n");
            return Outcome.Ok;
        }

        Module.End(Outcome.Failed);
        switch (Module.Switches[EspAtSwitches.ClosedAfterFailedConnect])
        {
            case "on":
                Respond.Urc(Module.Links.Prefix(id) + "CLOSED\r\n");
                break;
            case "connect-fail":
                Respond.Urc(Module.Links.Prefix(id) + "CONNECT FAIL\r\n");
                break;
            default:
                break;
        }

        return Outcome.Said;
    }

    private Outcome CloseSingle()
    {
        if (Settings.Multiple)
        {
            Respond.Reason("MUX=1");
            return Outcome.Failed;
        }

        return Close(0);
    }

    private Outcome Close(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Settings.Multiple)
        {
            Respond.Reason("MUX=0");
            return Outcome.Failed;
        }

        if (!given.Takes(1, 1) || !given.Number(0, 0, AllLinks, out int id))
        {
            return given.Refusal;
        }

        if (id < AllLinks)
        {
            return Close(id);
        }

        foreach (EspAtLink link in Module.Links.Open.ToArray())
        {
            Module.Links.Close(link);
        }

        return Outcome.Ok;
    }

    private Outcome Close(int id)
    {
        if (Module.Links.Find(id) is not EspAtLink link)
        {
            Respond.Reason("UNLINK");
            return Outcome.Failed;
        }

        Module.Links.Close(link);
        return Outcome.Ok;
    }

    private Outcome Status()
    {
        // UDP does not count.
        int status = Module.Station.HasAddress switch
        {
            false => 5,
            true when Module.Links.Open.Any(link => !link.KeepsBorders) => 3,
            true when Module.Links.HadLink => 4,
            true => 2,
        };
        Respond.Answer(WireText.Format($"STATUS:{status}\r\n"));
        return ListLinks("+CIPSTATUS");
    }

    // <id>,"<type>","<address>",<remote port>,<local port>,<0 client, 1 server>
    private Outcome ListLinks(string prefix)
    {
        foreach (EspAtLink link in Module.Links.Open)
        {
            NetworkConnection connection = link.Connection;
            Respond.Answer(WireText.Format(
                $"{prefix}:{link.Id},\"{link.Type}\",\"{connection.Remote.Address}\",{connection.Remote.Port},")
                + WireText.Format($"{connection.Local.Port},{(link.IsAccepted ? 1 : 0)}\r\n"));
        }

        return Outcome.Ok;
    }

    private Outcome ReadTcpOptions()
    {
        for (int id = 0; id < LinkTable.Size; id++)
        {
            TcpOptions options = Current.TcpOptions[id];
            Respond.Answer(WireText.Format(
                $"+CIPTCPOPT:{id},{options.Linger},{options.NoDelay},{options.SendTimeout}\r\n"));
        }

        return Outcome.Ok;
    }

    private Outcome SetTcpOptions(CommandCall call)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + 4)
            || (first == 1 && !given.Number(0, 0, AllLinks, out id))
            || !given.NumberOr(first, -1, -1, 7200, out int linger)
            || !given.NumberOr(first + 1, 0, 0, 1, out int noDelay)
            || !given.NumberOr(first + 2, 0, 0, 60_000, out int sendTimeout)
            || !given.NumberOr(first + 3, 0, 0, 7200, out int keepAlive))
        {
            return given.Refusal;
        }

        var options = new TcpOptions(linger, noDelay, sendTimeout, keepAlive);
        Set(call, settings => settings.TcpOptions =
            [.. settings.TcpOptions.Select((old, each) => id == AllLinks || id == each ? options : old)]);
        return Outcome.Ok;
    }
}
