using System.Runtime.Versioning;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>
/// The back end for Linux with ports that give their threads up whenever nothing is ready: everything that a transport
/// does, with as many changes of thread as there can be.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class IdleSerialPortTests : SerialConformance
{
    private const int LargerThanTheTerminal = 256 * 1024;

    private protected override string Prefix => string.Empty;

    [Fact]
    public async Task Quiet_ports_have_one_thread_together()
    {
        const int Ports = 32;
        await using PtyRig busy = new(path => Named("quiet never", path, idleLimit: null));
        await busy.OpenAsync(Stop);
        await Deadline.UntilAsync(() => Threads("modem quiet") == 1, Stop); // seen by its name
        PtyRig[] rigs = [.. Enumerable.Range(0, Ports)
            .Select(i => new PtyRig(path => Named($"quiet {i}", path, TimeSpan.Zero)))];
        try
        {
            foreach (PtyRig rig in rigs)
            {
                await rig.OpenAsync(Stop);
            }

            await Task.WhenAll(rigs.Select(WhenParkedAsync));

            await Deadline.UntilAsync(() => Threads("modem quiet") == 1, Stop);
            Assert.Equal(1, Threads("modem watch"));
            Assert.False(IsParked(busy));
        }
        finally
        {
            foreach (PtyRig rig in rigs)
            {
                await rig.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Bytes_of_a_port_that_falls_idle_again_and_again_arrive_in_order_both_ways()
    {
        const int Times = 500;
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        byte[] sent = RandomBytes(Times * (Times + 1) / 2);
        int done = 0;

        for (int count = 1; count <= Times; count++)
        {
            byte[] piece = sent[done..(done + count)];
            done += count;
            await WhenParkedAsync(rig);
            await rig.Transport.WriteAsync(piece, Stop).Within(Stop);
            Assert.Equal(piece, await rig.PeerReadExactlyAsync(count).Within(Stop));
            Assert.True(IsParked(rig)); // a write that is taken at once needs no thread
            await rig.PeerWriteAsync(piece).Within(Stop);
            await rig.Sink.WaitForAsync(done, Stop);
        }

        Assert.Equal(sent, rig.Sink.Bytes);
        rig.Sink.AssertContract(closings: 0);
    }

    [Fact]
    public async Task Unplugging_an_idle_port_is_told()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await WhenParkedAsync(rig);

        rig.Unplug();

        TransportException? reason = await rig.Sink.Closed.Within(Stop);
        Assert.Equal(TransportFailure.Gone, reason?.Failure);
        rig.Sink.AssertContract(closings: 1);
    }

    [Fact]
    public async Task An_idle_port_that_is_closed_can_be_opened_again()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await WhenParkedAsync(rig);

        await rig.Transport.DisposeAsync().Within(Stop);

        Assert.Null(await rig.Sink.Closed.Within(Stop));
        RecordingSink sink = new();
        await using ITransport next = Create(rig.Pty.Path, TimeProvider.System);
        await next.OpenAsync(sink, Stop).Within(Stop);
        await rig.PeerWriteAsync("on"u8.ToArray()).Within(Stop);
        await sink.WaitForAsync(2, Stop);
        Assert.Equal("on"u8.ToArray(), sink.Bytes);
    }

    [Fact]
    public async Task A_write_that_the_terminal_does_not_take_at_once_waits_without_a_thread_and_completes()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await WhenParkedAsync(rig);
        byte[] sent = RandomBytes(LargerThanTheTerminal);

        ValueTask write = rig.Transport.WriteAsync(sent, Stop);
        Assert.False(write.IsCompleted);
        await WhenParkedAsync(rig);

        Assert.Equal(sent, await rig.PeerReadExactlyAsync(sent.Length).Within(Stop));
        await write.Within(Stop);
    }

    [Fact]
    public async Task A_write_that_waits_without_a_thread_ends_when_the_port_is_unplugged()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await WhenParkedAsync(rig);
        ValueTask write = rig.Transport.WriteAsync(new byte[LargerThanTheTerminal], Stop);
        await WhenParkedAsync(rig);

        rig.Unplug();

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => write.Within(Stop));
        Assert.Equal(TransportFailure.Gone, thrown.Failure);
    }

    [Fact]
    public async Task An_idle_port_that_is_paused_keeps_its_bytes_until_it_goes_on()
    {
        await using PtyRig rig = CreatePtyRig();
        await using PtyRig other = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await other.OpenAsync(Stop);
        await WhenParkedAsync(rig);
        await WhenParkedAsync(other);

        Assert.True(rig.Transport.TryPauseReceiving(true));
        await rig.PeerWriteAsync("held"u8.ToArray()).Within(Stop);
        // The watch has seen both ports by the time the second of these has come.
        for (int i = 1; i <= 2; i++)
        {
            await WhenParkedAsync(rig);
            await WhenParkedAsync(other);
            await other.PeerWriteAsync(new byte[1]).Within(Stop);
            await other.Sink.WaitForAsync(i, Stop);
        }

        await WhenParkedAsync(rig);
        Assert.Empty(rig.Sink.Bytes);
        Assert.True(rig.Transport.TryPauseReceiving(false));
        await rig.Sink.WaitForAsync(4, Stop);
        Assert.Equal("held"u8.ToArray(), rig.Sink.Bytes);
    }

    [Fact]
    public async Task Unplugging_an_idle_port_that_is_paused_is_told()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await WhenParkedAsync(rig);
        Assert.True(rig.Transport.TryPauseReceiving(true));
        await WhenParkedAsync(rig);

        rig.Unplug();

        TransportException? reason = await rig.Sink.Closed.Within(Stop);
        Assert.Equal(TransportFailure.Gone, reason?.Failure);
    }

    [Fact]
    public async Task A_sink_that_takes_its_time_holds_up_no_other_port()
    {
        await using PtyRig slow = CreatePtyRig();
        await using PtyRig quick = CreatePtyRig();
        using ManualResetEventSlim goOn = new();
        TaskCompletionSource<bool> wasLetGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Sink.OnReceived = () =>
        {
            inside.TrySetResult();
            wasLetGo.TrySetResult(goOn.Wait(Deadline.Limit, CancellationToken.None));
        };
        await slow.OpenAsync(Stop);
        await quick.OpenAsync(Stop);
        await WhenParkedAsync(slow);
        await WhenParkedAsync(quick);

        await slow.PeerWriteAsync(new byte[1]).Within(Stop);
        await inside.Task.Within(Stop);
        await quick.PeerWriteAsync(new byte[1]).Within(Stop);
        await quick.Sink.WaitForAsync(1, Stop);

        Assert.False(wasLetGo.Task.IsCompleted);
        goOn.Set();
        Assert.True(await wasLetGo.Task.Within(Stop));
    }

    private protected override ITransport Create(
        string path, TimeProvider timeProvider, SerialTransportOptions? options = null) =>
        new LinuxSerialTransport(
            path, options ?? new SerialTransportOptions(), timeProvider, find: null, idleLimit: TimeSpan.Zero);

    private static LinuxSerialTransport Named(string name, string path, TimeSpan? idleLimit) =>
        new(name, new SerialTransportOptions(), TimeProvider.System, () => path, idleLimit);

    private static Task WhenParkedAsync(PtyRig rig) =>
        Deadline.UntilAsync(() => IsParked(rig), Stop);

    private static bool IsParked(PtyRig rig) => ((LinuxSerialTransport)rig.Transport).IsParked;

    private static int Threads(string name) =>
        Directory.GetDirectories("/proc/self/task")
            .Count(thread => NameOf(thread).StartsWith(name, StringComparison.Ordinal));

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm"));
        }
        catch (IOException)
        {
            return string.Empty; // it has ended meanwhile
        }
    }
}
