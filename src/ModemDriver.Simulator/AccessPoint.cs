using System.Text;

namespace ModemDriver.Simulator;

/// <summary>A wireless network that the module can see.</summary>
public sealed record AccessPoint
{
    /// <summary>Its name: 0 to 32 bytes, one character each (Latin-1). Any byte may occur; <see cref="ToSsid"/> makes one
    /// of text that is not Latin-1.</summary>
    public required string Ssid { get; init; }

    /// <summary>Whether it keeps its name to itself: a scan shows an empty one, unless it asks for this very name.
    /// Default: false.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What a station must know; empty for an open network. Default: empty.</summary>
    public string Password { get; init; } = "";

    /// <summary>Its MAC address, six pairs of lower-case digits with colons. Default: 02:00:00:00:00:01.</summary>
    public string Bssid { get; init; } = "02:00:00:00:00:01";

    /// <summary>Its channel, 1 to 14. A module hears what its country has, 1 to 13 at first. Default: 6.</summary>
    public int Channel { get; init; } = 6;

    /// <summary>Its strength at the module, in dBm, until <see cref="SignalScript"/> says another. Default: -48.</summary>
    public int RssiDbm { get; init; } = -48;

    /// <summary>How its strength changes while time passes, in the order of time. Default: empty, never.</summary>
    public IReadOnlyList<SignalStep> SignalScript { get; init; } = [];

    /// <summary>How it is protected. Default: WPA2.</summary>
    public WiFiSecurity Security { get; init; } = WiFiSecurity.Wpa2;

    /// <summary>Whether it offers WPS. Default: false.</summary>
    public bool OffersWps { get; init; }

    /// <summary>What it does with a station that knows the password. Default: lets it in.</summary>
    public AccessPointBehaviour Behaviour { get; init; }

    /// <summary>Makes a name of any text: its UTF-8 bytes, one character each, as <see cref="Ssid"/> has them.</summary>
    /// <param name="text">At most 32 bytes of UTF-8.</param>
    public static string ToSsid(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>What the module hears of it; <see langword="null"/> when it is out of range.</summary>
    /// <param name="elapsed">Since the module was made.</param>
    internal AccessPoint? At(TimeSpan elapsed)
    {
        SignalStep? step = SignalScript.LastOrDefault(known => known.At <= elapsed);
        return step switch
        {
            null => this,
            { Dbm: int dbm } => this with { RssiDbm = dbm },
            _ => null,
        };
    }
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

    /// <summary>WPA2 with a name and a password for each user, or a certificate.</summary>
    Wpa2Enterprise = 5,

    /// <summary>WPA3.</summary>
    Wpa3 = 6,

    /// <summary>WPA2 and WPA3.</summary>
    Wpa2Wpa3 = 7,

    /// <summary>WAPI.</summary>
    Wapi = 8,

    /// <summary>OWE: encrypted, without a password.</summary>
    Owe = 9,
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

    /// <summary>Lets it in and drops it, again and again.</summary>
    Wavering,
}
