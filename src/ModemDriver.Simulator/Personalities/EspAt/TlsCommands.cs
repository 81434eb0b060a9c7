using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Settings of TLS: user guide, AT+CIPSSLCCONF, AT+CIPSSLCCN, AT+CIPSSLCSNI, AT+CIPSSLCALPN; AT+CIPSSLSIZE of
/// NonOS.</summary>
internal sealed class TlsCommands(EspAtModule module) : CommandGroup(module)
{
    private const int AllLinks = 5;
    private const int MostSlots = 255;
    private const int MostProtocols = 5;
    private const int LongestName = 64;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSSLCCONF") { Read = At(_ => ReadPolicies()), Set = At(SetPolicy) },
        new("CIPSSLCCN")
        {
            Read = At(_ => ReadNames("CIPSSLCCN", names => names.CommonName)),
            Set = At(call => SetName(call, (names, text) => names with { CommonName = text })),
        },
        new("CIPSSLCSNI")
        {
            Read = At(_ => ReadNames("CIPSSLCSNI", names => names.ServerName)),
            Set = At(call => SetName(call, (names, text) => names with { ServerName = text })),
        },
        new("CIPSSLCALPN") { Read = At(_ => ReadProtocols()), Set = At(SetProtocols) },
        new("CIPSSLSIZE") { Set = At(SetBuffer) },
    ];

    private bool HasBits => Module.Profile.Links.HasTlsBuffer;

    // +CIPSSLCCONF:<id>,<auth>,<pki>,<ca>, a line each; NonOS has one value for all.
    private Outcome ReadPolicies()
    {
        if (HasBits)
        {
            Respond.Answer(WireText.Format($"+CIPSSLCCONF:{Current.Tls[0].Verification}\r\n"));
            return Outcome.Ok;
        }

        for (int id = 0; id < LinkTable.Size; id++)
        {
            TlsPolicy policy = Current.Tls[id];
            Respond.Answer(WireText.Format(
                $"+CIPSSLCCONF:{id},{policy.Verification},{policy.ClientSlot},{policy.AuthoritySlot}\r\n"));
        }

        return Outcome.Ok;
    }

    // [<id>,]<auth>[,<pki>][,<ca>]; NonOS: <bits>. Always stored.
    private Outcome SetPolicy(CommandCall call)
    {
        Parameters given = call.Parameters;
        int first = !HasBits && Settings.Multiple ? 1 : 0;
        int id = HasBits ? AllLinks : 0;
        if (!given.Takes(first + 1, first + (HasBits ? 1 : 3))
            || (first == 1 && !given.Number(0, 0, AllLinks, out id))
            || !given.Number(first, 0, 3, out int verification)
            || !given.NumberOr(first + 1, 0, 0, MostSlots, out int client)
            || !given.NumberOr(first + 2, 0, 0, MostSlots, out int authority))
        {
            return given.Refusal;
        }

        var policy = new TlsPolicy(verification, client, authority);
        if (Module.Switches[LinkSwitches.MissingCertificate] == "at-cipsslcconf"
            && Module.Tls.Missing(policy) is string missing)
        {
            Respond.Answer(missing + "\r\n");
            return Outcome.Failed;
        }

        Current.Tls = Change(Current.Tls, id, _ => policy);
        Module.Stored.Tls = Change(Module.Stored.Tls, id, _ => policy);
        return Outcome.Ok;
    }

    private Outcome ReadNames(string command, Func<TlsNames, string> name)
    {
        for (int id = 0; id < LinkTable.Size; id++)
        {
            Respond.Answer(WireText.Format($"+{command}:{id},\"{name(Settings.TlsNames[id])}\"\r\n"));
        }

        return Outcome.Ok;
    }

    // [<id>,]"name"
    private Outcome SetName(CommandCall call, Func<TlsNames, string, TlsNames> change)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + 1)
            || (first == 1 && !given.Number(0, 0, AllLinks, out id))
            || !given.Text(first, LongestName, out string name))
        {
            return given.Refusal;
        }

        Settings.TlsNames = Change(Settings.TlsNames, id, names => change(names, name));
        return Outcome.Ok;
    }

    // +CIPSSLCALPN:<id>[,"protocol"...]
    private Outcome ReadProtocols()
    {
        for (int id = 0; id < LinkTable.Size; id++)
        {
            string list = string.Concat(Settings.TlsNames[id].Protocols.Select(protocol => $",\"{protocol}\""));
            Respond.Answer(WireText.Format($"+CIPSSLCALPN:{id}{list}\r\n"));
        }

        return Outcome.Ok;
    }

    // [<id>,]<count>[,"protocol"...]
    private Outcome SetProtocols(CommandCall call)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + 1 + MostProtocols)
            || (first == 1 && !given.Number(0, 0, AllLinks, out id))
            || !given.Number(first, 0, MostProtocols, out int count)
            || !given.Takes(first + 1 + count, first + 1 + count))
        {
            return given.Refusal;
        }

        var protocols = new List<string>();
        for (int i = 0; i < count; i++)
        {
            if (!given.Text(first + 1 + i, LongestName, out string protocol))
            {
                return given.Refusal;
            }

            protocols.Add(protocol);
        }

        Settings.TlsNames = Change(Settings.TlsNames, id, names => names with { Protocols = protocols });
        return Outcome.Ok;
    }

    private Outcome SetBuffer(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, 2048, 4096, out int bytes))
        {
            return given.Refusal;
        }

        if (Module.Links.Open.Any(link => link.Protocol == LinkRequest.Ssl))
        {
            Respond.Reason("must close ssl link");
            return Outcome.Failed;
        }

        Settings.TlsBufferBytes = bytes;
        return Outcome.Ok;
    }

    private static IReadOnlyList<T> Change<T>(IReadOnlyList<T> list, int id, Func<T, T> change) =>
        [.. list.Select((old, each) => id == AllLinks || id == each ? change(old) : old)];
}
