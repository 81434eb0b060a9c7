namespace ModemDriver.Simulator;

/// <summary>How long a cellular module and its network take.</summary>
public sealed record CellularTimings
{
    /// <summary>Nothing takes time, though everything still happens in its order.</summary>
    public static CellularTimings Instant { get; } = new()
    {
        Boot = TimeSpan.Zero,
        SimReady = TimeSpan.Zero,
        Register = TimeSpan.Zero,
        Command = TimeSpan.Zero,
        Activate = TimeSpan.Zero,
        Connect = TimeSpan.Zero,
        SendVerdict = TimeSpan.Zero,
        Shut = TimeSpan.Zero,
        OperatorScan = TimeSpan.Zero,
        ContextHold = TimeSpan.Zero,
        MessageSend = TimeSpan.Zero,
        Ussd = TimeSpan.Zero,
        CallAnswer = TimeSpan.Zero,
        Locate = TimeSpan.Zero,
    };

    /// <summary>What modules on a desk under a good cell take.</summary>
    public static CellularTimings Typical { get; } = new();

    /// <summary>From the reset to the first line. Typical: 1 s.</summary>
    public TimeSpan Boot { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From there, or from a card that is put in, until the card answers. Typical: 0.8 s.</summary>
    public TimeSpan SimReady { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>From a card that is ready to the registration. Typical: 2 s.</summary>
    public TimeSpan Register { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the end of a command line to its execution. Typical: 10 ms.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Bringing a packet data context up. Typical: 0.5 s.</summary>
    public TimeSpan Activate { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A connect, on top of what the network takes. Typical: 0.11 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromMilliseconds(110);

    /// <summary>From the last payload byte to the verdict on it. Typical: 20 ms.</summary>
    public TimeSpan SendVerdict { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Taking everything down that has to do with packet data. Typical: 0.5 s.</summary>
    public TimeSpan Shut { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A search for all operators. Typical: 90 s.</summary>
    public TimeSpan OperatorScan { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long contexts outlive the loss of coverage. Typical: 30 s.</summary>
    public TimeSpan ContextHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the end of a message to the centre's word on it. Typical: 1.5 s.</summary>
    public TimeSpan MessageSend { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>From a USSD request to the network's answer. Typical: 2 s.</summary>
    public TimeSpan Ussd { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From the start of a call to a number outside until it is answered there. Typical: 4 s.</summary>
    public TimeSpan CallAnswer { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>From the question for the place until the server's answer. Typical: 2 s.</summary>
    public TimeSpan Locate { get; init; } = TimeSpan.FromSeconds(2);
}
