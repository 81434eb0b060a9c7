using System.Diagnostics;
using ModemDriver.Benchmarks.Budgets;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>
/// A modem and its module on a pseudo-terminal whose bytes take their time, on the machine's own clock.
/// </summary>
internal static class PacedStage
{
    private const double BitsPerByte = 10; // 8N1
    private const string Host = "10.0.0.2";
    private const int Port = 7;

    // The host waits for two answers of each unit: for a send the prompt and the verdict, for a fetch the notice and
    // the answer.
    private const int TurnaroundsPerUnit = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // A line without flow control loses what a module that was kept waiting cannot take: such a run has no figure.
    private const int Attempts = 5;

    /// <summary>Seconds from a bare AT to its OK, less those of their bytes. The echo is off.</summary>
    public static async Task<double> MeasureTurnaroundAsync(GoodputModule personality, int bitRate, int trips)
    {
        await using ModemSimulator module = CreateModule(personality, bitRate, new InMemoryNetwork());
        using PtyPort pty = module.OpenPty();
        using RawPort port = new(pty.DevicePath);
        port.Ask("ATE0\r\n"u8);
        const int Bytes = 10; // AT, OK, their line ends
        return Math.Max(PtyTrips.Measure(trips, () => port.Ask("AT\r\n"u8)) - (Bytes * BitsPerByte / bitRate), 0);
    }

    /// <summary>What the mode allows with this turnaround, as a share of the bit rate; of both directions together.</summary>
    public static double Ceiling(
        GoodputMode mode, GoodputModule module, GoodputDirection direction, int bitRate, double turnaround)
    {
        WireCost sent = WireCost.Out(mode, module);
        WireCost got = WireCost.In(mode, module);
        (WireCost cost, double units) = direction switch
        {
            GoodputDirection.Out => (sent, 1),
            GoodputDirection.In => (got, mode.Receive == ReceiveMode.Push ? 0 : 1.0),
            _ => (WireCost.Both(mode, module), 1 + ((double)sent.Payload / got.Payload)),
        };
        double waiting = mode.IsTransparent ? 0 : units * TurnaroundsPerUnit * turnaround;
        double byteTime = BitsPerByte / bitRate;
        return cost.Payload * byteTime / ((cost.Wire * byteTime) + waiting);
    }

    /// <summary>The median share of the bit rate that was payload, after a run that is thrown away.</summary>
    public static async Task<double> MeasureAsync(
        GoodputModule personality, GoodputMode mode, GoodputDirection direction, int bitRate, int runs, byte[] payload)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await RunAsync(personality, mode, direction, bitRate, runs, payload);
            }
            catch (BytesLostException lost) when (attempt < Attempts)
            {
                await Console.Error.WriteLineAsync(lost.Message);
            }
        }
    }

    private static async Task<double> RunAsync(
        GoodputModule personality, GoodputMode mode, GoodputDirection direction, int bitRate, int runs, byte[] payload)
    {
        InMemoryNetwork network = new();
        InMemoryListener listener = network.Listen(Host, Port);
        await using ModemSimulator module = CreateModule(personality, bitRate, network);
        using PtyPort pty = module.OpenPty();
        await using Modem modem = await Modem.OpenAsync(pty.DevicePath, new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            ConnectionMode = mode.Connection,
            ReceiveMode = mode.Receive,
            Serial = new() { BitRate = bitRate },
        }).WaitAsync(Limit);
        await modem.GoOnlineAsync().WaitAsync(Limit);
        await using Stream link = mode.IsTransparent
            ? await modem.OpenTransparentAsync(Host, Port).WaitAsync(Limit)
            : await modem.ConnectAsync(Host, Port).WaitAsync(Limit);
        InMemoryPeer peer = await listener.AcceptAsync().AsTask().WaitAsync(Limit);
        int directions = direction == GoodputDirection.Both ? 2 : 1;
        double[] shares = new double[runs];
        for (int i = -1; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await Transfer.RunAsync(link, peer, direction, payload).WaitAsync(Limit);
            }
            catch (Exception e) when (module.LostBytes > 0 && e is TimeoutException or IOException)
            {
                throw new BytesLostException(FormattableString.Invariant(
                    $"{personality.Personality}, {mode.Name}, {direction}: the simulated module was kept waiting and lost {module.LostBytes} bytes, as one without flow control does"));
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            shares[Math.Max(i, 0)] = directions * payload.Length * BitsPerByte / bitRate / seconds;
        }

        return Duel.Median(shares);
    }

    private static ModemSimulator CreateModule(GoodputModule personality, int bitRate, SimulatedNetwork network) =>
        new(new SimulatorOptions
        {
            Personality = personality.Personality,
            Unpaced = false,
            BitRate = bitRate,
            Timings = ModuleTimings.Instant,
            Network = network,
        });

    /// <summary>The simulated module has lost bytes.</summary>
    private sealed class BytesLostException(string message) : Exception(message);
}
