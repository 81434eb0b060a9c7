using ModemDriver.Diagnostics;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulation.Faults;
using ModemDriver.Simulation.Time;
using ModemDriver.Simulation.Workload;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;
using ModemDriver.Transport;

namespace ModemDriver.Simulation;

/// <summary>What a run plays on: one thread, its clock, a module with its world, the network behind it, a cable.</summary>
internal sealed class Stage : IDisposable
{
    /// <summary>Where the peers are.</summary>
    public const string Host = "10.0.0.2";

    /// <summary>Where whatever is sent comes back.</summary>
    public const int EchoPort = 7;

    private const string Pin = "73519264";

    private readonly string _pinFolder = Path.Combine(Path.GetTempPath(), "modemdriver-simulation-" + Guid.NewGuid());

    /// <summary>Sets the stage of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keptLines">How much of the wire is kept for a look back.</param>
    public Stage(RunPlan plan, int keptLines)
    {
        Plan = plan;
        Clock = new SimClock(Thread);
        Ledger = new Ledger(Clock);
        Wire = new WireRecord(Clock, keptLines);
        string password = FormattableString.Invariant($"wifi-secret-{plan.Seed}");
        string apnPassword = FormattableString.Invariant($"apn-secret-{plan.Seed}");
        Secrets = new SecretWatch(Ledger, [password, apnPassword, Pin]);
        Calls = new Calls(Clock, Ledger, Secrets);
        Network = new InMemoryNetwork { Scheduler = Thread.Scheduler };
        Peers = new PeerBook(this);
        AccessPoint = new AccessPoint { Ssid = SimulatedWorld.DefaultSsid, Password = password };
        World = new SimulatedWorld(AccessPoint);
        Card = new SimCard { Pin = Pin, IsPinEnabled = plan.HasPin };
        Module = new ModemSimulator(new SimulatorOptions
        {
            Personality = plan.Personality,
            TimeProvider = Clock,
            Scheduler = Thread.Scheduler,
            Network = Network,
            World = World,
            SimCard = Card,
            Seed = plan.Seed,
            Faults = new FaultPlan(plan.Seed),
            Unpaced = !plan.IsPaced,
            BitRate = plan.BitRate,
            Timings = plan.IsSlow ? ModuleTimings.Typical : ModuleTimings.Instant,
        });
        Options = new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, password),
            Cellular = new CellularOptions
            {
                Apn = new ApnOptions("iot.sim") { UserName = "user", Password = apnPassword },
                Pin = plan.HasPin ? Pin : null,
                PinRecordPath = Path.Combine(_pinFolder, "pins"),
            },
            ConnectionMode = plan.ConnectionMode,
            ReceiveMode = plan.ReceiveMode,
            LinkBufferBytes = plan.LinkBufferBytes,
            HealthInterval = plan.HealthInterval,
            Seed = plan.Seed,
            TimeProvider = Clock,
            Scheduler = Thread.Scheduler,
            LoggerFactory = plan.IsLogged ? Secrets : Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            Tap = plan.IsLogged ? new WireTap(Secrets) : null,
        };
    }

    /// <summary>The thread.</summary>
    public SimThread Thread { get; } = new();

    /// <summary>The clock.</summary>
    public SimClock Clock { get; }

    /// <summary>What the run finds.</summary>
    public Ledger Ledger { get; }

    /// <summary>What crosses the cable.</summary>
    public WireRecord Wire { get; }

    /// <summary>Looks for secrets.</summary>
    public SecretWatch Secrets { get; }

    /// <summary>Makes calls.</summary>
    public Calls Calls { get; }

    /// <summary>The network behind the module.</summary>
    public InMemoryNetwork Network { get; }

    /// <summary>The peers in that network.</summary>
    public PeerBook Peers { get; }

    /// <summary>What surrounds the module.</summary>
    public SimulatedWorld World { get; }

    /// <summary>The one access point.</summary>
    public AccessPoint AccessPoint { get; }

    /// <summary>The card of a cellular module.</summary>
    public SimCard Card { get; }

    /// <summary>The module.</summary>
    public ModemSimulator Module { get; }

    /// <summary>How the modem is opened.</summary>
    public ModemOptions Options { get; }

    /// <summary>The plan.</summary>
    public RunPlan Plan { get; }

    /// <summary>The modem, once it is open.</summary>
    public Modem Modem { get; set; } = null!; // the first thing that a run makes

    /// <summary>Whether there is a port.</summary>
    public bool IsPlugged { get; set; } = true;

    /// <summary>Goes up with whatever takes links down, or what is on its way with it.</summary>
    public int Disruptions { get; set; }

    /// <summary>Whether a fault that takes links down waits for its command.</summary>
    public bool HasPending { get; set; }

    /// <summary>Whether bytes of the wire are changed.</summary>
    public bool HasNoise { get; set; }

    /// <summary>How often bytes of the wire were changed.</summary>
    public int Noises { get; set; }

    /// <summary>Whether answers come late, or never.</summary>
    public bool HasHeldAnswer => Plan.Faults.Any(fault => fault.Kind is FaultDrawer.Late or FaultDrawer.Missing);

    /// <summary>Whether a prompt may be lost.</summary>
    public bool HasLostPrompt => Plan.Faults.Any(fault => fault.Kind == FaultDrawer.LostPrompt);

    /// <summary>Whether the user has disposed the modem in the midst of its work.</summary>
    public bool IsDisposed { get; set; }

    /// <summary>The number of the last name that the network was given.</summary>
    public int LastName { get; set; }

    /// <summary>Short messages that were sent to the module, and how often each was received.</summary>
    public Dictionary<string, int> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>Talks of peers that wait to be accepted, by the flow that tells them.</summary>
    public Dictionary<int, Talk> Accepting { get; } = [];

    /// <summary>Makes the cable, again and again.</summary>
    public TransportFactory Factory => TransportFactory.ForStream(
        "cable",
        _ => IsPlugged
            ? ValueTask.FromResult<Stream>(new CableStream(Module.OpenStream(), Wire))
            : ValueTask.FromException<Stream>(new IOException("There is no such port.")),
        Clock,
        true);

    /// <summary>Lets time pass.</summary>
    public Task DelayAsync(TimeSpan time) =>
        time > TimeSpan.Zero ? Task.Delay(time, Clock) : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        Wire.Dispose();
        Secrets.Dispose();
        if (Directory.Exists(_pinFolder))
        {
            Directory.Delete(_pinFolder, recursive: true);
        }
    }
}
