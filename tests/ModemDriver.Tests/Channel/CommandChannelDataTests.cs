using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Channel;

/// <summary>The end of a data state, and who waits for it.</summary>
public sealed class CommandChannelDataTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly DataStateRules Rules = new()
    {
        EnterLine = "AT+SEND\r\n"u8.ToArray(),
        Entered = ["\r\n>"u8.ToArray()],
        Escape = "+++"u8.ToArray(),
        QuietBefore = Limit,
        QuietAfter = Limit,
        Left = [],
        LeaveLine = "AT+MODE=0\r\n"u8.ToArray(),
        Success = "\r\nOK\r\n"u8.ToArray(),
        Failure = "\r\nERROR\r\n"u8.ToArray(),
        Busy = ["busy p...\r\n"u8.ToArray()],
    };

    private readonly ChannelRig _rig = new();

    // The channel was never idle, and there was nothing to wait for: who wanted the wire alone looked again and again, on
    // the loop, and whoever was to end the data state never got his turn.
    [Fact]
    public async Task Who_wants_the_wire_alone_lets_who_waits_in_the_data_state_be_told_first()
    {
        Task<FinalResult> opening = _rig.Execute(new OpenDataCommand());
        _rig.Sent("AT+MODE=1\r\n");
        _rig.Receive("\r\nOK\r\n");
        Assert.True(ChannelRig.ResultOf(opening).IsSuccess);
        Task<bool?> entering = Task.FromResult<bool?>(null);
        _rig.Do(channel => entering = channel.EnterDataAsync(Rules));
        _rig.Sent("AT+SEND\r\n");

        Task<ProbeAnswer> probing = Task.FromResult(ProbeAnswer.None);
        await Task.Run(
            () => _rig.Do(channel =>
            {
                channel.Abort(new ModemProtocolException("data", "a start of the module"));
                probing = channel.ProbeAsync(Limit);
            }),
            TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ModemClosedException>(() => entering);
        _rig.AnswerProbe();
        _rig.Advance(1);
        Assert.Equal(ProbeAnswer.One, await probing);
        _rig.Works();
    }

    [Fact]
    public void A_command_waits_for_the_one_whose_data_state_has_ended_before_it_was_told_of_it()
    {
        Task<FinalResult> opening = _rig.Execute(new OpenDataCommand());
        _rig.Sent("AT+MODE=1\r\n");
        Task<FinalResult> next = Task.FromResult(default(FinalResult));
        bool wasIdle = true;
        _rig.Do(channel =>
        {
            channel.Received("\r\nOK\r\n"u8);
            Assert.True(channel.IsInData);
            channel.Abort(new ModemProtocolException("data", "a start of the module"));
            next = channel.ExecuteAsync(new SimpleCommand("AT+NEXT", Limit)).AsTask();
            wasIdle = channel.WhenIdleAsync().IsCompleted;
        });

        Assert.False(wasIdle);
        Assert.True(ChannelRig.ResultOf(opening).IsSuccess);
        _rig.Sent("AT+NEXT\r\n");
        _rig.Receive("\r\nOK\r\n");
        Assert.True(ChannelRig.ResultOf(next).IsSuccess);
        Assert.Empty(_rig.Faults);
        _rig.Works();
    }

    [Fact]
    public void The_channel_is_idle_when_the_data_state_is_over_and_not_before()
    {
        _ = _rig.Execute(new OpenDataCommand());
        _rig.Sent("AT+MODE=1\r\n");
        _rig.Receive("\r\nOK\r\n");
        Task idle = Task.CompletedTask;
        _rig.Do(channel => idle = channel.WhenIdleAsync());
        Assert.False(idle.IsCompleted);

        _rig.Do(static channel => channel.Abort(new ModemProtocolException("data", "a start of the module")));
        Assert.True(idle.IsCompletedSuccessfully);
        _rig.Works();
    }

    public void Dispose() => _rig.Dispose();

    private sealed class OpenDataCommand() : AtCommand(CommandLineBuilder.Raw("AT+MODE=1"), Limit), IDataSink
    {
        public override IDataSink DataSink => this;

        public void OnData(ReadOnlySpan<byte> bytes) => Assert.Fail("No data have come.");
    }
}
