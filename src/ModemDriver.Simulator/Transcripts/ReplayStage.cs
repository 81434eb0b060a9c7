using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Personalities;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Transcripts;

/// <summary>The module of a replay and what surrounds it, and the vocabulary of <c>! </c> lines.</summary>
/// <remarks>The vocabulary is described in <c>docs/transcripts.md</c>; a test compares them.</remarks>
internal sealed class ReplayStage : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly PumpScheduler _pump = new();
    private readonly VirtualClock _clock = new();
    private readonly InMemoryNetwork _network;
    private readonly ReplayPeers _peers;
    private readonly Dictionary<string, string> _switches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Action<string[], string>> _verbs;
    private readonly ByteQueue _output = new();
    private SimulatedWorld _world = new();
    private bool _hasOwnWorld;
    private SimulatorOptions _options;
    private ModemSimulator? _module;
    private HostConnection? _host;

    internal ReplayStage()
    {
        _network = new InMemoryNetwork { Scheduler = _pump };
        _peers = new ReplayPeers(_network, ModuleAddress, _pump.RunAll);
        _options = new SimulatorOptions
        {
            TimeProvider = _clock,
            Scheduler = _pump,
            Network = _network,
            Timings = ModuleTimings.Typical,
        };
        _verbs = new(StringComparer.Ordinal)
        {
            ["personality"] = (words, _) => _options = _options with { Personality = words[1] },
            ["switch"] = (words, _) => _switches[words[1]] = words[2],
            ["unpowered"] = (_, _) => _options = _options with { StartPowered = false },
            ["stored"] = (words, _) => _options = _options with { StoredSsid = words[1], StoredPassword = words[2] },
            ["access-point"] = AddAccessPoint,
            ["lose"] = (words, _) => _world.LoseAccessPoint(words[1]),
            ["station"] = (words, _) => _world.AddStation(
                new WiFiStation { Mac = words[1], Ssid = words[2], Password = words[3] }),
            ["station-leaves"] = (words, _) => _world.RemoveStation(words[1]),
            ["name"] = (words, _) => _world.SetName(words[1], IPAddress.Parse(words[2])),
            ["host"] = (words, _) => _network.AddHost(words[1]),
            ["server"] = (words, _) => _peers.Listen(words),
            ["client"] = (words, _) => _peers.Connect(words),
            ["datagrams"] = (words, _) => _peers.Open(words),
            ["datagram"] = _peers.ActDatagram,
            ["black-hole"] = (words, _) => _network.BlackHole(words[1], Number(words[2])),
            ["card"] = (words, _) => SetCard(words),
            ["given"] = (_, rest) => Given(rest),
            ["power-on"] = (_, _) => Module.PowerOn(),
            ["reset"] = (words, _) => Module.Reset(
                words.Length > 1 ? Enum.Parse<ResetCause>(words[1], ignoreCase: true) : ResetCause.External),
            ["peer"] = _peers.Act,
            ["fail-send"] = (words, _) => Module.Faults.Add(Fault.SendFail(1, thenOk: words.Contains("then-ok"))),
        };
        foreach ((string verb, Action<string[], string> act) in ReplayMobile.Verbs(() => _world.Mobile, () => Module))
        {
            _verbs[verb] = act;
        }
    }

    internal static IReadOnlyCollection<string> Verbs
    {
        get
        {
            using var stage = new ReplayStage();
            return [.. stage._verbs.Keys];
        }
    }

    internal ReadOnlySpan<byte> Output => _output.Span;

    private ModemSimulator Module => _module ?? Start();

    internal void Happen(TranscriptStep step)
    {
        string[] words = Words(step);
        if (!_verbs.TryGetValue(words[0], out Action<string[], string>? act))
        {
            throw new TranscriptException(step.Line, $"There is no event '{words[0]}'; see docs/transcripts.md.");
        }

        try
        {
            act(words, step.Text[words[0].Length..].TrimStart());
        }
        catch (Exception wrong) when (wrong is IndexOutOfRangeException or FormatException or ArgumentException
            or InvalidOperationException or IOException)
        {
            throw new TranscriptException(step.Line, $"'{step.Text}' cannot happen: {wrong.Message}");
        }

        _pump.RunAll();
    }

    internal void Send(ReadOnlySpan<byte> bytes)
    {
        _ = Module;
        _host!.Send(bytes); // Start has connected it.
        _pump.RunAll();
    }

    internal void Advance(TimeSpan time)
    {
        _ = Module;
        _pump.RunAll();
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            _clock.Advance(Step < time - passed ? Step : time - passed);
            _pump.RunAll();
        }
    }

    internal void Consume(int count) => _output.Skip(count);

    public void Dispose()
    {
        if (_module is not null)
        {
            ValueTask stopping = _module.DisposeAsync();
            _pump.RunAll();
            _ = stopping.AsTask(); // The pump has run: it has completed.
        }
    }

    private ModemSimulator Start()
    {
        _module = new ModemSimulator(_options with { World = _world, Switches = _switches });
        _host = _module.ConnectHost(bytes => _output.Write(bytes.Span));
        _pump.RunAll();
        return _module;
    }

    private IPAddress ModuleAddress() => PersonalityRegister.Find(_options.Personality).IsMobile
        ? _world.Mobile.FirstAddress
        : _world.FirstAddress;

    /// <summary>What the session takes for granted: a command whose answer it does not show.</summary>
    private void Given(string line)
    {
        Send(WireText.Bytes(line + "\r\n"));
        Advance(TimeSpan.FromSeconds(10));
        _output.Clear();
    }

    // card none | card locked | card tries PIN PUK
    private void SetCard(string[] words)
    {
        SimCard? card = words[1] switch
        {
            "none" => null,
            "locked" => new SimCard { IsPinEnabled = true },
            "tries" => new SimCard
            {
                IsPinEnabled = true, PinTriesLeft = Number(words[2]), PukTriesLeft = Number(words[3]),
            },
            _ => throw new FormatException($"There is no card '{words[1]}'."),
        };
        _options = _options with { SimCard = card };
    }

    // access-point "ssid" "password" bssid channel rssi security [wps]
    private void AddAccessPoint(string[] words, string rest)
    {
        if (!_hasOwnWorld)
        {
            _hasOwnWorld = true;
            _ = _world.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        }

        _world.AddAccessPoint(new AccessPoint
        {
            Ssid = words[1],
            Password = words[2],
            Bssid = words[3],
            Channel = Number(words[4]),
            RssiDbm = Number(words[5]),
            Security = Enum.Parse<WiFiSecurity>(words[6], ignoreCase: true),
            OffersWps = words.Contains("wps"),
        });
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Words between blanks; quotes hold blanks together.</summary>
    private static string[] Words(TranscriptStep step)
    {
        var words = new List<string>();
        string rest = step.Text;
        while (rest.Length > 0)
        {
            bool isQuoted = rest[0] == '"';
            int end = rest.IndexOf(isQuoted ? '"' : ' ', isQuoted ? 1 : 0);
            end = end < 0 ? rest.Length : end;
            string word = rest[(isQuoted ? 1 : 0)..end];
            words.Add(WireText.Latin1.GetString(Transcript.Unescape(word, step.Line)));
            rest = rest[Math.Min(rest.Length, end + 1)..].TrimStart(' ');
        }

        return words.Count > 0 ? [.. words] : throw new TranscriptException(step.Line, "An event has no name.");
    }
}
