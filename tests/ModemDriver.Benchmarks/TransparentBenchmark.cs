using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks;

/// <summary>
/// Random bytes with the escape sequence in a thousand places, both ways at once through a transparent session on a
/// pseudo-terminal; without and with suspending and resuming it all the while. What arrives is compared byte for byte.
/// </summary>
internal sealed class TransparentBenchmark : IBenchmark
{
    private const int Escapes = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public string Name => "transparent";

    public string Description =>
        "random bytes with +++ in 1000 places both ways through a transparent session (--megabytes), suspended --trips times";

    public async Task<IReport> RunAsync(BenchmarkOptions options)
    {
        int suspensions = options.Trips == new BenchmarkOptions(Name).Trips ? 100 : options.Trips;
        ResultTable table = new(
            $"{options.Megabytes} MiB each way, unharmed, {suspensions} suspensions in the second row",
            "MiB/s each way",
            seconds => options.Megabytes / seconds);
        table.Add("session left alone", await RunOnceAsync(options, 0));
        table.Add($"session suspended {suspensions} times", await RunOnceAsync(options, suspensions));
        return table;
    }

    private static async Task<Measurement> RunOnceAsync(BenchmarkOptions options, int suspensions)
    {
        using CancellationTokenSource limit = new(Limit);
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        await using ModemSimulator module = new(new SimulatorOptions { Network = new HostNetwork() });
        using PtyPort pty = module.OpenPty();
        await using Modem modem = await Modem.OpenAsync(
            pty.DevicePath,
            new ModemOptions { WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword) },
            limit.Token);
        await modem.GoOnlineAsync(limit.Token);
        await using TransparentSession session = await modem.OpenTransparentAsync(
            "127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port, limit.Token);
        using TcpClient peer = await server.AcceptTcpClientAsync(limit.Token);
        byte[] up = Payload(options, 1);
        byte[] down = Payload(options, 2);

        // Of the whole process: the module and the peer are in it.
        long allocated = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        Task traffic = Task.WhenAll(
            WriteAsync(session, up, limit.Token),
            WriteAsync(peer.GetStream(), down, limit.Token),
            CompareAsync(session, down, "down", limit.Token),
            CompareAsync(peer.GetStream(), up, "up", limit.Token));
        for (int i = 0; i < suspensions; i++)
        {
            await session.SuspendAsync(limit.Token);
            await session.ResumeAsync(limit.Token);
        }

        await traffic;
        return new Measurement(
            [Stopwatch.GetElapsedTime(start).TotalSeconds], GC.GetTotalAllocatedBytes() - allocated);
    }

    private static byte[] Payload(BenchmarkOptions options, int stream)
    {
        Random random = new(options.Seed + stream);
        byte[] bytes = new byte[options.Megabytes * 1024 * 1024];
        random.NextBytes(bytes);
        for (int i = 0; i < Escapes; i++)
        {
            "+++"u8.CopyTo(bytes.AsSpan(random.Next(bytes.Length - 3)));
        }

        return bytes;
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        for (int at = 0; at < bytes.Length; at += 16 * 1024)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(16 * 1024, bytes.Length - at)), cancellationToken);
        }
    }

    private static async Task CompareAsync(Stream stream, byte[] sent, string way, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        for (int at = 0; at < sent.Length;)
        {
            int count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0 || !buffer.AsSpan(0, count).SequenceEqual(sent.AsSpan(at, Math.Min(count, sent.Length - at))))
            {
                throw new InvalidDataException($"{way}: not what was sent, between byte {at} and {at + count}.");
            }

            at += count;
        }
    }
}
