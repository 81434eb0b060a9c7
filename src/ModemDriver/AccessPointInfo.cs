using System.Net;

namespace ModemDriver;

/// <summary>The access point that the module has joined.</summary>
/// <param name="Ssid">Its name.</param>
/// <param name="Bssid">Its hardware address; <see langword="null"/> if the module did not say.</param>
/// <param name="Channel">Its radio channel; <see langword="null"/> if the module did not say.</param>
/// <param name="RssiDbm">How strong it is received, in dBm; <see langword="null"/> if the module did not say.</param>
public sealed record AccessPointInfo(string Ssid, string? Bssid, int? Channel, int? RssiDbm);

/// <summary>The addresses of the module.</summary>
/// <param name="Address">Its IP address; <see langword="null"/> while it has none.</param>
/// <param name="HardwareAddress">Its MAC address; <see langword="null"/> if the module did not say.</param>
public sealed record ModuleAddresses(IPAddress? Address, string? HardwareAddress);

/// <summary>How the station is set into its network.</summary>
/// <param name="Address">Its address; <see langword="null"/> while it has none.</param>
/// <param name="Gateway">The router; <see langword="null"/> while there is none.</param>
/// <param name="Netmask">The mask of the network; <see langword="null"/> while there is none.</param>
/// <param name="UsesDhcp">
/// Whether the address is asked for by DHCP; <see langword="null"/> if the module did not say.
/// </param>
public sealed record IPConfiguration(IPAddress? Address, IPAddress? Gateway, IPAddress? Netmask, bool? UsesDhcp);

/// <summary>How far a station is on its way into a network.</summary>
public enum WiFiState
{
    /// <summary>The module has said something that we do not know.</summary>
    Unknown,

    /// <summary>It is in no network.</summary>
    NotJoined,

    /// <summary>It is trying to join, or to come back.</summary>
    Joining,

    /// <summary>It has joined, and has no address yet.</summary>
    WithoutAddress,

    /// <summary>It has joined and has an address.</summary>
    Joined,
}

/// <summary>The country, whose rules the radio keeps.</summary>
/// <param name="Code">Two capital letters, as <c>DE</c> (ISO 3166-1); 01 is the whole world.</param>
/// <param name="FirstChannel">The lowest channel, 1 to 14, both included.</param>
/// <param name="ChannelCount">How many channels from there on, 1 to 14, both included.</param>
/// <param name="FollowsAccessPoint">
/// Whether the country that an access point announces is taken over while it is joined. Default true.
/// </param>
public sealed record WiFiCountry(string Code, int FirstChannel, int ChannelCount, bool FollowsAccessPoint = true)
{
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Code);
        if (Code.Length != 2 || !Code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
        {
            throw new ArgumentException("A country has two capital letters, such as DE.", nameof(Code));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(FirstChannel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChannelCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FirstChannel + ChannelCount - 1, 14, nameof(ChannelCount));
    }
}

/// <summary>Whether the radio rests between the beacons of its access point.</summary>
/// <remarks>
/// Light sleep, in which the whole module rests, is not offered: the first bytes that are then sent to it are lost.
/// </remarks>
public enum WiFiPowerSave
{
    /// <summary>It never rests.</summary>
    Off,

    /// <summary>The radio rests; the module goes on.</summary>
    ModemSleep,
}
