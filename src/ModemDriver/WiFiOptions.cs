using System.Text;
using ModemDriver.Framing;

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
    /// A fixed address for this network. Default <see langword="null"/>: by DHCP, unless the module itself was set to a
    /// fixed address before this program. Needs <see cref="ModemFeature.StaticAddress"/>.
    /// </summary>
    public StaticAddress? StaticAddress { get; init; }

    /// <summary>
    /// How the module by itself tries to come back to a lost access point. Default <see langword="null"/>: as its
    /// firmware does. Needs <see cref="ModemFeature.WiFiReconnectPolicy"/>. The modem's own recovery works beside it.
    /// </summary>
    public WiFiReconnect? Reconnect { get; init; }

    /// <summary>
    /// How long a join may take. Above zero. Default 30 seconds; modules give up by themselves after 15.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The name only.</summary>
    public override string ToString() => $"WiFiOptions {{ Ssid = {Ssid} }}";

    internal void Validate()
    {
        CheckName(Ssid, nameof(Ssid));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            Encoding.UTF8.GetByteCount(Password ?? string.Empty), 64, nameof(Password));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        RefuseUnsendable(Password ?? string.Empty, nameof(Password));
        if (Bssid is not null)
        {
            HardwareAddressText.ThrowIfInvalid(Bssid, nameof(Bssid));
        }

        StaticAddress?.Validate();
        Reconnect?.Validate();
    }

    internal static void CheckName(string ssid, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(ssid, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(ssid), 32, name);
        RefuseUnsendable(ssid, name);
    }

    // Before anything is given up for the new network; the value itself is not quoted, it may be a password.
    internal static void RefuseUnsendable(string value, string name)
    {
        if (value.Any(char.IsControl))
        {
            throw new ArgumentException("It holds a control character, which cannot be sent.", name);
        }

        if (!CommandLineBuilder.IsUnicode(value))
        {
            throw new ArgumentException("It holds half of a surrogate pair, which cannot be sent.", name);
        }
    }
}

/// <summary>How a module by itself tries to come back to an access point that it has lost.</summary>
/// <param name="Interval">
/// The pause between attempts, 1 to 7200 whole seconds, both included; zero: it does not try.
/// </param>
/// <param name="Attempts">How often it tries, at most 1000; 0: without end.</param>
public sealed record WiFiReconnect(TimeSpan Interval, int Attempts = 0)
{
    /// <summary>The module does not try; the modem's own recovery does.</summary>
    public static WiFiReconnect Never { get; } = new(TimeSpan.Zero);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Interval, TimeSpan.FromSeconds(7200));
        ArgumentOutOfRangeException.ThrowIfNegative(Attempts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Attempts, 1000);
        if (Interval.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentException("The module counts in whole seconds.", nameof(Interval));
        }
    }
}
