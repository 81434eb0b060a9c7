using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>
/// Payload through a link in each mode and direction over a paced line, beside what the line allows in that mode. The
/// clock is virtual, so a second run gives the same figures. What arrives is compared byte for byte.
/// </summary>
internal sealed class GoodputBenchmark : IBenchmark
{
    private const int PayloadBytes = 512 * 1024;
    private const double BitsPerByte = 10; // 8N1
    private static readonly int[] BitRates = [115_200, 921_600];

    public string Name => "goodput";

    public string Description => "payload through a link in each mode over a paced line, beside what the line allows";

    public Task<IReport> RunAsync(BenchmarkOptions options)
    {
        byte[] payload = new byte[PayloadBytes];
        new Random(options.Seed).NextBytes(payload);
        GoodputTable table = new(PayloadBytes / 1024, BitRates);
        foreach (GoodputModule module in GoodputModule.All)
        {
            foreach (GoodputMode mode in GoodputMode.All)
            {
                table.Add(new GoodputRow(module, mode)
                {
                    Out = Measure(module, ModuleTimings.Instant, mode, SendAsync, payload),
                    OutWithVerdict = Measure(module, ModuleTimings.Typical, mode, SendAsync, payload),
                    In = Measure(module, ModuleTimings.Instant, mode, ReceiveAsync, payload),
                });
            }
        }

        return Task.FromResult<IReport>(table);
    }

    // Per bit rate, the share of it that was payload.
    private static double[] Measure(
        GoodputModule module,
        ModuleTimings timings,
        GoodputMode mode,
        Func<Stream, InMemoryPeer, byte[], Task> transfer,
        byte[] payload) =>
        [.. BitRates.Select(rate =>
        {
            using VirtualStage stage = new(module.Personality, rate, timings, mode);
            (Stream link, InMemoryPeer peer) = stage.Connect(mode);
            TimeSpan start = stage.Now;
            stage.Complete(transfer(link, peer, payload));
            return payload.Length * BitsPerByte / rate / (stage.Now - start).TotalSeconds;
        })];

    private static Task SendAsync(Stream link, InMemoryPeer peer, byte[] payload) =>
        Task.WhenAll(WriteAsync(link, payload), CompareAsync(peer, payload));

    private static Task ReceiveAsync(Stream link, InMemoryPeer peer, byte[] payload) =>
        Task.WhenAll(WriteAsync(peer, payload), CompareAsync(link, payload));

    private static async Task WriteAsync(Stream stream, byte[] payload)
    {
        await stream.WriteAsync(payload);
        await stream.FlushAsync();
    }

    private static async Task CompareAsync(Stream stream, byte[] sent)
    {
        byte[] received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received);
        if (!received.AsSpan().SequenceEqual(sent))
        {
            throw new InvalidDataException("What arrived is not what was sent.");
        }
    }
}
