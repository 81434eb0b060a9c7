using ModemDriver.Clients;
using System.Text;

namespace ModemDriver.Tests.Clients;

public sealed class ManagedTcpClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_connection_is_a_stream_and_the_next_one_follows()
    {
        var lines = new List<string>();
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions { StableAfter = TimeSpan.MaxValue });
        rig.Run(async (stream, token) =>
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(token) is { } line)
            {
                lines.Add(line);
            }
        });

        foreach (string line in (string[])["one", "two"])
        {
            PeerEnd peer = await rig.AcceptAsync();
            await peer.Output.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), Token);
            await peer.Output.CompleteAsync();
            ManagedTcpChange wait = await rig.NextAsync(ManagedTcpState.Waiting);
            Assert.Null(wait.Reason);
        }

        Assert.Equal(["one", "two"], lines);
    }

    [Fact]
    public async Task Waits_grow_to_the_longest_one_and_tell_the_reason()
    {
        var options = new ManagedTcpOptions { LongestDelay = TimeSpan.FromSeconds(30) };
        await using var rig = new ManagedTcpRig(options) { Instead = _ => throw new IOException("refused") };
        rig.Run((_, _) => Task.CompletedTask);

        var waits = new List<ManagedTcpChange>();
        while (waits.Count < 12)
        {
            waits.Add(await rig.NextAsync(ManagedTcpState.Waiting));
        }

        Assert.All(waits, wait => Assert.InRange(wait.Delay!.Value, TimeSpan.Zero, options.LongestDelay));
        Assert.InRange(waits[0].Delay!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(options.LongestDelay, waits[^1].Delay);
        Assert.Equal(Enumerable.Range(1, 12), waits.Select(wait => wait.Attempt));
        Assert.All(waits, wait => Assert.Equal("refused", wait.Reason!.Message));
    }

    [Fact]
    public async Task After_a_good_connection_the_next_is_made_at_once()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions { StableAfter = TimeSpan.FromSeconds(30) });
        rig.Run((stream, token) => stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, token).AsTask());

        PeerEnd peer = await rig.AcceptAsync();
        await rig.NextAsync(ManagedTcpState.Connected);
        rig.Time.Advance(TimeSpan.FromSeconds(31));
        await peer.Output.CompleteAsync();
        ManagedTcpChange next = await rig.NextAsync();

        Assert.Equal(ManagedTcpState.Connecting, next.State);
        Assert.Equal(1, next.Attempt);
    }

    [Fact]
    public async Task A_heartbeat_is_sent_when_nothing_else_is()
    {
        var options = new ManagedTcpOptions
        {
            Heartbeat = "PING\n"u8.ToArray(),
            HeartbeatInterval = TimeSpan.FromSeconds(60),
        };
        await using var rig = new ManagedTcpRig(options);
        var written = new TaskCompletionSource<long>();
        TimeSpan beforeData = options.HeartbeatInterval - TimeSpan.FromSeconds(10);
        rig.Run(async (stream, token) =>
        {
            await Task.Delay(beforeData, rig.Time, token);
            written.SetResult(rig.Time.GetTimestamp());
            await stream.WriteAsync("data\n"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        PeerEnd peer = await rig.AcceptAsync();

        string first = await ReadLineAsync(rig, peer);
        string second = await ReadLineAsync(rig, peer);

        Assert.Equal("data", first);
        Assert.Equal("PING", second);
        Assert.True(rig.Time.GetElapsedTime(await written.Task) >= options.HeartbeatInterval);
    }

    [Fact]
    public async Task A_silent_peer_is_given_up_and_the_read_says_why()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions { SilenceLimit = TimeSpan.FromSeconds(90) });
        var read = new TaskCompletionSource<Exception>();
        rig.Run(async (stream, token) =>
        {
            try
            {
                await stream.ReadExactlyAsync(new byte[2], token);
            }
            catch (IOException exception)
            {
                read.TrySetResult(exception);
                throw;
            }
        });
        PeerEnd peer = await rig.AcceptAsync();
        await rig.NextAsync(ManagedTcpState.Connected);
        long started = rig.Time.GetTimestamp();
        await peer.Output.WriteAsync(new byte[1], Token);

        Exception thrown = await rig.PassAsync(read.Task, TimeSpan.FromMilliseconds(100));
        ManagedTcpChange wait = await rig.NextAsync(ManagedTcpState.Waiting);

        Assert.IsType<TimeoutException>(thrown.InnerException);
        Assert.IsType<TimeoutException>(wait.Reason);
        Assert.True(rig.Time.GetElapsedTime(started) >= TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_connect_that_never_ends_is_given_up()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions { ConnectTimeLimit = TimeSpan.FromSeconds(20) });
        rig.Instead = async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("cannot be");
        };
        rig.Run((_, _) => Task.CompletedTask);

        ManagedTcpChange wait = await rig.NextAsync(ManagedTcpState.Waiting);

        Assert.IsType<TimeoutException>(wait.Reason);
    }

    [Fact]
    public async Task A_mistake_of_the_user_ends_the_client()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions());
        rig.Run((_, _) => throw new FormatException("not a loss"));

        ManagedTcpChange end = await rig.NextAsync(ManagedTcpState.Stopped);

        Assert.IsType<FormatException>(end.Reason);
        await Assert.ThrowsAsync<FormatException>(() => rig.Running!.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(ManagedTcpState.Stopped, rig.Client.State);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_the_client_for_is_told_as_the_reason()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions());
        rig.Run((_, _) => throw new OperationCanceledException("a time limit of the user's own"));

        ManagedTcpChange end = await rig.NextAsync(ManagedTcpState.Stopped);

        Assert.IsType<OperationCanceledException>(end.Reason);
        await Assert.ThrowsAsync<OperationCanceledException>(() => rig.Running!.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task It_runs_once_at_a_time()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions());
        rig.Run((_, token) => Task.Delay(Timeout.Infinite, token));
        await rig.NextAsync(ManagedTcpState.Connected);

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Client.RunAsync((_, _) => Task.CompletedTask, Token));
    }

    [Fact]
    public async Task It_runs_again_after_it_has_ended()
    {
        await using var rig = new ManagedTcpRig(new ManagedTcpOptions());
        rig.Run((_, _) => throw new FormatException());
        await rig.NextAsync(ManagedTcpState.Stopped);
        await Assert.ThrowsAsync<FormatException>(() => rig.Running!.WaitAsync(TimeSpan.FromSeconds(30), Token));

        rig.Run((_, token) => Task.Delay(Timeout.Infinite, token));

        Assert.Equal(1, (await rig.NextAsync(ManagedTcpState.Connected)).Attempt);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Check(new ManagedTcpOptions { ConnectTimeLimit = TimeSpan.Zero });
        Check(new ManagedTcpOptions { FirstDelay = TimeSpan.FromMinutes(3) });
        Check(new ManagedTcpOptions { LongestDelay = TimeSpan.FromDays(25) });
        Check(new ManagedTcpOptions { StableAfter = TimeSpan.FromSeconds(-1) });
        Check(new ManagedTcpOptions { HeartbeatInterval = TimeSpan.Zero });
        Check(new ManagedTcpOptions { SilenceLimit = TimeSpan.Zero });

        static void Check(ManagedTcpOptions options) => Assert.Throws<ArgumentOutOfRangeException>(
            () => new ManagedTcpClient(_ => ValueTask.FromResult(Stream.Null), options));
    }

    private static async Task<string> ReadLineAsync(ManagedTcpRig rig, PeerEnd peer)
    {
        using var reader = new StreamReader(peer.Input.AsStream(leaveOpen: true), leaveOpen: true, bufferSize: 1);
        return (await rig.PassAsync(reader.ReadLineAsync(Token).AsTask(), TimeSpan.FromMilliseconds(100)))!;
    }
}
