using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Addresses and names of the station: user guide, "Wi-Fi AT commands".</summary>
internal sealed class AddressCommands(EspAtModule module) : CommandGroup(module)
{
    private const string SoftApAddress = "192.168.4.1";

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSTA") { Read = At(ReadAddress), Set = At(SetAddress) },
        new("CIPSTAMAC")
        {
            Read = Says(call => $"+{call.Name}:\"{Current.StationMac}\"\r\n"),
            Set = At(SetMac),
        },
        new("CIFSR") { Execute = At(_ => ListAddresses()) },
        new("CWDHCP") { Read = Says(call => $"+{call.Name}:{DhcpBits}"), Set = At(SetDhcp) },
        new("CWHOSTNAME") { Read = Says(_ => $"+CWHOSTNAME:{HostName}\r\n"), Set = At(SetHostName) },
    ];

    private SimulatedWorld World => Host.Options.World;

    private string HostName => Settings.HostName
        ?? "ESP_" + Current.StationMac.Replace(":", "", StringComparison.Ordinal)[6..].ToUpperInvariant();

    /// <summary>The SoftAP's server always runs.</summary>
    private int DhcpBits => (1 << (1 - Forms.DhcpStationBit)) | ((Current.UsesDhcp ? 1 : 0) << Forms.DhcpStationBit);

    private Outcome ReadAddress(CommandCall call)
    {
        bool isUp = Module.Station.HasAddress;
        Line("ip", Module.Station.Address);
        Line("gateway", isUp ? Current.StaticGateway ?? World.Gateway : null);
        Line("netmask", isUp ? Current.StaticNetmask ?? World.Netmask : null);
        return Outcome.Ok;

        void Line(string what, IPAddress? address) =>
            Respond.Answer($"+{call.Name}:{what}:\"{address ?? IPAddress.Any}\"\r\n");
    }

    private Outcome SetAddress(CommandCall call)
    {
        Parameters given = call.Parameters;
        IPAddress? gateway = null, netmask = null;
        if (!given.Takes(1, 3)
            || !ReadAddress(given, 0, out IPAddress? address)
            || (given.Count > 1 && (!ReadAddress(given, 1, out gateway) || !ReadAddress(given, 2, out netmask))))
        {
            return given.Refusal;
        }

        Set(call, settings =>
        {
            settings.UsesDhcp = false;
            settings.StaticAddress = address;
            settings.StaticGateway = gateway;
            settings.StaticNetmask = netmask;
        });
        Module.Station.AddressChanged();
        return Outcome.Ok;
    }

    private static bool ReadAddress(Parameters given, int index, out IPAddress? address)
    {
        address = null;
        return given.Text(index, 15, out string text)
            && (NameCommands.TryParseAddress(text, out address) || given.Refuse(ErrorCode.Invalid(index)));
    }

    private Outcome SetMac(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Text(0, 17, out string mac))
        {
            return given.Refusal;
        }

        // The lowest bit of the first octet marks a group, which a station cannot be.
        string[] octets = mac.Split(':');
        if (octets.Length != 6
            || octets.Any(octet => octet.Length != 2 || !octet.All(char.IsAsciiHexDigit))
            || (Convert.ToByte(octets[0], 16) & 1) != 0)
        {
            return Outcome.Error(ErrorCode.Invalid(0));
        }

        Set(call, settings => settings.StationMac = mac.ToLowerInvariant());
        return Outcome.Ok;
    }

    private Outcome ListAddresses()
    {
        if ((Current.WiFiMode & 2) != 0)
        {
            string[] octets = Current.StationMac.Split(':');
            int first = Convert.ToByte(octets[0], 16) | 2;
            Respond.Answer($"+CIFSR:APIP,\"{SoftApAddress}\"\r\n");
            Respond.Answer(WireText.Format($"+CIFSR:APMAC,\"{first:x2}:{string.Join(':', octets[1..])}\"\r\n"));
        }

        if ((Current.WiFiMode & 1) != 0)
        {
            Respond.Answer($"+CIFSR:STAIP,\"{Module.Station.Address ?? IPAddress.Any}\"\r\n");
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

        bool station = isNonOs ? first != 0 : (second & 1) != 0;
        if (station)
        {
            Set(call, settings => settings.UsesDhcp = (isNonOs ? second : first) == 1);
        }

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
