using System.Diagnostics;
using ModemDriver.Benchmarks.Goodput;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// Goodput over a pseudo-terminal whose bytes take their time, beside the ceiling computed with the turnaround that a
/// bare request and answer have on such a terminal in this run.
/// </summary>
internal sealed class PacedGoodputBudget : IBudget
{
    private const int BitRate = 921_600;
    private const double ByteTime = 10.0 / BitRate;
    private const string Host = "10.0.0.2";
    private const int Port = 7;

    // The host waits for two answers of each unit: for a send the prompt and the verdict, for a fetch the notice and
    // the answer.
    private const int TurnaroundsPerUnit = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // A line without flow control loses what a module that was kept waiting cannot take: such a run has no figure.
    private const int Attempts = 5;
    private static readonly GoodputModule Module = GoodputModule.All[0];

    public string Name => "paced";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        byte[] payload = new byte[(options.IsQuick ? 32 : 192) * 1024];
        new Random(options.Seed).NextBytes(payload);
        double turnaround = await MeasureTurnaroundAsync(options.IsQuick ? 100 : 500);
        List<BudgetRow> rows = [BudgetRow.Note("turnaround of a bare AT on a paced pty", "µs", double.NaN, turnaround * 1e6)];
        int runs = options.Runs;
        GoodputMode[] modes = options.IsQuick ? [GoodputMode.All[2], GoodputMode.All[4]] : [.. GoodputMode.All];
        foreach (GoodputMode mode in modes)
        {
            rows.Add(await TryAsync(() => RunAsync(mode, GoodputDirection.Out, WireCost.Out(mode, Module), turnaround, runs, payload)));
            rows.Add(await TryAsync(() => RunAsync(mode, GoodputDirection.In, WireCost.In(mode, Module), turnaround, runs, payload)));
        }

        return rows;
    }

    private static async Task<BudgetRow> TryAsync(Func<Task<BudgetRow>> run)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await run();
            }
            catch (BytesLostException lost) when (attempt < Attempts)
            {
                await Console.Error.WriteLineAsync(lost.Message);
            }
        }
    }

    private static async Task<BudgetRow> RunAsync(
        GoodputMode mode, GoodputDirection direction, WireCost cost, double turnaround, int runs, byte[] payload)
    {
        bool waits = !mode.IsTransparent && (direction == GoodputDirection.Out || mode.Receive != ReceiveMode.Push);
        double ceiling = cost.Payload * ByteTime / ((cost.Wire * ByteTime) + (waits ? TurnaroundsPerUnit * turnaround : 0));
        InMemoryNetwork network = new();
        InMemoryListener listener = network.Listen(Host, Port);
        await using ModemSimulator module = CreateModule(network);
        using PtyPort pty = module.OpenPty();
        await using Modem modem = await Modem.OpenAsync(pty.DevicePath, new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            ConnectionMode = mode.Connection,
            ReceiveMode = mode.Receive,
            Serial = new() { BitRate = BitRate },
        }).WaitAsync(Limit);
        await modem.GoOnlineAsync().WaitAsync(Limit);
        await using Stream link = mode.IsTransparent
            ? await modem.OpenTransparentAsync(Host, Port).WaitAsync(Limit)
            : await modem.ConnectAsync(Host, Port).WaitAsync(Limit);
        InMemoryPeer peer = await listener.AcceptAsync().AsTask().WaitAsync(Limit);
        double[] shares = new double[runs];
        for (int i = -1; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await Transfer.RunAsync(link, peer, direction, payload).WaitAsync(Limit);
            }
            catch (TimeoutException) when (module.LostBytes > 0)
            {
                throw new BytesLostException(FormattableString.Invariant(
                    $"{mode.Name}, {direction}: the simulated module was kept waiting and lost {module.LostBytes} bytes, as one without flow control does"));
            }

            double share = payload.Length * ByteTime / Stopwatch.GetElapsedTime(start).TotalSeconds;
            shares[Math.Max(i, 0)] = share;
        }

        string way = direction == GoodputDirection.Out ? "out" : "in";
        return BudgetRow.Share(
            $"paced pty {Module.Personality}, {mode.Name}, {way}", "% of line", ceiling * 100, Duel.Median(shares) * 100, 0.9);
    }

    private static ModemSimulator CreateModule(SimulatedNetwork network) => new(new SimulatorOptions
    {
        Personality = Module.Personality,
        Unpaced = false,
        BitRate = BitRate,
        Timings = ModuleTimings.Instant,
        Network = network,
    });

    // The time of AT and its OK, less that of their bytes. The echo is off.
    private static async Task<double> MeasureTurnaroundAsync(int trips)
    {
        await using ModemSimulator module = CreateModule(new InMemoryNetwork());
        using PtyPort pty = module.OpenPty();
        using RawPort port = new(pty.DevicePath);
        port.Ask("ATE0\r\n"u8);
        double[] seconds = new double[trips];
        for (int i = 0; i < trips; i++)
        {
            long start = Stopwatch.GetTimestamp();
            port.Ask("AT\r\n"u8);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        const int Bytes = 10; // AT, OK, their line ends
        return Math.Max(Duel.Median(seconds) - (Bytes * ByteTime), 0);
    }

    /// <summary>The simulated module has lost bytes.</summary>
    private sealed class BytesLostException(string message) : Exception(message);
}
