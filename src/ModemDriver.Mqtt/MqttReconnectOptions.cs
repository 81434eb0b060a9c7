namespace ModemDriver.Mqtt;

/// <summary>
/// The pauses between attempts to connect: they double from the first to the longest. While the modem is not online nothing
/// is tried, and when it comes back an attempt follows at once. Immutable; vary it with <c>with</c>.
/// </summary>
public sealed record MqttReconnectOptions
{
    /// <summary>The pause after the first failed attempt. Above zero. Default 1 second.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause; not below <see cref="FirstDelay"/>. Default 2 minutes.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether pauses vary at random, so that many clients of one broker do not come back in step. Default true.
    /// </summary>
    public bool UseJitter { get; init; } = true;

    /// <summary>
    /// How long a connection must have lasted so that the next attempt comes without a pause. Above zero. Default 30
    /// seconds.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Throws at the first mistake.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LongestDelay, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StableAfter, TimeSpan.Zero);
    }
}
