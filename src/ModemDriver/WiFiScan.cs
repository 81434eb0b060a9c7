namespace ModemDriver;

/// <summary>What to look for in a scan. Immutable; vary it with <c>with</c>.</summary>
public sealed record WiFiScanRequest
{
    /// <summary>
    /// Only access points of this name, 1 to 32 bytes in UTF-8. A hidden one answers only when it is asked for by name.
    /// Default <see langword="null"/>: all.
    /// </summary>
    public string? Ssid { get; init; }

    /// <summary>Only this one, as <c>aa:bb:cc:dd:ee:ff</c>. Default <see langword="null"/>: all.</summary>
    public string? Bssid { get; init; }

    /// <summary>Only those on this channel, 1 to 14, both included. Default <see langword="null"/>: all.</summary>
    public int? Channel { get; init; }

    /// <summary>
    /// Only those that are at least so strong, in dBm, -120 to 0, both included. Default <see langword="null"/>: all.
    /// </summary>
    public int? WeakestRssiDbm { get; init; }

    /// <summary>How long a scan may take. Above zero. Default 10 seconds; modules need up to 5.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        if (Ssid is not null)
        {
            WiFiOptions.CheckName(Ssid, nameof(Ssid));
        }

        if (Bssid is not null)
        {
            HardwareAddressText.ThrowIfInvalid(Bssid, nameof(Bssid));
        }

        if (Channel is { } channel)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(channel, 1, nameof(Channel));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(channel, 14, nameof(Channel));
        }

        if (WeakestRssiDbm is { } weakest)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(weakest, -120, nameof(WeakestRssiDbm));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(weakest, 0, nameof(WeakestRssiDbm));
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
    }

    internal bool Admits(ScannedAccessPoint found) =>
        (Ssid is null || found.Ssid == Ssid)
        && (Bssid is null || string.Equals(found.Bssid, Bssid, StringComparison.OrdinalIgnoreCase))
        && (Channel is null || found.Channel == Channel)
        && (WeakestRssiDbm is not { } weakest || found.RssiDbm >= weakest);
}

/// <summary>An access point that was heard.</summary>
/// <param name="SsidBytes">
/// Its name as it came from the air: at most 32 bytes of any value, empty where it hides its name. An empty line within
/// is lost on the way.
/// </param>
/// <param name="Bssid">Its hardware address, as <c>aa:bb:cc:dd:ee:ff</c>.</param>
/// <param name="Channel">Its radio channel; <see langword="null"/> if the module did not say.</param>
/// <param name="RssiDbm">How strong it is received, in dBm.</param>
/// <param name="Security">How it is protected.</param>
public sealed record ScannedAccessPoint(
    ReadOnlyMemory<byte> SsidBytes, string Bssid, int? Channel, int RssiDbm, AccessPointSecurity Security)
{
    /// <summary>
    /// Its name, read as UTF-8. It is a stranger's text: it may hold control characters and whatever else.
    /// </summary>
    public string Ssid { get; } = System.Text.Encoding.UTF8.GetString(SsidBytes.Span);

    /// <summary>Whether it hides its name: none is given, or one of zeros.</summary>
    public bool IsHidden => !SsidBytes.Span.ContainsAnyExcept((byte)0);
}

/// <summary>How an access point is protected.</summary>
public enum AccessPointSecurity
{
    /// <summary>In a way that we do not know.</summary>
    Unknown,

    /// <summary>Not at all.</summary>
    Open,

    /// <summary>WEP, which protects nothing any more.</summary>
    Wep,

    /// <summary>WPA with a password.</summary>
    Wpa,

    /// <summary>WPA2 with a password.</summary>
    Wpa2,

    /// <summary>WPA or WPA2 with a password.</summary>
    WpaWpa2,

    /// <summary>WPA2 with an account for each user.</summary>
    Wpa2Enterprise,

    /// <summary>WPA3 with a password.</summary>
    Wpa3,

    /// <summary>WPA2 or WPA3 with a password.</summary>
    Wpa2Wpa3,

    /// <summary>WAPI.</summary>
    Wapi,

    /// <summary>Encrypted, without a password (OWE).</summary>
    Owe,
}
