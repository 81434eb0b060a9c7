using System.Net;
using System.Text;

namespace ModemDriver;

/// <summary>The access point that the module is to be for others.</summary>
/// <param name="Ssid">Its name, 1 to 32 bytes in UTF-8, without control characters.</param>
/// <param name="Password">
/// Its password, 8 to 63 bytes in UTF-8; <see langword="null"/> for an open one. It is in no log and no exception.
/// </param>
public sealed record SoftApOptions(string Ssid, string? Password)
{
    /// <summary>
    /// How it is protected when there is a password: <see cref="AccessPointSecurity.Wpa"/>,
    /// <see cref="AccessPointSecurity.Wpa2"/> or <see cref="AccessPointSecurity.WpaWpa2"/>. Default
    /// <see cref="AccessPointSecurity.Wpa2"/>.
    /// </summary>
    public AccessPointSecurity Security { get; init; } = AccessPointSecurity.Wpa2;

    /// <summary>
    /// Its channel, 1 to 14, both included. Default 1. A station that has joined a network keeps the radio on that
    /// network's channel, and this access point with it.
    /// </summary>
    public int Channel { get; init; } = 1;

    /// <summary>How many stations may join, 1 to 8, both included. Default 4.</summary>
    public int MaxStations { get; init; } = 4;

    /// <summary>Whether it hides its name. Default false.</summary>
    public bool IsHidden { get; init; }

    /// <summary>
    /// Its own address, from whose network its DHCP server gives others away. Default <see langword="null"/>: as the
    /// module has it.
    /// </summary>
    public StaticAddress? Address { get; init; }

    /// <summary>The name only.</summary>
    public override string ToString() => $"SoftApOptions {{ Ssid = {Ssid} }}";

    internal void Validate()
    {
        WiFiOptions.CheckName(Ssid, nameof(Ssid));
        if (Password is not null)
        {
            WiFiOptions.RefuseUnsendable(Password, nameof(Password));
            var length = Encoding.UTF8.GetByteCount(Password);
            if (length is < 8 or > 63)
            {
                throw new ArgumentException("A password has 8 to 63 bytes.", nameof(Password));
            }
        }

        if (Security is not (AccessPointSecurity.Wpa or AccessPointSecurity.Wpa2 or AccessPointSecurity.WpaWpa2))
        {
            throw new ArgumentException("It must be Wpa, Wpa2 or WpaWpa2.", nameof(Security));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Channel, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Channel, 14);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxStations, 8);
        Address?.Validate();
    }
}

/// <summary>The access point that the module is for others.</summary>
/// <param name="Ssid">Its name.</param>
/// <param name="Security">How it is protected.</param>
/// <param name="Channel">Its channel; <see langword="null"/> if the module did not say.</param>
/// <param name="MaxStations">How many may join; <see langword="null"/> if the module did not say.</param>
/// <param name="IsHidden">Whether it hides its name; <see langword="null"/> if the module did not say.</param>
/// <param name="Address">Its address; <see langword="null"/> if the module did not say.</param>
/// <param name="HardwareAddress">Its MAC address; <see langword="null"/> if the module did not say.</param>
public sealed record SoftApInfo(
    string Ssid,
    AccessPointSecurity Security,
    int? Channel,
    int? MaxStations,
    bool? IsHidden,
    IPAddress? Address,
    string? HardwareAddress);

/// <summary>A station that has joined the module's own access point.</summary>
/// <param name="HardwareAddress">Its MAC address, as <c>aa:bb:cc:dd:ee:ff</c>.</param>
/// <param name="Address">The address that it was given; <see langword="null"/> while it has none.</param>
public sealed record SoftApStation(string HardwareAddress, IPAddress? Address);
