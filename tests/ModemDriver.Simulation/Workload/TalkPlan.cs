namespace ModemDriver.Simulation.Workload;

/// <summary>How a talk over a link ends.</summary>
internal enum TalkEnd
{
    /// <summary>The user disposes the Stream when all is sent and read.</summary>
    UserCloses,

    /// <summary>The peer closes when it has sent all and heard all.</summary>
    PeerCloses,

    /// <summary>The peer closes when it has sent all, though the user may be writing.</summary>
    PeerClosesEarly,

    /// <summary>The peer resets in the midst of it.</summary>
    PeerResets,

    /// <summary>The user disposes the Stream in the midst of it.</summary>
    UserLeaves,

    /// <summary>The peer says far more than the user reads; the user disposes the Stream after a while.</summary>
    Flood,

    /// <summary>The peer reads nothing, and sends nothing; the user disposes the Stream after a while.</summary>
    HalfOpen,
}

/// <summary>What is said on a link, how fast, and how it ends.</summary>
internal sealed record TalkPlan
{
    /// <summary>How it ends.</summary>
    public TalkEnd End { get; init; }

    /// <summary>Bytes from the user to the peer.</summary>
    public int UpBytes { get; init; }

    /// <summary>Bytes from the peer to the user.</summary>
    public int DownBytes { get; init; }

    /// <summary>Bytes of one write of the user.</summary>
    public int UpPiece { get; init; }

    /// <summary>Bytes of one write of the peer.</summary>
    public int DownPiece { get; init; }

    /// <summary>Bytes of one read of the user.</summary>
    public int ReadPiece { get; init; }

    /// <summary>Between writes of the user.</summary>
    public TimeSpan UpPause { get; init; }

    /// <summary>Between writes of the peer.</summary>
    public TimeSpan DownPause { get; init; }

    /// <summary>Between reads of the user.</summary>
    public TimeSpan ReadPause { get; init; }

    /// <summary>When the user leaves, or a peer resets.</summary>
    public TimeSpan Life { get; init; }

    /// <summary>One of so many calls is cancelled; 0 for none.</summary>
    public int CancelOneOf { get; init; }

    /// <summary>Whether the payload holds words of the wire.</summary>
    public bool HasTraps { get; init; }

    /// <summary>Draws one.</summary>
    public static TalkPlan Draw(Random random)
    {
        TalkPlan plan = DrawAny(random);

        if (plan.End == TalkEnd.Flood)
        {
            return plan with
            {
                DownBytes = 400_000, DownPiece = 6_000, DownPause = TimeSpan.Zero, UpBytes = Math.Min(plan.UpBytes, 2_000),
                ReadPiece = 100, ReadPause = TimeSpan.FromMilliseconds(300),
            };
        }

        // More than the window holds would keep the module in its send for as long as the peer does not read.
        return plan.End == TalkEnd.HalfOpen ? plan with { UpBytes = Math.Min(plan.UpBytes, 8_000) } : plan;
    }

    private static TalkPlan DrawAny(Random random) => new()
    {
        End = random.Next(13) switch
        {
            < 4 => TalkEnd.UserCloses,
            < 7 => TalkEnd.PeerCloses,
            7 => TalkEnd.PeerClosesEarly,
            8 => TalkEnd.PeerResets,
            < 11 => TalkEnd.UserLeaves,
            11 => TalkEnd.Flood,
            _ => TalkEnd.HalfOpen,
        },
        UpBytes = Size(random),
        DownBytes = Size(random),
        UpPiece = random.Next(1, 4000),
        DownPiece = random.Next(1, 6000),
        ReadPiece = random.Next(1, 5000),
        UpPause = Pause(random),
        DownPause = Pause(random),
        ReadPause = Pause(random),
        Life = TimeSpan.FromMilliseconds(random.Next(1, 8000)),
        CancelOneOf = random.Next(3) == 0 ? random.Next(2, 8) : 0,
        HasTraps = random.Next(3) == 0,
    };

    // A piece of one byte and much to say would be nothing but commands.
    private static int Size(Random random) => random.Next(8) switch
    {
        0 => 0,
        < 4 => random.Next(1, 300),
        < 7 => random.Next(300, 6_000),
        _ => random.Next(6_000, 40_000),
    };

    private static TimeSpan Pause(Random random) =>
        random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 400)) : TimeSpan.Zero;
}
