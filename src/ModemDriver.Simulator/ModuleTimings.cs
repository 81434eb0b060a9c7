namespace ModemDriver.Simulator;

/// <summary>How long the module and the air take. Deadlines of the network are not here: see
/// <see cref="SimulatedNetwork"/>.</summary>
public sealed record ModuleTimings
{
    /// <summary>Nothing takes time, though everything still happens in its order.</summary>
    public static ModuleTimings Instant { get; } = new()
    {
        Boot = TimeSpan.Zero,
        AutoJoin = TimeSpan.Zero,
        Associate = TimeSpan.Zero,
        ObtainAddress = TimeSpan.Zero,
        JoinFailure = TimeSpan.Zero,
        Scan = TimeSpan.Zero,
        SendVerdict = TimeSpan.Zero,
        TimeSync = TimeSpan.Zero,
        Cellular = CellularTimings.Instant,
    };

    /// <summary>What modules on a desk beside their access point take.</summary>
    public static ModuleTimings Typical { get; } = new();

    /// <summary>From the reset to <c>ready</c>. Typical: 0.4 s.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>From <c>ready</c> to the start of the stored join. Typical: 1 s.</summary>
    public TimeSpan AutoJoin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From the start of a join to the association with the access point. Typical: 0.7 s.</summary>
    public TimeSpan Associate { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>From the association to the address. Typical: 0.9 s.</summary>
    public TimeSpan ObtainAddress { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>From the start of a join to its failure, where the access point is absent or refuses. Typical: 3 s.
    /// </summary>
    public TimeSpan JoinFailure { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>An active scan of all channels; of one channel it takes a thirteenth, a passive one thrice as long.
    /// Typical: 2 s.</summary>
    public TimeSpan Scan { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the last payload byte to the verdict on it, on top of what the network takes. Typical: 5 ms.
    /// </summary>
    public TimeSpan SendVerdict { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>From the question to a time server to its answer. Typical: 0.5 s.</summary>
    public TimeSpan TimeSync { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What cellular modules take, of which nothing above speaks. Typical:
    /// <see cref="CellularTimings.Typical"/>.</summary>
    public CellularTimings Cellular { get; init; } = CellularTimings.Typical;
}
