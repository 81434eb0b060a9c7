using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Names and echoes: user guide, "TCP/IP AT commands".</summary>
internal sealed class NameCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPDOMAIN") { Set = DomainAsync },
        new("CIPDNS") { Read = At(ReadServers), Set = At(SetServers) },
        new("MDNS") { Set = At(SetMdns) },
        new("PING") { Set = PingAsync },
    ];

    // The names that +CIPDNS shows before anyone has set them.
    private IReadOnlyList<IPAddress> Servers =>
        Current.NameServers.Count > 0 ? Current.NameServers : [Host.Options.World.Gateway];

    /// <summary>Four numbers with dots; the shorter forms that other parsers take are names.</summary>
    internal static bool TryParseAddress(string text, out IPAddress? address)
    {
        address = null;
        return text.Count(sign => sign == '.') == 3
            && IPAddress.TryParse(text, out address)
            && address.AddressFamily == AddressFamily.InterNetwork;
    }

    private async ValueTask<Outcome> DomainAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Text(0, 64, out string name))
        {
            return given.Refusal;
        }

        if (await Module.Opener.ResolveAsync(name, AddressFamily.InterNetwork, call.Life) is not IPAddress address)
        {
            Respond.Reason("DNS Fail");
            return Outcome.Failed;
        }

        string quote = Forms.QuotesDomain ? "\"" : "";
        Respond.Answer($"+CIPDOMAIN:{quote}{address}{quote}\r\n");
        return Outcome.Ok;
    }

    // +CIPDNS:<0|1>,"a"[,"b"]; NonOS prints one line for each, unquoted.
    private Outcome ReadServers(CommandCall call)
    {
        if (Module.Profile.CurDefOnly.Contains("CIPDNS"))
        {
            foreach (IPAddress server in Servers)
            {
                Respond.Answer($"+{call.Name}:{server}\r\n");
            }

            return Outcome.Ok;
        }

        string list = string.Concat(Servers.Select(server => $",\"{server}\""));
        Respond.Answer(WireText.Format($"+{call.Name}:{(Current.NameServers.Count > 0 ? 1 : 0)}{list}\r\n"));
        return Outcome.Ok;
    }

    private Outcome SetServers(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 4) || !given.Number(0, 0, 1, out int enable))
        {
            return given.Refusal;
        }

        var servers = new List<IPAddress>();
        for (int i = 1; i < given.Count; i++)
        {
            if (!given.Text(i, 15, out string text))
            {
                return given.Refusal;
            }

            if (!TryParseAddress(text, out IPAddress? address))
            {
                return Outcome.Error(ErrorCode.Invalid(i));
            }

            servers.Add(address!); // The parser said so.
        }

        Set(call, settings => settings.NameServers = enable == 1 ? servers : []);
        return Outcome.Ok;
    }

    // =0, or =1,"<host>","<service>",<port>
    private Outcome SetMdns(CommandCall call)
    {
        Parameters given = call.Parameters;
        string name = "";
        if (!given.Takes(1, 4)
            || !given.Number(0, 0, 1, out int enable)
            || (enable == 1 && (!given.Takes(4, 4)
                || !given.Text(1, 63, out name)
                || !given.Text(2, 63, out _)
                || !given.Number(3, 1, 65_535, out _))))
        {
            return given.Refusal;
        }

        if (enable == 1)
        {
            Module.Mdns.Start(name);
        }
        else
        {
            Module.Mdns.Stop();
        }

        return Outcome.Ok;
    }

    private async ValueTask<Outcome> PingAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Text(0, 64, out string name))
        {
            return given.Refusal;
        }

        TimeSpan? time = Module.Station.HasAddress && await Module.Opener.ResolveAsync(name, AddressFamily.InterNetwork, call.Life) is IPAddress address
            ? await Host.Options.Network.PingAsync(address, Host.Clock.Provider, call.Life)
            : null;
        call.Life.ThrowIfCancellationRequested();
        if (time is not TimeSpan taken)
        {
            Respond.Answer(Forms.PingTimeout);
            return Outcome.Failed;
        }

        Respond.Answer(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, Forms.PingAnswer, (int)taken.TotalMilliseconds));
        return Outcome.Ok;
    }
}
