namespace ModemDriver.Simulator;

/// <summary>A wireless network that the module can see.</summary>
public sealed record AccessPoint
{
    /// <summary>Its name: 0 to 32 bytes, one character each (Latin-1); empty is a hidden network. Any byte may occur.
    /// </summary>
    public required string Ssid { get; init; }

    /// <summary>What a station must know; empty for an open network. Default: empty.</summary>
    public string Password { get; init; } = "";

    /// <summary>Its MAC address, six pairs of lower-case digits with colons. Default: 02:00:00:00:00:01.</summary>
    public string Bssid { get; init; } = "02:00:00:00:00:01";

    /// <summary>Its channel, 1 to 14. Default: 6.</summary>
    public int Channel { get; init; } = 6;

    /// <summary>Its strength at the module, in dBm. Default: -48.</summary>
    public int RssiDbm { get; init; } = -48;

    /// <summary>How it is protected. Default: WPA2.</summary>
    public WiFiSecurity Security { get; init; } = WiFiSecurity.Wpa2;

    /// <summary>Whether it offers WPS. Default: false.</summary>
    public bool OffersWps { get; init; }

    /// <summary>What it does with a station that knows the password. Default: lets it in.</summary>
    public AccessPointBehaviour Behaviour { get; init; }
}

/// <summary>How a wireless network is protected.</summary>
public enum WiFiSecurity
{
    /// <summary>Not at all.</summary>
    Open = 0,

    /// <summary>WEP.</summary>
    Wep = 1,

    /// <summary>WPA.</summary>
    Wpa = 2,

    /// <summary>WPA2.</summary>
    Wpa2 = 3,

    /// <summary>WPA and WPA2.</summary>
    WpaWpa2 = 4,

    /// <summary>WPA3.</summary>
    Wpa3 = 6,

    /// <summary>WPA2 and WPA3.</summary>
    Wpa2Wpa3 = 7,
}

/// <summary>What an access point does with a station that knows its password.</summary>
public enum AccessPointBehaviour
{
    /// <summary>Lets it in and gives it an address.</summary>
    Normal,

    /// <summary>Does not answer at all.</summary>
    Silent,

    /// <summary>Turns it away.</summary>
    Refusing,

    /// <summary>Lets it in, but gives it no address.</summary>
    WithoutDhcp,
}
