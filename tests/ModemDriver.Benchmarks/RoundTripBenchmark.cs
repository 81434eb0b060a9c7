using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Microsoft.Win32.SafeHandles;
using ModemDriver.Tests.Transport;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks;

/// <summary>One byte there and back over a pseudo-terminal, by plain read and write and by the serial transports.</summary>
internal sealed class RoundTripBenchmark : IBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string Name => "roundtrip";

    public string Description => "one byte to an echo on a pseudo-terminal and back: raw, and by each serial transport";

    public async Task<IReport> RunAsync(BenchmarkOptions options)
    {
        ResultTable table = new(
            $"{options.Trips} round trips a run", "µs a trip", seconds => seconds / options.Trips * 1e6);
        table.Add("raw read and write", MeasureRaw(options));
        table.Add("LinuxSerialTransport", await MeasureAsync(options, string.Empty));
        table.Add("SerialTransport (System.IO.Ports)", await MeasureAsync(options, "serialport:"));
        return table;
    }

    private static Measurement MeasureRaw(BenchmarkOptions options)
    {
        using TestPty pty = new();
        Thread echo = StartEcho(pty);
        using (SafeFileHandle client = pty.OpenClient())
        using (FileStream stream = new(client, FileAccess.ReadWrite, bufferSize: 0, isAsync: false))
        {
            byte[] one = [0x55];
            Measurement measured = Measurement.Take(
                options.Runs,
                () =>
                {
                    for (int i = 0; i < options.Trips; i++)
                    {
                        stream.Write(one);
                        stream.ReadExactly(one);
                    }

                    return options.Trips;
                },
                out _);
            stream.Dispose();
            echo.Join(Limit);
            return measured;
        }
    }

    private static async Task<Measurement> MeasureAsync(BenchmarkOptions options, string prefix)
    {
        using TestPty pty = new();
        Thread echo = StartEcho(pty);
        double[] seconds = new double[options.Runs];
        PingSink sink = new();
        await using (ITransport transport = TransportFactory.Create(prefix + pty.Path))
        {
            sink.Transport = transport;
            await transport.OpenAsync(sink);
            await RunAsync();
            for (int i = 0; i < options.Runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await RunAsync();
                seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        echo.Join(Limit);
        return new Measurement(seconds, sink.AllocatedBytes);

        // Begins on the pool, and moves to the thread that brings the bytes with the first of them.
        Task RunAsync() => Task.Run(() => sink.RunAsync(options.Trips)).WaitAsync(Limit);
    }

    // Ends when the client closes the port.
    private static Thread StartEcho(TestPty pty)
    {
        Thread thread = new(() =>
        {
            byte[] buffer = new byte[64];
            while (pty.Read(buffer, Limit) is var count and > 0)
            {
                pty.Write(buffer.AsSpan(0, count), Limit);
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Waits for each byte on the thread that brings it, and sends the next one there, as the driver does.</summary>
    private sealed class PingSink : ITransportSink, IValueTaskSource
    {
        private readonly byte[] _ping = [0x55];
        private ManualResetValueTaskSourceCore<bool> _arrived;

        public ITransport? Transport { get; set; }

        /// <summary>By the thread that brings the bytes, in the last run; 0 where that is not one thread.</summary>
        public long AllocatedBytes { get; private set; }

        public async Task RunAsync(int trips)
        {
            ITransport transport = Transport ?? throw new InvalidOperationException("No transport yet.");
            long before = 0;
            int thread = 0;
            for (int i = 0; i < trips; i++)
            {
                _arrived.Reset();
                await transport.WriteAsync(_ping);
                await new ValueTask(this, _arrived.Version);
                if (i == 0)
                {
                    before = GC.GetAllocatedBytesForCurrentThread();
                    thread = Environment.CurrentManagedThreadId;
                }
            }

            bool same = thread == Environment.CurrentManagedThreadId;
            AllocatedBytes = same ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        public void Received(ReadOnlySpan<byte> data) => _arrived.SetResult(true);

        public void Closed(TransportException? reason)
        {
            if (reason is not null)
            {
                _arrived.SetException(reason);
            }
        }

        void IValueTaskSource.GetResult(short token) => _arrived.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _arrived.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _arrived.OnCompleted(continuation, state, token, flags);
    }
}
