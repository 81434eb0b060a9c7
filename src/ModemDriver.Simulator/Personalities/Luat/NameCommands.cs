using System.Net;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Names, name servers and the echo.</summary>
internal sealed class NameCommands(LuatModule module) : CommandGroup(module)
{
    private const int MaxHost = 128;
    private const int DnsFailure = 8;
    private const int NoReplyTime = 600;
    private const int NoReplyTtl = 255;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CDNSGIP") { Set = At(Resolve) },
        new("+CDNSCFG") { Read = At(ReadServers), Set = At(SetServers) },
        new("+CIPPING") { Set = PingAsync },
        new("*GETIP") { Set = At(ReadAddress) },
    ];

    private IpStack Stack => _module.Stack;

    // OK, then +CDNSGIP: 1,"<name>","<address>" or +CDNSGIP:0,<error>
    private Outcome Resolve(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Text(0, MaxHost, out string name) || name.Length == 0)
        {
            return WrongParameter;
        }

        if (!Stack.IsUp)
        {
            return WrongState;
        }

        CancellationToken life = call.Life;
        return Outcome.OkThen(() => Host.Loop.StartHere(async () =>
        {
            IPAddress? address = _module.Packet.Flows ? await Stack.ResolveAsync(name, life) : null;
            life.ThrowIfCancellationRequested();
            string blank = _module.Switches.IsOn(LuatSwitches.DnsBlank) ? " " : "";
            Respond.Urc(address is null
                ? WireText.Format($"+CDNSGIP:{blank}0,{DnsFailure}")
                : WireText.Format($"+CDNSGIP: 1,\"{name}\",\"{address}\""));
        }));
    }

    private Outcome ReadServers()
    {
        IReadOnlyList<IPAddress> servers = _module.NameServers;
        Respond.Lines(
        [
            $"PrimaryDns: {(servers.Count > 0 ? servers[0] : IPAddress.Any)}",
            $"SecondaryDns: {(servers.Count > 1 ? servers[1] : IPAddress.Any)}",
        ]);
        return Outcome.Ok;
    }

    // AT+CDNSCFG="<address>"[,"<address>"]; shown, and not asked: names are the world's business.
    private Outcome SetServers(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 2))
        {
            return WrongParameter;
        }

        var servers = new List<IPAddress>();
        for (int i = 0; i < call.Parameters.Count; i++)
        {
            if (IpStack.TryParse(call.Parameters.Text(i)) is not IPAddress server)
            {
                return WrongParameter;
            }

            servers.Add(server);
        }

        _module.NameServers = servers;
        return Outcome.Ok;
    }

    // AT+CIPPING="<host>"[,<times>[,<bytes>[,<timeout, 100 ms>[,<ttl>]]]]
    // +CIPPING: <i>,"<address>",<ms>,<ttl>
    private async ValueTask<Outcome> PingAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 5) || !given.Text(0, MaxHost, out string host) || !given.NumberOr(1, 4, 1, 100, out int times)
            || !given.NumberOr(2, 32, 0, 1024, out _) || !given.NumberOr(3, 100, 1, 600, out int timeout)
            || !given.NumberOr(4, 64, 1, 255, out int ttl))
        {
            return WrongParameter;
        }

        if (!Stack.IsUp)
        {
            return WrongState;
        }

        IPAddress? address = _module.Packet.Flows ? await Stack.ResolveAsync(host, call.Life) : null;
        call.Life.ThrowIfCancellationRequested();
        if (address is null)
        {
            return Outcome.Error;
        }

        for (int i = 1; i <= times; i++)
        {
            TimeSpan? time = await EchoAsync(address, TimeSpan.FromMilliseconds(100 * timeout), call.Life);
            call.Life.ThrowIfCancellationRequested();
            int shown = time is TimeSpan took ? (int)Math.Ceiling(took.TotalMilliseconds) : NoReplyTime;
            Respond.Line(WireText.Format($"+CIPPING: {i},\"{address}\",{shown},{(time is null ? NoReplyTtl : ttl)}"));
        }

        return Outcome.Ok;
    }

    private async Task<TimeSpan?> EchoAsync(IPAddress address, TimeSpan limit, CancellationToken life)
    {
        using var deadline = new CancellationTokenSource(limit, Host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        try
        {
            return await Host.Options.Network.PingAsync(address, Host.Clock.Provider, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    // +GETIP: <address>,<gateway>
    private Outcome ReadAddress(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1)
            || !call.Parameters.Number(0, 1, _module.Profile.MaxContext, out int number))
        {
            return WrongParameter;
        }

        if (_module.Packet.Find(number)?.Address is not IPAddress address)
        {
            return WrongState;
        }

        byte[] gateway = address.GetAddressBytes();
        gateway[3] = 1;
        Respond.Line($"+GETIP: {address},{new IPAddress(gateway)}");
        return Outcome.Ok;
    }
}
