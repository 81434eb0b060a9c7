namespace ModemDriver;

/// <summary>An access point to join, and how.</summary>
/// <param name="Ssid">Its name, 1 to 32 bytes in UTF-8, without control characters.</param>
/// <param name="Password">
/// Its password, at most 64 bytes in UTF-8; <see langword="null"/> for an open one. It is in no log and no exception.
/// </param>
public sealed record WiFiOptions(string Ssid, string? Password)
{
    /// <summary>
    /// The hardware address of one access point among several of the same name, as <c>aa:bb:cc:dd:ee:ff</c>. Default
    /// <see langword="null"/>: the module chooses.
    /// </summary>
    public string? Bssid { get; init; }

    /// <summary>
    /// How long a join may take. Above zero. Default 30 seconds; modules give up by themselves after 15.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The name only.</summary>
    public override string ToString() => $"WiFiOptions {{ Ssid = {Ssid} }}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Ssid);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(System.Text.Encoding.UTF8.GetByteCount(Ssid), 32, nameof(Ssid));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            System.Text.Encoding.UTF8.GetByteCount(Password ?? string.Empty), 64, nameof(Password));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        RefuseControl(Ssid, nameof(Ssid));
        RefuseControl(Password ?? string.Empty, nameof(Password));
        RefuseControl(Bssid ?? string.Empty, nameof(Bssid));
    }

    // Before anything is given up for the new network; the value itself is not quoted, it may be a password.
    private static void RefuseControl(string value, string name)
    {
        if (value.Any(char.IsControl))
        {
            throw new ArgumentException("It holds a control character, which cannot be sent.", name);
        }
    }
}

/// <summary>The access point that the module has joined.</summary>
/// <param name="Ssid">Its name.</param>
/// <param name="Bssid">Its hardware address; <see langword="null"/> if the module did not say.</param>
/// <param name="Channel">Its radio channel; <see langword="null"/> if the module did not say.</param>
/// <param name="RssiDbm">How strong it is received, in dBm; <see langword="null"/> if the module did not say.</param>
public sealed record AccessPointInfo(string Ssid, string? Bssid, int? Channel, int? RssiDbm);

/// <summary>The addresses of the module.</summary>
/// <param name="Address">Its IP address; <see langword="null"/> while it has none.</param>
/// <param name="HardwareAddress">Its MAC address; <see langword="null"/> if the module did not say.</param>
public sealed record ModuleAddresses(System.Net.IPAddress? Address, string? HardwareAddress);
