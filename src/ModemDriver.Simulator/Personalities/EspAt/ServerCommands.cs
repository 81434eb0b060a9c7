using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The server: user guide, AT+CIPSERVER, AT+CIPSERVERMAXCONN, AT+CIPSTO.</summary>
internal sealed class ServerCommands(EspAtModule module) : CommandGroup(module)
{
    private const int UsualPort = 333;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSERVER") { Read = At(_ => ReadServer()), Set = At(SetServer) },
        new("CIPSERVERMAXCONN")
        {
            Read = Says(_ => $"+CIPSERVERMAXCONN:{Settings.MaxAccepted}\r\n"),
            Set = At(SetLimit),
        },
        new("CIPSTO") { Read = Says(_ => $"+CIPSTO:{Settings.IdleTimeout}\r\n"), Set = At(SetIdleTimeout) },
    ];

    private EspAtServer Server => Module.Server;

    // +CIPSERVER:0 or +CIPSERVER:1,<port>,"TCP"[,<CA enable>]
    private Outcome ReadServer()
    {
        string authority = Module.Switches[LinkSwitches.ServerAuthority] == "shown"
            ? WireText.Format($",{(Server.RequiresClient ? 1 : 0)}")
            : "";
        Respond.Answer(Server.IsRunning
            ? WireText.Format($"+CIPSERVER:1,{Server.Port},\"{Server.Type}\"{authority}\r\n")
            : "+CIPSERVER:0\r\n");
        return Outcome.Ok;
    }

    // =1[,port[,"type"[,CA enable]]] or =0[,1]; types and CA not on ESP8266.
    private Outcome SetServer(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 4) || !given.Number(0, 0, 1, out int mode))
        {
            return given.Refusal;
        }

        return mode == 1 ? Start(given) : Stop(given);
    }

    private Outcome Start(Parameters given)
    {
        if (!given.Takes(1, Module.Profile.Links.ServesTypes ? 4 : 2)
            || !given.NumberOr(1, UsualPort, 1, 65535, out int port)
            || !given.TextOrNone(2, 5, out string? type)
            || !given.NumberOr(3, 0, 0, 1, out int requiresClient))
        {
            return given.Refusal;
        }

        type ??= LinkRequest.Tcp;
        if (LinkRequest.ProtocolOf(type) is not (LinkRequest.Tcp or LinkRequest.Ssl))
        {
            return Outcome.Error(ErrorCode.Invalid(2));
        }

        if (!Settings.Multiple)
        {
            return Outcome.Failed;
        }

        if (Server.IsRunning)
        {
            Respond.Reason("no change");
            return Outcome.Ok;
        }

        if (LinkRequest.ProtocolOf(type) == LinkRequest.Ssl && Module.Tls.MissingForServer(requiresClient == 1) is string missing)
        {
            Respond.Answer(missing + "\r\n");
            return Outcome.Failed;
        }

        return Server.TryStart(port, type, requiresClient == 1) ? Outcome.Ok : Outcome.Failed;
    }

    private Outcome Stop(Parameters given)
    {
        if (!given.Takes(1, Module.Profile.Links.ServerStopCloses ? 2 : 1) || !given.NumberOr(1, 0, 0, 1, out int closes))
        {
            return given.Refusal;
        }

        if (!Server.IsRunning)
        {
            Respond.Reason("no change");
        }

        Server.Stop();
        if (closes == 1)
        {
            IEnumerable<EspAtLink> links = Module.Links.Open.Where(link => link.IsAccepted);
            bool descending = Module.Switches[LinkSwitches.ServerCloses] == "descending";
            foreach (EspAtLink link in (descending ? links.Reverse() : links).ToArray())
            {
                Module.Links.Close(link);
            }
        }

        return Outcome.Ok;
    }

    private Outcome SetLimit(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 1, LinkTable.Size, out int most))
        {
            return given.Refusal;
        }

        string below = Module.Switches[LinkSwitches.LimitBelowLinks];
        int open = Module.Links.Open.Count(link => link.IsAccepted || below == "refused");
        if (most < open && below != "accepted")
        {
            Respond.Answer(WireText.Format($"Have {open} Connections\r\n"));
            return Outcome.Failed;
        }

        Settings.MaxAccepted = most;
        return Outcome.Ok;
    }

    private Outcome SetIdleTimeout(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 0, 7200, out int seconds))
        {
            return given.Refusal;
        }

        if (Forms.IdleTimeoutNeedsServer && !Server.IsRunning)
        {
            return Outcome.Failed;
        }

        if (Forms.IdleTimeoutNeedsServer && seconds == Settings.IdleTimeout)
        {
            Respond.Reason("not change");
        }

        Settings.IdleTimeout = seconds;
        return Outcome.Ok;
    }
}
