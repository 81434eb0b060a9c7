using ModemDriver.Dialects;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.Luat;
using ModemDriver.Framing;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// The framer: the same frames in every split; every byte of the input in exactly one frame, none lost; no exception; it gets
/// on with every call. Also when what it has begun is given up at any point.
/// </summary>
/// <remarks>
/// Input: a digit that chooses headers, a letter whose bits choose the modes, a number of bytes up to a line feed that say where
/// it is cut, then what the module sends.
/// </remarks>
internal static class FramerTarget
{
    private const int TakesPrompt = 1;
    private const int LeavesPrompt = 2;
    private const int ShortLines = 4;
    private const int GivesUp = 8;

    private static readonly byte[][] Unended = [.. FirmwareSamples.Luat("AirM2M_780E_V1169_LTE_AT").Rules.UnendedLines.Select(AtBytes)];

    private static readonly Setup[] Setups =
    [
        new(DialectCatalog.PushedWhileUnknown, null, []),
        EspAt("AT version:1.7.4.0(May 11 2020 19:13:04)", ConnectionMode.Multiple),
        EspAt("AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)", ConnectionMode.Single),
        EspAt("AT version:3.2.0.0(s-ec4f9a2 - ESP32 - Apr 10 2024 05:40:12)", ConnectionMode.Multiple, showsSenders: true),
        new(LuatReceiving.Pushed(ConnectionMode.Multiple), new LuatReceiving().Fetched(ConnectionMode.Multiple), Unended),
        new(LuatReceiving.Pushed(ConnectionMode.Single), new LuatReceiving().Fetched(ConnectionMode.Single), Unended),
        new([], null, []),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        Setup setup = Setups[choices.Byte() % Setups.Length];
        int modes = choices.Byte();
        ReadOnlySpan<byte> cuts = choices.Until((byte)'\n');
        ReadOnlySpan<byte> wire = choices.Rest;
        if ((modes & GivesUp) != 0)
        {
            new FramerRun(NewFramer(setup, modes), (modes & LeavesPrompt) != 0).FeedAndGiveUp(wire, cuts);
            return;
        }

        FramerRun whole = Feed(setup, modes, wire, []);
        FramerRun single = Feed(setup, modes, wire, [0]);
        FramerRun pieces = Feed(setup, modes, wire, cuts);
        Promise.Holds(whole.IsSame(single), $"byte by byte: {single}; whole: {whole}");
        Promise.Holds(whole.IsSame(pieces), $"in pieces: {pieces}; whole: {whole}");
    }

    private static FramerRun Feed(Setup setup, int modes, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> cuts)
    {
        var run = new FramerRun(NewFramer(setup, modes), (modes & LeavesPrompt) != 0);
        run.Feed(wire, cuts);
        return run;
    }

    private static AtFramer NewFramer(Setup setup, int modes)
    {
        var framer = new AtFramer((modes & ShortLines) != 0 ? PayloadHeader.MaxLength : AtFramer.DefaultMaxLine)
        {
            Mode = (modes & TakesPrompt) != 0 ? FramerMode.LinesWithPrompt : FramerMode.Lines,
        };
        framer.SetPushedHeaders(setup.Pushed);
        framer.SetFetchedHeader(setup.Fetched);
        framer.SetUnendedLines(setup.Unended);
        return framer;
    }

    private static Setup EspAt(string version, ConnectionMode mode, bool showsSenders = false)
    {
        EspAtFirmware firmware = EspAtFirmware.Read([version])!; // it is one
        var receiving = new EspAtReceiving(firmware) { ShowsSenders = showsSenders };
        return new(new EspAtLinkCommands(firmware).PushedHeaders(mode), receiving.Fetched, []);
    }

    private static byte[] AtBytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private sealed record Setup(PayloadHeader[] Pushed, PayloadHeader? Fetched, byte[][] Unended);
}
