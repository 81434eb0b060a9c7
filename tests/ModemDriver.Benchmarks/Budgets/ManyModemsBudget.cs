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
        // One that is thrown away: what is made once, by the first, is no part of the cost of each.
        await (await Fleet.OpenAsync(1, onPty)).DisposeAsync();
        await using Fleet few = await Fleet.OpenAsync(Few, onPty);
        await using Fleet full = await Fleet.OpenAsync(many, onPty);
        rows.Add(new BudgetRow(
            $"{what}: memory of each, by {Few}", "KiB", few.BytesOfEach / 1024, full.BytesOfEach / 1024,
            full.BytesOfEach / few.BytesOfEach, "<= 1.10", full.BytesOfEach / few.BytesOfEach <= 1.1));

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
        private readonly List<(ModemSimulator Module, PtyPort? Pty, Modem Modem, Stream[] Links)> _members = [];

        /// <summary>Live bytes, with its module.</summary>
        public double BytesOfEach { get; private set; }

        public static async Task<Fleet> OpenAsync(int count, bool onPty)
        {
            Fleet fleet = new();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < count; i += Batch)
            {
                await Task.WhenAll(Enumerable.Range(i, Math.Min(Batch, count - i)).Select(_ => fleet.AddAsync(onPty))).WaitAsync(Limit);
            }

            fleet.BytesOfEach = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count;
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
            network.Serve(Host, Port, static async peer => await peer.CopyToAsync(peer));
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
            Stream[] links = new Stream[Links];
            for (int i = 0; i < Links; i++)
            {
                links[i] = await modem.ConnectAsync(Host, Port);
            }

            lock (_members)
            {
                _members.Add((module, pty, modem, links));
            }
        }

        private static async Task EchoAsync(Stream link)
        {
            byte[] payload = new byte[PayloadBytes];
            await link.WriteAsync(payload);
            await link.FlushAsync();
            await link.ReadExactlyAsync(payload);
        }
    }
}
