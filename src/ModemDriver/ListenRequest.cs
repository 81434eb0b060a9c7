namespace ModemDriver;

/// <summary>Where the module is to listen, and how.</summary>
/// <param name="Port">The TCP port, 1 to 65535, both included.</param>
public sealed record ListenRequest(int Port)
{
    /// <summary>
    /// How many accepted links there may be at a time, 1 to the module's number of links (5), both included. Default 5.
    /// What comes beyond it is closed by the module. Links that you open yourself need numbers too.
    /// </summary>
    public int MaxLinks { get; init; } = 5;

    /// <summary>
    /// After how much silence of the peer the module closes an accepted link: whole seconds up to 7200;
    /// <see cref="TimeSpan.Zero"/> for never. Default <see langword="null"/>: as the module has it, which is 180 s after
    /// its start.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLinks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLinks, 5);
        if (IdleTimeout is { } idle)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(idle, TimeSpan.Zero, nameof(IdleTimeout));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(idle, TimeSpan.FromSeconds(7200), nameof(IdleTimeout));
            if (idle.Ticks % TimeSpan.TicksPerSecond != 0)
            {
                throw new ArgumentException("The module counts whole seconds.", nameof(IdleTimeout));
            }
        }
    }
}
