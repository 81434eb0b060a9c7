using ModemDriver.Simulator;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>What a modem costs among many: processor time of a round of traffic over its links, and memory.</summary>
/// <remarks>
/// The processor time is the driver's: once the links are open, something that takes next to none answers in the module's
/// place. The figure with simulated modules and their peers in the same process stands beside it: each of those moves the
/// same bytes through buffers of its own, and ten of them find room in a cache where two hundred do not. The memory is
/// that of a modem with its simulated module.
/// </remarks>
internal sealed class ManyModemsBudget : IBudget
{
    private const int Few = 10;
    private const int Many = 200;
    private const int ManyPtys = 32;
    private const int Links = 5;
    private const int Batch = 10;
    private const int PayloadBytes = 4096;
    private const string Host = "10.0.0.2";
    private const int Port = 7;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // What an application keeps for itself is not measured: all send the same, and what they receive they forget.
    private static readonly byte[] Payload = new byte[PayloadBytes];
    private static readonly byte[] Sink = new byte[PayloadBytes];

    public string Name => "many";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        List<BudgetRow> rows = [];
        await AddAsync($"{Many} modems with 5 links", Many, onPty: false, options, rows);
        await AddAsync($"{ManyPtys} modems on ptys with 5 links", ManyPtys, onPty: true, options, rows);
        return rows;
    }

    private static async Task AddAsync(string what, int many, bool onPty, BenchmarkOptions options, List<BudgetRow> rows)
    {
        Comparison alone = await CompareAsync(many, onPty, isSimulated: false, options);
        rows.Add(Memory($"{what}: memory of each, by the first", alone));
        rows.Add(BudgetRow.AtMost($"{what}: processor time a round, by {Few}", "ms", alone.Time, 1.1, 1e3));
        rows.Add(Allocated($"{what}: allocated in a round", alone));
        if (!options.IsQuick)
        {
            Duel whole = (await CompareAsync(many, onPty, isSimulated: true, options)).Time;
            rows.Add(BudgetRow.Note(
                "  processor time with simulated modules in the process", "ms", whole.Baseline * 1e3, whole.Ours * 1e3));
        }
    }

    private static BudgetRow Memory(string what, Comparison comparison) => new(
        what,
        "KiB",
        comparison.FirstBytes / 1024,
        comparison.AllBytes / 1024,
        comparison.AllBytes / comparison.FirstBytes,
        "<= 1.10",
        comparison.AllBytes <= comparison.FirstBytes * 1.1);

    private static BudgetRow Allocated(string what, Comparison comparison) => new(
        what,
        "B",
        comparison.FewAllocated,
        comparison.ManyAllocated,
        comparison.ManyAllocated / comparison.FewAllocated,
        "<= 1.10",
        comparison.ManyAllocated <= comparison.FewAllocated * 1.1);

    private static async Task<Comparison> CompareAsync(int many, bool onPty, bool isSimulated, BenchmarkOptions options)
    {
        await using Fleet few = await Fleet.OpenAsync(Few, onPty, isSimulated);
        await using Fleet full = await Fleet.OpenAsync(many, onPty, isSimulated);

        // As many transfers each: the small fleet has its round again and again.
        // Short and many: what else the machine does comes and goes within seconds.
        int rounds = many / Few * (options.IsQuick ? 4 : isSimulated ? 5 : 10);
        Duel time = await Duel.RunAsync(
            isSimulated ? options.Runs : options.Runs * 5,
            () => few.MeasureAsync(rounds),
            () => full.MeasureAsync(Math.Max(rounds * Few / many, 1)),
            warmUps: isSimulated ? 3 : 12);
        return new Comparison(
            time, full.BytesOfEach(Few, 2 * Few), full.BytesOfEach(Few, many), few.AllocatedInRound, full.AllocatedInRound);
    }

    /// <summary>Few beside many: time of a round, live bytes of each, bytes allocated in a round.</summary>
    private sealed record Comparison(Duel Time, double FirstBytes, double AllBytes, double FewAllocated, double ManyAllocated);

    /// <summary>Some modems, each online with its links.</summary>
    private sealed class Fleet : IAsyncDisposable
    {
        private readonly List<(ModemSimulator Module, StandInModule? StandIn, IDisposable? Terminal, Modem Modem, Stream[] Links)> _members = [];

        // Live bytes of the process, after each batch.
        private readonly List<long> _bytes = [];

        /// <summary>What one modem's round of the last measurement has allocated, by all who took part.</summary>
        public double AllocatedInRound { get; private set; }

        /// <summary>
        /// Live bytes of each, with its module, from one number of them to another. The first batch is for none: it makes
        /// what is made once, and takes the buffers that earlier modems gave back.
        /// </summary>
        public double BytesOfEach(int from, int to) =>
            (double)(_bytes[(to - 1) / Batch] - _bytes[(from - 1) / Batch]) / (to - from);

        public static async Task<Fleet> OpenAsync(int count, bool onPty, bool isSimulated)
        {
            Fleet fleet = new();
            for (int i = 0; i < count; i += Batch)
            {
                await Task.WhenAll(Enumerable.Range(i, Math.Min(Batch, count - i)).Select(_ => fleet.AddAsync(onPty, isSimulated))).WaitAsync(Limit);
                fleet._bytes.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            return fleet;
        }

        /// <summary>Processor time of one modem's round, averaged over the rounds: a write and its echo on each link.</summary>
        public async Task<double> MeasureAsync(int rounds)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < rounds; i++)
            {
                await Task.WhenAll(_members.SelectMany(member => member.Links.Select(EchoAsync))).WaitAsync(Limit);
            }

            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            AllocatedInRound = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / rounds / _members.Count;
            return used.TotalSeconds / rounds / _members.Count;
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_members.Select(static async member =>
            {
                member.StandIn?.AskModule();
                await member.Modem.DisposeAsync();
                member.Terminal?.Dispose();
                await member.Module.DisposeAsync();
            })).WaitAsync(Limit);
        }

        private async Task AddAsync(bool onPty, bool isSimulated)
        {
            InMemoryNetwork network = new();
            network.Serve(Host, Port, static async peer => await peer.CopyToAsync(peer, PayloadBytes));
            ModemSimulator module = new(new SimulatorOptions { Network = network });
            StandInModule? standIn = isSimulated ? null : new StandInModule(module.OpenStream());
            IDisposable? terminal = null;
            TransportFactory factory;
            if (!onPty)
            {
                Stream end = (Stream?)standIn ?? module.OpenStream();
                factory = TransportFactory.ForStream("memory", _ => ValueTask.FromResult(end));
            }
            else if (standIn is null)
            {
                PtyPort port = module.OpenPty();
                (terminal, factory) = (port, TransportFactory.ForPort(port.DevicePath));
            }
            else
            {
                PtyRelay relay = new(standIn);
                (terminal, factory) = (relay, TransportFactory.ForPort(relay.Path));
            }

            Modem modem = await Modem.OpenAsync(factory, new ModemOptions
            {
                WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            });
            await modem.GoOnlineAsync();
            var links = new Stream[Links];
            for (int i = 0; i < Links; i++)
            {
                links[i] = await modem.ConnectAsync(Host, Port);
            }

            standIn?.AnswerItself();
            lock (_members)
            {
                _members.Add((module, standIn, terminal, modem, links));
            }
        }

        private static async Task EchoAsync(Stream link)
        {
            await link.WriteAsync(Payload);
            await link.FlushAsync();
            await link.ReadExactlyAsync(Sink);
        }
    }
}
