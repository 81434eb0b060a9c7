using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulation.Faults;

/// <summary>Draws the faults of a run.</summary>
internal static class FaultDrawer
{
    /// <summary>The kind of an answer that is held back.</summary>
    public const string Late = "late answer";

    /// <summary>The kind of a prompt that does not come, though the module waits for payload.</summary>
    public const string LostPrompt = "lost prompt";

    /// <summary>The kind of an answer that never comes.</summary>
    public const string Missing = "missing answer";

    /// <summary>How long an answer is held back at most.</summary>
    public static readonly TimeSpan LongestLate = TimeSpan.FromSeconds(40);

    private static readonly string[] Prefixes = ["AT+CIP", "AT+CIPSEND", "AT+CIPSTART", "AT+CIPCLOSE", "AT", ">"];

    private static readonly string[] EspAtPrefixes =
        ["AT+CIPRECVDATA", "AT+CIPMUX", "AT+CIPMODE", "AT+CIPDOMAIN", "AT+CIPSTATUS", "AT+CWJAP"];

    private static readonly string[] CellularPrefixes =
        ["AT+CIPRXGET", "AT+CIPMUX", "AT+CDNSGIP", "AT+CIPSTATUS", "AT+CREG", "AT+CEREG", "AT+CIICR", "AT+CGATT", "AT+CIPSHUT"];

    private static readonly string[] Fetches = ["AT+CIPRECVDATA", "AT+CIPRXGET"];

    private static readonly string[] EspAtWords =
        ["a line of a log\r\r\n", "WIFI GOT IP\r\n", "+STA_CONNECTED:\"02:00:00:00:00:09\"\r\n", "\r\n", "I (1234) wifi: state\r\n"];

    private static readonly string[] CellularWords =
        ["\r\n+CREG: 1\r\n", "\r\nRING\r\n", "\r\n+CSQ: 20,99\r\n", "\r\n", "\r\n*PSNWID: \"460\",\"00\"\r\n"];

    /// <summary>What is spliced into answers, but for mere line ends.</summary>
    public static IEnumerable<string> Words => EspAtWords.Concat(CellularWords).Where(word => word.Length > 2);

    /// <summary>Draws faults.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="isCellular">What kind of module it is.</param>
    /// <param name="span">When they may begin.</param>
    public static IReadOnlyList<SimFault> Draw(Random random, bool isCellular, TimeSpan span)
    {
        int count = random.Next(6) switch { 0 => 0, 1 or 2 => 1, 3 => 2, 4 => random.Next(1, 5), _ => random.Next(2, 9) };
        var faults = new List<SimFault>(count);
        for (int i = 0; i < count; i++)
        {
            faults.Add(DrawOne(random, isCellular, TimeSpan.FromMilliseconds(random.Next((int)span.TotalMilliseconds))));
        }

        return faults;
    }

    /// <summary>Draws one fault.</summary>
    /// <param name="random">The source of chance.</param>
    /// <param name="isCellular">What kind of module it is.</param>
    /// <param name="at">When it begins.</param>
    public static SimFault DrawOne(Random random, bool isCellular, TimeSpan at) => random.Next(100) switch
    {
        < 45 => Wire(random, at, isCellular),
        < 60 => Noise(random, at),
        < 80 => OfModule(random, at),
        < 92 => OfNetwork(random, at, isCellular),
        _ => OfPeers(random, at),
    };

    private static SimFault Wire(Random random, TimeSpan at, bool isCellular)
    {
        string prefix = Prefix(random, isCellular);
        int number = random.Next(1, 8);
        return random.Next(11) switch
        {
            0 => New("split", at, Fault.SplitOutput(random.Next(1, 9))),
            1 => New("split", at, Fault.SplitOutputRandomly(random.Next(2, 40))),
            2 => New("delay", at, Fault.DelayOutput(random.Next(3000), TimeSpan.FromMilliseconds(random.Next(1, 5000)))),
            3 => New("busy storm", at, Fault.Busy(random.Next(1, 30), executes: false, random.Next(2) == 0 ? "" : prefix)),
            4 or 5 => New(Late, at, Fault.LateAnswer(prefix, number, TimeSpan.FromMilliseconds(random.Next(100, 40_000)))),
            6 or 7 => New(Missing, at, Fault.MissingAnswer(prefix, number)),
            8 => New("wrong answer", at, Fault.ReplacedAnswer(Refusable(random, isCellular), number, "\r\nERROR\r\n")),
            9 => New("splice", at, Fault.Splice(prefix, number, Inside(prefix, random.Next(40)), Word(random, isCellular))),
            _ => random.Next(4) switch
            {
                3 => New("busy and done", at, Fault.Busy(random.Next(1, 4), executes: true, Refusable(random, isCellular))),
                0 => New("send fail", at, Fault.SendFail(number, random.Next(2) == 0)),
                1 => New(LostPrompt, at, Fault.LostPrompt(number)),
                _ => New(Late, at, Fault.LateAnswer("AT", number, TimeSpan.FromMilliseconds(random.Next(900, 12_000)))),
            },
        };
    }

