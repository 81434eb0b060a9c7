using ModemDriver.Simulator;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// What a modem costs among many: processor time of a round of traffic over its links, and memory, each with a simulated
/// module and its peers in the same process.
/// </summary>
internal sealed class ManyModemsBudget : IBudget
{
    private const int Few = 10;
    private const int Links = 5;
    private const int Batch = 10;
    private const int PayloadBytes = 4096;
    private const string Host = "10.0.0.2";
    private const int Port = 7;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public string Name => "many";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        List<BudgetRow> rows = [];
        await CompareAsync("200 modems with 5 links", 200, onPty: false, options, rows);
        await CompareAsync("32 modems on ptys with 5 links", 32, onPty: true, options, rows);
        return rows;
    }

    private static async Task CompareAsync(string what, int many, bool onPty, BenchmarkOptions options, List<BudgetRow> rows)
    {
        await using Fleet few = await Fleet.OpenAsync(Few, onPty);
        await using Fleet full = await Fleet.OpenAsync(many, onPty);
        double early = full.BytesOfEach(Few, 2 * Few);
        double all = full.BytesOfEach(Few, many);
        rows.Add(new BudgetRow(
            $"{what}: memory of each, by the first", "KiB", early / 1024, all / 1024, all / early, "<= 1.10", all / early <= 1.1));

        // As many transfers each: the small fleet has its round again and again.
        int rounds = many / Few * (options.IsQuick ? 1 : 10);
        Duel cpu = await Duel.RunAsync(
            options.Runs,
            () => few.MeasureAsync(rounds),
            () => full.MeasureAsync(Math.Max(rounds * Few / many, 1)));
        rows.Add(BudgetRow.AtMost($"{what}: processor time a round, by {Few}", "ms", cpu, 1.1, 1e3));
    }

    /// <summary>Some modems, each online with its links.</summary>
    private sealed class Fleet : IAsyncDisposable
    {
        private readonly List<(ModemSimulator Module, PtyPort? Pty, Modem Modem, (Stream Link, byte[] Payload)[] Links)> _members = [];

        // Live bytes of the process, after each batch.
        private readonly List<long> _bytes = [];

        /// <summary>
        /// Live bytes of each, with its module, from one number of them to another. The first batch is for none: it makes
        /// what is made once, and takes the buffers that earlier modems gave back.
        /// </summary>
        public double BytesOfEach(int from, int to) =>
            (double)(_bytes[(to - 1) / Batch] - _bytes[(from - 1) / Batch]) / (to - from);

        public static async Task<Fleet> OpenAsync(int count, bool onPty)
        {
            Fleet fleet = new();
            for (int i = 0; i < count; i += Batch)
            {
                await Task.WhenAll(Enumerable.Range(i, Math.Min(Batch, count - i)).Select(_ => fleet.AddAsync(onPty))).WaitAsync(Limit);
                fleet._bytes.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            return fleet;
        }

        /// <summary>Processor time of one modem's round, averaged over the rounds: a write and its echo on each link.</summary>
        public async Task<double> MeasureAsync(int rounds)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < rounds; i++)
            {
                await Task.WhenAll(_members.SelectMany(member => member.Links.Select(EchoAsync))).WaitAsync(Limit);
            }

            return (Environment.CpuUsage.TotalTime - before).TotalSeconds / rounds / _members.Count;
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_members.Select(static async member =>
            {
                await member.Modem.DisposeAsync();
                member.Pty?.Dispose();
                await member.Module.DisposeAsync();
            })).WaitAsync(Limit);
        }

        private async Task AddAsync(bool onPty)
        {
            InMemoryNetwork network = new();
            network.Serve(Host, Port, static async peer => await peer.CopyToAsync(peer, PayloadBytes));
            ModemSimulator module = new(new SimulatorOptions { Network = network });
            PtyPort? pty = onPty ? module.OpenPty() : null;
            TransportFactory factory = pty is not null
                ? TransportFactory.ForPort(pty.DevicePath)
                : TransportFactory.ForStream("memory", _ => ValueTask.FromResult<Stream>(module.OpenStream()));
            Modem modem = await Modem.OpenAsync(factory, new ModemOptions
            {
                WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            });
            await modem.GoOnlineAsync();
            var links = new (Stream Link, byte[] Payload)[Links];
            for (int i = 0; i < Links; i++)
            {
                links[i] = (await modem.ConnectAsync(Host, Port), new byte[PayloadBytes]);
            }

            lock (_members)
            {
                _members.Add((module, pty, modem, links));
            }
        }

        private static async Task EchoAsync((Stream Link, byte[] Payload) member)
        {
            (Stream link, byte[] payload) = member;
            await link.WriteAsync(payload);
            await link.FlushAsync();
            await link.ReadExactlyAsync(payload);
        }
    }
}
