namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Transparent mode ("passthrough mode"): user guide, AT+CIPMODE, AT+SAVETRANSLINK, AT+CIPRECONNINTV,
/// AT+TRANSINTVL. AT+CIPSEND without parameters is with the other sends.</summary>
internal sealed class TransparentCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPMODE")
        {
            Read = Says(_ => $"+CIPMODE:{(Settings.Transparent ? 1 : 0)}\r\n"),
            Set = At(SetMode),
        },
        new("SAVETRANSLINK") { Set = At(SaveLink) },
        new("CIPRECONNINTV")
        {
            Read = Says(_ => $"+CIPRECONNINTV:{Current.ReconnectTicks}\r\n"),
            Set = Takes(1, () => 36_000, (call, value) => Set(call, settings => settings.ReconnectTicks = value)),
        },
        new("TRANSINTVL")
        {
            Read = Says(_ => $"+TRANSINTVL:{(int)Settings.TransparentSilence.TotalMilliseconds}\r\n"),
            Set = Takes(0, () => 1000, (_, value) => Settings.TransparentSilence = TimeSpan.FromMilliseconds(value)),
        },
    ];

    private Outcome SetMode(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 0, 1, out int mode))
        {
            return given.Refusal;
        }

        bool isServer = Module.Profile.Links.HasTransparentServer
            && Module.Server.IsRunning && Settings.MaxAccepted == 1;
        if (mode == 1 && Settings.Multiple && !isServer)
        {
            Respond.Reason("CIPMUX and CIPSERVER must be 0");
            return Outcome.Failed;
        }

        Settings.Transparent = mode == 1;
        return Outcome.Ok;
    }

    // =0, or =1,"host",port[,"TCP"|"SSL"[,keepalive]], or =1,"host",port,"UDP"[,local port]. Always stored, and in force
    // from the next boot.
    private Outcome SaveLink(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 5) || !given.Number(0, 0, 1, out int enable))
        {
            return given.Refusal;
        }

        if (enable == 0)
        {
            Module.Stored.SavedLink = null;
            return given.Takes(1, 1) ? Outcome.Ok : given.Refusal;
        }

        if (!given.Takes(3, 5)
            || !given.Text(1, 64, out string host)
            || !given.Number(2, 1, 65535, out int port)
            || !given.TextOrNone(3, 3, out string? type))
        {
            return given.Refusal;
        }

        type ??= LinkRequest.Tcp;
        if (!Module.Profile.Links.MayBeTransparent.Contains(type))
        {
            return Outcome.Error(ErrorCode.Invalid(3));
        }

        bool isUdp = type == LinkRequest.Udp;
        if (!given.NumberOr(4, 0, isUdp ? 1 : 0, isUdp ? 65535 : 7200, out int last))
        {
            return given.Refusal;
        }

        Module.Stored.SavedLink = new LinkRequest(type, host, port) { LocalPort = isUdp ? last : 0 };
        return Outcome.Ok;
    }
}
