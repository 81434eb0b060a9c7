namespace ModemDriver;

/// <summary>From where the module fetches the time, and for which clock. Immutable; vary it with <c>with</c>.</summary>
public sealed record NetworkTimeOptions
{
    /// <summary>
    /// One to three time servers, by name or address. Default: <c>pool.ntp.org</c>.
    /// </summary>
    public IReadOnlyList<string> Servers { get; init; } = ["pool.ntp.org"];

    /// <summary>
    /// What the module's clock is ahead of UTC: -12 to 14 hours, both included; older firmware takes whole hours only.
    /// Default zero.
    /// </summary>
    public TimeSpan UtcOffset { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Servers);
        if (Servers.Count is < 1 or > 3)
        {
            throw new ArgumentException("There must be one to three time servers.", nameof(Servers));
        }

        foreach (var server in Servers)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(server, nameof(Servers));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(server.Length, 64, nameof(Servers));
            WiFiOptions.RefuseUnsendable(server, nameof(Servers));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(UtcOffset, TimeSpan.FromHours(-12));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(UtcOffset, TimeSpan.FromHours(14));
        if (UtcOffset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            throw new ArgumentException("An offset has whole minutes.", nameof(UtcOffset));
        }
    }
}
