using System.Globalization;
using ModemDriver.Channel;
using ModemDriver.Protocol;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Channel;

/// <summary>Answers that are late, double or missing, and callers that go away.</summary>
public sealed class CommandChannelTests : IDisposable
{
    private readonly ChannelRig _rig = new();

    [Theory]
    [InlineData("OK")]
    [InlineData("ERROR")]
    public void A_late_answer_of_a_timed_out_command_is_not_given_to_the_next_one(string late)
    {
        Task<FinalResult> first = _rig.Execute("AT+A");
        Task<FinalResult> second = _rig.Execute("AT+B");
        _rig.Sent("AT+A\r\n");

        _rig.Advance(1);
        Assert.Equal(CommandStage.Written, ChannelRig.FailureOf<CommandTimeoutException>(first).Stage);
        Assert.Equal(ChannelState.Quarantine, _rig.Channel.State);
        _rig.Sent();
        _rig.Receive($"\r\n{late}\r\n");

        Assert.False(second.IsCompleted);
        _rig.Sent("AT+B\r\n");
        _rig.Receive("\r\n+CME ERROR: 10\r\n");
        Assert.Equal(new FinalResult(false, "+CME ERROR: 10"), ChannelRig.ResultOf(second));
        _rig.Works();
    }

    [Theory]
    [InlineData("OK")]
    [InlineData("ERROR")]
    public void A_late_answer_during_resynchronisation_is_told_from_that_of_the_probe(string late)
    {
        Task<FinalResult> first = _rig.Execute("AT+A");
        Task<FinalResult> second = _rig.Execute("AT+B");
        _rig.Sent("AT+A\r\n");
        _rig.Advance(1 + 10);
        Assert.Equal(ChannelState.Resynchronising, _rig.Channel.State);
        ChannelRig.FailureOf<CommandTimeoutException>(first);

        _rig.Sent("AT\r\n");
        _rig.Receive($"\r\n{late}\r\n\r\nOK\r\n");
        _rig.Advance(0.1);
        _rig.AnswerProbe();

        _rig.Sent("AT+B\r\n");
        _rig.Receive("OK\r\n");
        Assert.True(ChannelRig.ResultOf(second).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void Without_any_answer_the_channel_is_broken_with_the_first_reason()
    {
        Task<FinalResult> first = _rig.Execute("AT+A");
        Task<FinalResult> second = _rig.Execute("AT+B", seconds: 30);
        _rig.Sent("AT+A\r\n");

        _rig.Advance(1 + 10 + 5);

        _rig.Sent("AT\r\n", "AT\r\n", "AT\r\n", "AT\r\n", "AT\r\n");
        Assert.Equal(ChannelState.Broken, _rig.Channel.State);
        CommandTimeoutException reason = ChannelRig.FailureOf<CommandTimeoutException>(first);
        Assert.Same(reason, _rig.BrokenWith);
        ModemClosedException queued = ChannelRig.FailureOf<ModemClosedException>(second);
        ModemClosedException later = ChannelRig.FailureOf<ModemClosedException>(_rig.Execute("AT+C"));
        Assert.Same(reason, queued.InnerException);
        Assert.Same(reason, later.InnerException);
        Assert.NotSame(queued, later);
    }

    [Fact]
    public void A_command_cancelled_in_the_queue_is_never_sent()
    {
        using CancellationTokenSource source = new();
        Task<FinalResult> first = _rig.Execute("AT+A");
        Task<FinalResult> second = _rig.ExecuteCancellably("AT+B", source.Token);

        source.Cancel();
        _rig.Run();

        Assert.True(second.IsCanceled);
        _rig.Sent("AT+A\r\n");
        _rig.Receive("OK\r\n");
        Assert.True(ChannelRig.ResultOf(first).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public async Task A_command_cancelled_on_the_wire_keeps_its_place()
    {
        using CancellationTokenSource source = new();
        Task<FinalResult> first = _rig.ExecuteCancellably("AT+A", source.Token);
        Task<FinalResult> second = _rig.Execute("AT+B");

        await source.CancelAsync();
        _rig.Run();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(source.Token, cancelled.CancellationToken);
        _rig.Sent("AT+A\r\n");
        _rig.Receive("OK\r\n");
        Assert.False(second.IsCompleted);
        _rig.Sent("AT+B\r\n");
        _rig.Receive("ERROR\r\n");
        Assert.False(ChannelRig.ResultOf(second).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void A_cancelled_token_sends_nothing()
    {
        Assert.True(_rig.ExecuteCancellably("AT+A", new CancellationToken(canceled: true)).IsCanceled);
        _rig.Works();
    }

    [Fact]
    public void A_timeout_says_what_was_sent_how_long_it_took_and_what_came_with_secrets_masked()
    {
        Task<FinalResult> task = _rig.Execute("AT+A");
        _rig.Sent("AT+A\r\n");
        _rig.Receive("+URC: 5\r\n+SECRET: topaz\r\n");

        _rig.Advance(1);

        CommandTimeoutException timeout = ChannelRig.FailureOf<CommandTimeoutException>(task);
        Assert.Equal(("AT+A", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            (timeout.Command, timeout.TimeLimit, timeout.Elapsed));
        Assert.Equal(["+URC: 5", "+SECRET:***"], timeout.LastLines);
        Assert.DoesNotContain("topaz", timeout.ToString(), StringComparison.Ordinal);
        _rig.Receive("OK\r\n");
        _rig.Works();
    }

    [Fact]
    public void Endless_garbage_does_not_put_off_the_time_limit()
    {
        Task<FinalResult> task = _rig.Execute("AT+A");
        _rig.Sent("AT+A\r\n");

        for (int i = 0; i < 100; i++)
        {
            Assert.False(task.IsCompleted);
            _rig.Receive("garbage\r\n\u00ff\u00ff");
            _rig.Advance(0.01);
        }

        ChannelRig.FailureOf<CommandTimeoutException>(task);
        _rig.Receive("\r\nOK\r\n");
        _rig.Works();
    }

    [Fact]
    public void Two_hundred_commands_run_one_at_a_time_in_order()
    {
        Task<FinalResult>[] tasks =
            [.. Enumerable.Range(0, 200).Select(i => _rig.Execute(string.Create(CultureInfo.InvariantCulture, $"AT+X={i}")))];

        for (int i = 0; i < tasks.Length; i++)
        {
            _rig.Sent(string.Create(CultureInfo.InvariantCulture, $"AT+X={i}\r\n"));
            Assert.False(tasks[i].IsCompleted);
            _rig.Receive("OK\r\n");
            Assert.True(ChannelRig.ResultOf(tasks[i]).IsSuccess);
        }

        _rig.Works();
    }

    [Fact]
    public void A_command_that_waits_too_long_for_its_turn_is_never_sent()
    {
        Task<FinalResult> first = _rig.Execute("AT+A", seconds: 120);
        Task<FinalResult> second = _rig.Execute("AT+B");
        _rig.Sent("AT+A\r\n");

        _rig.Advance(60);

        Assert.Equal(CommandStage.Queued, ChannelRig.FailureOf<CommandTimeoutException>(second).Stage);
        _rig.Receive("OK\r\n");
        Assert.True(ChannelRig.ResultOf(first).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void After_an_abort_every_command_has_failed_and_the_next_one_works()
    {
        InvalidOperationException reason = new("the module started anew");
        Task<FinalResult> first = _rig.Execute("AT+A");
        Task<FinalResult> second = _rig.Execute("AT+B");
        _rig.Sent("AT+A\r\n");

        _rig.Do(channel => channel.Abort(reason));

        Assert.Same(reason, ChannelRig.FailureOf<ModemClosedException>(first).InnerException);
        Assert.Same(reason, ChannelRig.FailureOf<ModemClosedException>(second).InnerException);
        _rig.Works();
    }

    [Fact]
    public void A_write_that_fails_breaks_the_channel()
    {
        _rig.Transport.Failure = new TransportException(TransportFailure.Gone, "test", "gone");

        Task<FinalResult> task = _rig.Execute("AT+A");

        _rig.Sent("AT+A\r\n");
        Assert.Same(_rig.Transport.Failure, ChannelRig.FailureOf<ModemClosedException>(task).InnerException);
        Assert.Equal(ChannelState.Broken, _rig.Channel.State);
    }

    [Fact]
    public void A_write_that_fails_as_no_transport_should_still_ends_the_command()
    {
        _rig.Transport.Failure = new InvalidOperationException("a defect of a transport");

        Task<FinalResult> task = _rig.Execute("AT+A");

        _rig.Sent("AT+A\r\n");
        Assert.Same(_rig.Transport.Failure, ChannelRig.FailureOf<ModemClosedException>(task).InnerException);
        Assert.Equal(ChannelState.Broken, _rig.Channel.State);
        Assert.Same(_rig.Transport.Failure, Assert.Single(_rig.Faults));
    }

    [Fact]
    public void A_write_that_never_ends_breaks_the_channel()
    {
        _rig.Transport.Gate = new TaskCompletionSource();

        Task<FinalResult> task = _rig.Execute("AT+A", seconds: 30);
        _rig.Advance(5);

        // A second more for a transport that does not end its write when it is told to.
        _rig.Advance(1);

        _rig.Sent("AT+A\r\n");
        Exception? reason = ChannelRig.FailureOf<ModemClosedException>(task).InnerException;
        Assert.Equal(TransportFailure.Stalled, Assert.IsType<TransportException>(reason).Failure);
        Assert.Equal(ChannelState.Broken, _rig.Channel.State);
    }

    [Fact]
    public void The_echo_is_no_part_of_the_answer_and_no_URC()
    {
        Task<FinalResult> task = _rig.Execute("AT+A");
        _rig.Sent("AT+A\r\n");

        _rig.Receive("AT+A\r\r\n\r\nOK\r\n");

        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        Assert.Empty(_rig.Unsolicited);
    }

    public void Dispose() => _rig.Dispose();
}
