using ModemDriver.Protocol;

namespace ModemDriver.Tests.Channel;

/// <summary>A module that refuses a line because it is at work.</summary>
public sealed class CommandChannelBusyTests : IDisposable
{
    private readonly ChannelRig _rig = new();

    [Fact]
    public void A_refused_line_is_repeated_and_afterwards_the_channel_settles()
    {
        Task<FinalResult> task = _rig.Execute("AT+A", seconds: 5);
        _rig.Sent("AT+A\r\n");
        _rig.Receive("busy p...\r\n");
        _rig.Sent();
        _rig.Advance(0.2);
        _rig.Sent("AT+A\r\n");
        _rig.Receive("\r\nERROR\r\n");

        Assert.False(ChannelRig.ResultOf(task).IsSuccess);
        Task<FinalResult> next = _rig.Execute("AT+B");
        _rig.AnswerProbe();
        _rig.Sent("AT+B\r\n");
        _rig.Receive("OK\r\n");
        Assert.True(ChannelRig.ResultOf(next).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void A_refused_line_that_is_answered_all_the_same_is_not_repeated()
    {
        Task<FinalResult> task = _rig.Execute("AT+A", seconds: 5);
        _rig.Receive("busy p...\r\n");
        _rig.Advance(0.1);
        _rig.Receive("\r\nOK\r\n");

        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        _rig.Sent("AT+A\r\n");
    }

    [Fact]
    public void When_both_lines_are_answered_the_second_answer_is_not_given_to_the_next_command()
    {
        Task<FinalResult> task = _rig.Execute("AT+A", seconds: 5);
        _rig.Receive("busy p...\r\n");
        _rig.Advance(0.2);
        _rig.Sent("AT+A\r\n", "AT+A\r\n");
        _rig.Receive("\r\nOK\r\n");
        Assert.True(ChannelRig.ResultOf(task).IsSuccess);

        Task<FinalResult> next = _rig.Execute("AT+B");
        _rig.Sent("AT\r\n");
        _rig.Receive("\r\nOK\r\n\r\nOK\r\n");
        _rig.Advance(0.1);
        _rig.AnswerProbe();

        _rig.Sent("AT+B\r\n");
        _rig.Receive("ERROR\r\n");
        Assert.False(ChannelRig.ResultOf(next).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void A_busy_storm_ends_by_the_time_limit_and_another_command_works()
    {
        Task<FinalResult> task = _rig.Execute("AT+A", seconds: 5);
        int attempts = 0;
        for (int i = 0; i < 500; i++)
        {
            Assert.False(task.IsCompleted, $"ended after {i} steps");
            foreach (string write in _rig.Transport.TakeWrites())
            {
                Assert.Equal("AT+A\r\n", write);
                attempts++;
                _rig.Receive("busy p...\r\n");
            }

            _rig.Advance(0.01);
        }

        _rig.Advance(0.3);
        ChannelRig.FailureOf<CommandTimeoutException>(task);
        Assert.InRange(attempts, 5, 25);
        _rig.Advance(10);
        _rig.AnswerProbe();
        _rig.Works();
    }

    [Fact]
    public void A_module_that_is_busy_while_it_is_probed_is_asked_again()
    {
        Task<FinalResult> task = _rig.Execute("AT+A");
        _rig.Sent("AT+A\r\n");
        _rig.Advance(1 + 10);
        ChannelRig.FailureOf<CommandTimeoutException>(task);

        for (int i = 0; i < 10; i++)
        {
            _rig.Sent("AT\r\n");
            _rig.Receive("busy p...\r\n");
            _rig.Advance(1);
        }

        _rig.AnswerProbe();
        _rig.Works();
    }

    public void Dispose() => _rig.Dispose();
}
