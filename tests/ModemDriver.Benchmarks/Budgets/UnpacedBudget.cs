using System.Diagnostics;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// Goodput where bytes take no time, beside a raw copy of as many bytes through the same transport to and from the same
/// bare loop at the other end of a pseudo-terminal.
/// </summary>
internal sealed class UnpacedBudget : IBudget
{
    // Short and many: what else the machine does comes and goes within seconds.
    private const int Pairs = 5;

    // So many until the compiler has done all that it does: what is measured lasts long.
    private const int WarmUps = 40;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public string Name => "unpaced";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        byte[] payload = new byte[4 * 1024 * 1024];
        new Random(options.Seed).NextBytes(payload);
        payload.AsSpan().Replace((byte)'+', (byte)'-'); // the escape of the data state is not what is measured
        return
        [
            await MeasureAsync("unpaced, pushed payload, in", options, payload, isTransparent: false, isOut: false),
            await MeasureAsync("unpaced, transparent, in", options, payload, isTransparent: true, isOut: false),
            await MeasureAsync("unpaced, transparent, out", options, payload, isTransparent: true, isOut: true),
        ];
    }

    private static async Task<BudgetRow> MeasureAsync(
        string what, BenchmarkOptions options, byte[] payload, bool isTransparent, bool isOut)
    {
        await using RelayedModule module = new();
        (Modem modem, Stream link) = await module.OpenLinkAsync(isTransparent, ReceiveMode.Push);
        await using RelayedModule bare = new();
        CopySink sink = new(payload.Length);
        await using ITransport transport = TransportFactory.Create(bare.Path);
        await transport.OpenAsync(sink);
        byte[] received = new byte[payload.Length];
        byte[] said = isTransparent ? payload : RelayedModule.Frame(payload);
        Duel duel = await Duel.RunAsync(
            options.Runs * Pairs,
            () => TimeAsync(() => isOut ? WriteRawAsync(transport, bare, payload) : ReadRawAsync(sink, bare, payload)),
            () => TimeAsync(() => isOut
                ? Task.WhenAll(module.DrainAsync(payload.Length), WriteAsync(link, payload))
                : ReadAsync(link, module, said, received)),
            warmUps: WarmUps);
        if (!isOut && !received.AsSpan().SequenceEqual(payload))
        {
            throw new InvalidDataException("What arrived is not what was sent.");
        }

        // The module is gone first: it would not understand what is said in parting.
        await module.DisposeAsync();
        await modem.DisposeAsync();
        return BudgetRow.TimesFaster(what + ", by a raw copy", "MB/s", duel, 0.5) with
        {
            Baseline = payload.Length / duel.Baseline / 1e6,
            Ours = payload.Length / duel.Ours / 1e6,
        };
    }

    private static Task WriteRawAsync(ITransport transport, RelayedModule bare, byte[] payload) =>
        Task.WhenAll(bare.DrainAsync(payload.Length), Task.Run(async () => await transport.WriteAsync(payload)));

    private static Task ReadRawAsync(CopySink sink, RelayedModule bare, byte[] payload) =>
        Task.WhenAll(sink.ExpectAsync(), Task.Run(() => bare.Send(payload)));

    private static async Task WriteAsync(Stream link, byte[] payload)
    {
        await link.WriteAsync(payload);
        await link.FlushAsync();
    }

    private static Task ReadAsync(Stream link, RelayedModule module, byte[] said, byte[] received) =>
        Task.WhenAll(link.ReadExactlyAsync(received).AsTask(), Task.Run(() => module.Send(said)));

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        await run().WaitAsync(Limit);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Copies what comes into a buffer, as a reader would.</summary>
    private sealed class CopySink(int bytes) : ITransportSink
    {
        private readonly byte[] _copy = new byte[bytes];
        private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public Task ExpectAsync()
        {
            _count = 0;
            _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _done.Task;
        }

        public void Received(ReadOnlySpan<byte> data)
        {
            data = data[..Math.Min(data.Length, bytes - _count)];
            data.CopyTo(_copy.AsSpan(_count));
            _count += data.Length;
            if (_count == bytes)
            {
                _done.TrySetResult();
            }
        }

        public void Closed(TransportException? reason) => _done.TrySetCanceled();
    }
}