    // Never among the bytes of a payload: nobody could tell them apart. The header of the shortest is longer than this.
    private static int Inside(string prefix, int offset) =>
        Array.Exists(Fetches, fetch => fetch.StartsWith(prefix, StringComparison.Ordinal)) ? offset % 14 : offset;

    private static SimFault Noise(Random random, TimeSpan at)
    {
        WireDirection direction = random.Next(3) == 0 ? WireDirection.ToModule : WireDirection.ToHost;
        long offset = random.Next(random.Next(2) == 0 ? 300 : 12_000);
        (string kind, Fault fault) = random.Next(5) switch
        {
            0 => ("drop", Fault.DropByte(direction, offset)),
            1 => ("corrupt", Fault.CorruptByte(direction, offset, random.Next(2) == 0 ? (byte)0x80 : (byte)0x20)),
            2 => ("duplicate", Fault.DuplicateByte(direction, offset)),
            3 => ("insert", Fault.Insert(direction, offset, random.Next(2) == 0 ? "\u00ff\u0000\u00fe" : "~\r\n~")),
            _ => ("wrong length", Fault.WrongLength(random.Next(2) == 0 ? 1 : -1, random.Next(1, 12))),
        };
        return New(kind, at, fault) with { ChangesBytes = true };
    }

    private static SimFault OfModule(Random random, TimeSpan at)
    {
        TimeSpan time = TimeSpan.FromMilliseconds(random.Next(100, 30_000));
        int command = random.Next(1, 25);
        return random.Next(6) switch
        {
            0 => New("reset", at, Fault.ResetAt(command)) with { Disrupts = true },
            1 => New("unplug", at, Fault.UnplugAt(command)) with { Disrupts = true },
            2 => New("reset", at, WorldAct.Reset, TimeSpan.Zero),
            3 => New("brown-out", at, WorldAct.BrownOut, TimeSpan.Zero),
            4 => New("power cut", at, WorldAct.PowerCut, time),
            _ => New("unplug", at, WorldAct.Unplug, time),
        };
    }

    private static SimFault OfNetwork(Random random, TimeSpan at, bool isCellular)
    {
        TimeSpan time = TimeSpan.FromMilliseconds(random.Next(100, 60_000));
        return (isCellular ? random.Next(5) : 0) switch
        {
            0 => New(isCellular ? "cells lost" : "access point lost", at, WorldAct.NetworkLost, time),
            1 => New("registration denied", at, WorldAct.RegistrationDenied, time),
            2 => New("context deactivated", at, WorldAct.ContextsDeactivated, TimeSpan.Zero),
            3 => New("detached", at, WorldAct.Detached, TimeSpan.Zero),
            _ => New("card pulled", at, WorldAct.SimPulled, time),
        };
    }

    private static SimFault OfPeers(Random random, TimeSpan at)
    {
        TimeSpan time = TimeSpan.FromMilliseconds(random.Next(100, 40_000));
        return random.Next(4) switch
        {
            0 => New("peer reset", at, WorldAct.PeersReset, TimeSpan.Zero),
            1 => New("peer half-open", at, WorldAct.PeersStall, time) with { Disrupts = false },
            2 => New("peer refuses", at, WorldAct.PeersRefuse, time) with { Disrupts = false },
            _ => New("peer silent", at, WorldAct.PeersSilent, time) with { Disrupts = false },
        };
    }

    private static SimFault New(string kind, TimeSpan at, Fault fault) => new(kind, at) { Wire = fault };

    private static SimFault New(string kind, TimeSpan at, WorldAct act, TimeSpan time) =>
        new(kind, at) { Act = act, For = time, Disrupts = true };

    private static string Prefix(Random random, bool isCellular) =>
        random.Next(2) == 0 ? Pick(random, Prefixes) : Pick(random, isCellular ? CellularPrefixes : EspAtPrefixes);

    // Not of a send: a module that says ERROR, and waits for the payload all the same, takes the next command for it. Nor
    // of a fetch: ERROR is also the word for "nothing waits". Nothing on the wire would tell either.
    private static string Refusable(Random random, bool isCellular) => Pick<string>(random, isCellular
        ? [.. CellularPrefixes[1..], "AT+CIPCLOSE", "AT+CIPSTART", ">"]
        : [.. EspAtPrefixes[1..], "AT+CIPCLOSE", "AT+CIPSTART", ">"]);

    private static string Word(Random random, bool isCellular) => Pick(random, isCellular ? CellularWords : EspAtWords);

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
