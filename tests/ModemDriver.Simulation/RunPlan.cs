using System.Globalization;
using ModemDriver.Simulation.Faults;

namespace ModemDriver.Simulation;

/// <summary>A piece of a run's work.</summary>
internal enum WorkKind
{
    /// <summary>Some links at once, opened by the driver, with commands between them.</summary>
    Links,

    /// <summary>A listener, and peers that begin links.</summary>
    Listener,

    /// <summary>Datagrams.</summary>
    Datagrams,

    /// <summary>A transparent session, suspended now and then.</summary>
    Transparent,

    /// <summary>Commands alone, cancelled now and then.</summary>
    Commands,

    /// <summary>Another connection mode.</summary>
    Mode,

    /// <summary>Services of a cellular module: messages, USSD, phonebook, calls.</summary>
    Services,
}

/// <summary>A piece of work, and the start of all chance in it.</summary>
internal sealed record Work(WorkKind Kind, int Seed)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}({Seed})");
}

/// <summary>All that a run is made of: drawn from a seed, or what is left of it when it was shrunk.</summary>
internal sealed record RunPlan(int Seed)
{
    private static readonly string[] EspAt =
        ["esp-at", "esp-at", "esp-at-1.7", "esp-at-1.6", "esp-at-2.0", "esp-at-2.1", "esp-at-2.3", "esp-at-esp32"];

    private static readonly string[] Luat = ["air820", "air724", "air780", "air780ep", "air780eq"];

    /// <summary>The modules of a dialect, each once.</summary>
    public static IEnumerable<string> ModulesOf(string dialect) => (dialect == "luat" ? Luat : EspAt).Distinct();

    /// <summary>When faults may begin, after the work has begun.</summary>
    public static TimeSpan FaultSpan { get; } = TimeSpan.FromSeconds(20);

    /// <summary>The simulator's personality.</summary>
    public required string Personality { get; init; }

    /// <summary>Whether it is a cellular module.</summary>
    public bool IsCellular => Personality.StartsWith("air", StringComparison.Ordinal);

    /// <summary>Whether bytes take their time on the line.</summary>
    public bool IsPaced { get; init; }

    /// <summary>The bit rate of a line that is paced.</summary>
    public int BitRate { get; init; } = 115_200;

    /// <summary>Whether module and network take the time that they usually take.</summary>
    public bool IsSlow { get; init; }

    /// <summary>The connection mode at the start.</summary>
    public ConnectionMode ConnectionMode { get; init; }

    /// <summary>How received data comes.</summary>
    public ReceiveMode ReceiveMode { get; init; }

    /// <summary>The size of a link's buffers.</summary>
    public int LinkBufferBytes { get; init; }

    /// <summary>How often the module is asked whether it still has its network.</summary>
    public TimeSpan? HealthInterval { get; init; }

    /// <summary>Whether all that is logged and recorded is searched for secrets.</summary>
    public bool IsLogged { get; init; }

    /// <summary>Whether the card wants a PIN.</summary>
    public bool HasPin { get; init; }

    /// <summary>When the modem is disposed in the midst of its work; <see langword="null"/> for at the end.</summary>
    public TimeSpan? DisposedAt { get; init; }

    /// <summary>The work, one piece after the other.</summary>
    public IReadOnlyList<Work> Work { get; init; } = [];

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<SimFault> Faults { get; init; } = [];

    /// <summary>Draws a plan.</summary>
    /// <param name="seed">The same seed gives the same plan.</param>
    /// <param name="dialect">Only modules of this dialect, <c>esp-at</c> or <c>luat</c>; <see langword="null"/> for all.</param>
    public static RunPlan Draw(int seed, string? dialect = null)
    {
        var random = new Random(seed);
        bool isCellular = random.Next(5) < 2;
        isCellular = dialect is null ? isCellular : dialect == "luat";
        string[] modules = isCellular ? Luat : EspAt;
        var plan = new RunPlan(seed)
        {
            Personality = modules[random.Next(modules.Length)],
            IsPaced = random.Next(10) == 0,
            BitRate = random.Next(2) == 0 ? 115_200 : 921_600,
            IsSlow = random.Next(3) > 0,
            ConnectionMode = random.Next(4) == 0 ? ConnectionMode.Single : ConnectionMode.Multiple,
            ReceiveMode = random.Next(3) == 0 ? ReceiveMode.Push : ReceiveMode.Automatic,
            LinkBufferBytes = 4096 << random.Next(5),
            HealthInterval = random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(10, 90)) : null,
            IsLogged = random.Next(3) == 0,
            HasPin = random.Next(12) == 0 && isCellular,
            DisposedAt = random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(30_000)) : null,
        };
        var work = new Work[random.Next(1, 5)];
        for (int i = 0; i < work.Length; i++)
        {
            work[i] = new Work(Draw(random), random.Next());
        }

        plan = plan with { Work = work, Faults = FaultDrawer.Draw(random, isCellular, FaultSpan) };
        return isCellular && random.Next(3) == 0 ? plan.WithServices(random) : plan;
    }

    /// <summary>The same without the services of a cellular module, which came to the plans later than all else.</summary>
    public RunPlan WithoutServices() => this with { Work = [.. Work.Where(work => work.Kind != WorkKind.Services)] };

    private RunPlan WithServices(Random random)
    {
        List<Work> work = [.. Work];
        work.Insert(random.Next(work.Count + 1), new Work(WorkKind.Services, random.Next()));
        return this with { Work = work };
    }

    /// <summary>Plans with one thing less each, the largest things first.</summary>
    public IEnumerable<RunPlan> Shrink()
    {
        foreach (int left in Enumerable.Range(0, Work.Count).Where(_ => Work.Count > 1))
        {
            yield return this with { Work = [.. Work.Where((_, at) => at != left)] };
        }

        for (int left = 0; left < Faults.Count; left++)
        {
            int at = left;
            yield return this with { Faults = [.. Faults.Where((_, each) => each != at)] };
        }

        foreach (RunPlan simpler in Simpler())
        {
            if (simpler != this)
            {
                yield return simpler;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        seed {Seed}: {Personality}, {ConnectionMode}, {ReceiveMode}, buffers of {LinkBufferBytes} bytes{(IsPaced ? $", {BitRate} bit/s" : "")}{(IsSlow ? ", slow" : "")}{(HasPin ? ", PIN" : "")}{(HealthInterval is { } interval ? $", asked every {interval.TotalSeconds:0} s" : "")}{(DisposedAt is { } at ? $", disposed at {at.TotalSeconds:0.0} s" : "")}
          work: {string.Join(", ", Work)}
          faults: {(Faults.Count == 0 ? "none" : string.Join("\n          ", Faults))}
        """);

    private static WorkKind Draw(Random random) => random.Next(20) switch
    {
        < 8 => WorkKind.Links,
        < 11 => WorkKind.Listener,
        < 13 => WorkKind.Datagrams,
        < 16 => WorkKind.Transparent,
        < 18 => WorkKind.Commands,
        _ => WorkKind.Mode,
    };

    private IEnumerable<RunPlan> Simpler() =>
    [
        this with { IsPaced = false },
        this with { IsSlow = false },
        this with { HasPin = false },
        this with { HealthInterval = null },
        this with { DisposedAt = null },
    ];
}
