using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Addresses and names of the station: user guide, "Wi-Fi AT commands".</summary>
internal sealed class AddressCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSTA") { Read = At(ReadAddress), Set = At(SetAddress) },
        new("CIPSTAMAC")
        {
            Read = Says(call => $"+{call.Name}:\"{Scope(call).StationMac}\"\r\n"),
            Set = At(SetMac),
        },
        new("CIFSR") { Execute = At(_ => ListAddresses()) },
        new("CWDHCP") { Read = Says(call => $"+{call.Name}:{DhcpBits(call)}"), Set = At(SetDhcp) },
        new("CWHOSTNAME") { Read = Says(_ => $"+CWHOSTNAME:{HostName}\r\n"), Set = At(SetHostName) },
    ];

    private SimulatedWorld World => Host.Options.World;

    private string HostName => Settings.HostName
        ?? "ESP_" + Current.StationMac.Replace(":", "", StringComparison.Ordinal)[6..].ToUpperInvariant();

    private string DhcpBits(CommandCall call)
    {
        StoredSettings shown = Scope(call);
        int station = (shown.UsesDhcp ? 1 : 0) << Forms.DhcpStationBit;
        int softAp = (shown.ServesDhcp ? 1 : 0) << (1 - Forms.DhcpStationBit);
        return WireText.Format($"{station | softAp}");
    }

    private Outcome ReadAddress(CommandCall call)
    {
        bool isUp = Module.Station.HasAddress;
        Line("ip", Module.Station.Address);
        Line("gateway", isUp ? GivenByHand(Current.StaticGateway) ?? World.Gateway : null);
        Line("netmask", isUp ? GivenByHand(Current.StaticNetmask) ?? World.Netmask : null);
        foreach ((string name, IPAddress address) in Module.IPv6.Addresses)
        {
            Line("ip6" + name, address);
        }

        return Outcome.Ok;

        void Line(string what, IPAddress? address) =>
            Respond.Answer($"+{call.Name}:{what}:\"{address ?? IPAddress.Any}\"\r\n");

        IPAddress? GivenByHand(IPAddress? address) => Current.UsesDhcp ? null : address;
    }

    private Outcome SetAddress(CommandCall call)
    {
        Parameters given = call.Parameters;
        IPAddress gateway = IPAddress.Any, netmask = IPAddress.Any;
        if (!given.Takes(1, 3)
            || !given.Address(0, out IPAddress address)
            || (given.Count > 1 && (!given.Address(1, out gateway) || !given.Address(2, out netmask))))
        {
            return given.Refusal;
        }

        bool isWhole = given.Count > 1;
        Set(call, settings =>
        {
            settings.UsesDhcp = false;
            settings.StaticAddress = address;
            settings.StaticGateway = isWhole ? gateway : null;
            settings.StaticNetmask = isWhole ? netmask : null;
        });
        Module.Station.AddressChanged();
        return Outcome.Ok;
    }

    private Outcome SetMac(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Mac(0, out string mac))
        {
            return given.Refusal;
        }

        Set(call, settings => settings.StationMac = mac);
        return Outcome.Ok;
    }

    private Outcome ListAddresses()
    {
        if (Module.SoftAp.IsUp)
        {
            Respond.Answer($"+CIFSR:APIP,\"{Current.SoftApAddress}\"\r\n");
            Respond.Answer($"+CIFSR:APMAC,\"{Module.SoftAp.Mac}\"\r\n");
        }

        if (IsStation)
        {
            Respond.Answer($"+CIFSR:STAIP,\"{Module.Station.Address ?? IPAddress.Any}\"\r\n");
            foreach ((string name, IPAddress address) in Module.IPv6.Addresses)
            {
                Respond.Answer($"+CIFSR:STAIP6{name.ToUpperInvariant()},\"{address}\"\r\n");
            }

            Respond.Answer($"+CIFSR:STAMAC,\"{Current.StationMac}\"\r\n");
        }

        return Outcome.Ok;
    }

    // NonOS: =<0 SoftAP, 1 station, 2 both>,<enable>. ESP-AT: =<enable>,<bit 0 station, bit 1 SoftAP>.
    private Outcome SetDhcp(CommandCall call)
    {
        Parameters given = call.Parameters;
        bool isNonOs = Forms.DhcpStationBit == 1;
        if (!given.Takes(2, 2)
            || !given.Number(0, 0, isNonOs ? 2 : 1, out int first)
            || !given.Number(1, 0, isNonOs ? 1 : 3, out int second))
        {
            return given.Refusal;
        }

        bool isOn = (isNonOs ? second : first) == 1;
        bool station = isNonOs ? first != 0 : (second & 1) != 0;
        bool softAp = isNonOs ? first != 1 : (second & 2) != 0;
        Set(call, settings =>
        {
            settings.UsesDhcp = station ? isOn : settings.UsesDhcp;
            settings.ServesDhcp = softAp ? isOn : settings.ServesDhcp;
        });
        Module.Station.AddressChanged();
        return Outcome.Ok;
    }

    private Outcome SetHostName(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Text(0, 32, out string name))
        {
            return given.Refusal;
        }

        if (!IsStation)
        {
            return Outcome.Failed;
        }

        Settings.HostName = name;
        return Outcome.Ok;
    }
}
