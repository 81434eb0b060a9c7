using ModemDriver.Protocol;

namespace ModemDriver.Tests.Review;

/// <summary>What may happen while a modem recovers.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Closing_does_not_wait_for_the_pause_between_attempts()
    {
        RunnerRig rig = new(new RecoveryOptions
        {
            FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(1),
        });
        await rig.GoOnlineAsync();
        LoseAccessPoint(rig);

        Task closing = rig.Start(rig.Runner.CloseAsync);
        rig.Pass(Soon);

        Assert.True(closing.IsCompletedSuccessfully, "still closing");
        Assert.Equal(ModemState.Closed, rig.Runner.State);
    }

    [Fact]
    public async Task A_module_that_starts_anew_in_a_pause_between_attempts_is_brought_up()
    {
        RunnerRig rig = new();
        await rig.GoOnlineAsync();
        LoseAccessPoint(rig);
        rig.Module.Sent.Clear();
        rig.Module.Answer = static _ => null;

        rig.Say("\r\nready\r\n");
        rig.Pass(TimeSpan.FromSeconds(30));

        Assert.Equal(ModemState.Online, rig.Runner.State);
        Assert.Contains("AT+CIPMUX=1", rig.Module.Sent);
    }

    [Fact]
    public async Task A_module_that_starts_anew_while_its_address_is_waited_for_is_brought_up_before_it_is_online()
    {
        RunnerRig rig = new();
        await rig.FinishAsync(rig.Start(() => rig.Runner.OpenAsync(CancellationToken.None)));
        rig.Module.Answer = static line => line == "AT+CIFSR" ? "+CIFSR:STAIP,\"0.0.0.0\"\r\n\r\nOK\r\n" : null;
        Task joining = rig.Start(() => rig.Runner.GoOnlineAsync(null, isForced: false, CancellationToken.None));
        Assert.Equal("AT+CIFSR", rig.Module.Sent[^1]);

        // For a while the module says nothing: it is starting.
        rig.Module.Sent.Clear();
        rig.Module.Answer = static _ => string.Empty;
        rig.Say("\r\nready\r\n");
        rig.Pass(TimeSpan.FromSeconds(3));

        Assert.Equal(ModemState.Recovering, rig.Runner.State);
        await Assert.ThrowsAsync<ModemClosedException>(() => rig.FinishAsync(joining));
        Assert.DoesNotContain("AT+CIFSR", rig.Module.Sent);

        rig.Module.Answer = static _ => null;
        rig.Pass(TimeSpan.FromSeconds(60));
        Assert.Contains("AT+CIPMUX=1", rig.Module.Sent);
        Assert.Equal(ModemState.Ready, rig.Runner.State);
    }

    [Fact]
    public async Task Closing_while_a_recovery_waits_for_its_turn_does_not_throw()
    {
        RunnerRig rig = new();
        await rig.GoOnlineAsync();
        rig.Module.Answer = static _ => string.Empty;
        Task<FinalResult> slow = Task.FromResult(default(FinalResult));
        Task running = rig.Start(() => slow = rig.Runner.ExecuteAsync(
            new Commands.SimpleCommand("AT+SLOW", TimeSpan.FromSeconds(20)), CancellationToken.None).AsTask());
        rig.Say("WIFI DISCONNECT\r\n");
        Assert.Equal(ModemState.Recovering, rig.Runner.State);

        await rig.FinishAsync(rig.Start(rig.Runner.CloseAsync));

        Assert.Equal(ModemState.Closed, rig.Runner.State);
        await Assert.ThrowsAsync<ModemClosedException>(() => running);
    }

    [Fact]
    public async Task A_factory_that_throws_something_of_its_own_is_tried_again()
    {
        RunnerRig rig = new();
        await rig.GoOnlineAsync();
        rig.Create = static () => throw new InvalidOperationException("not yet");
        _ = rig.Start(() =>
        {
            rig.Runner.OnPortClosed(null);
            return Task.CompletedTask;
        });
        rig.Pass(Soon);
        Assert.Equal(ModemState.Recovering, rig.Runner.State);

        rig.Create = () => rig.Module;
        rig.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(ModemState.Online, rig.Runner.State);
    }

    [Fact]
    public async Task A_link_that_comes_up_in_the_middle_of_a_probe_does_not_stop_the_recovery()
    {
        RunnerRig rig = new();
        await rig.GoOnlineAsync();
        rig.Module.Answer = static _ => string.Empty;
        rig.Say("\r\nready\r\n");
        Assert.Equal("AT", rig.Module.Sent[^1]);

        rig.Module.Answer = static _ => null;
        rig.Say("0,CONNECT\r\n");
        rig.Pass(TimeSpan.FromSeconds(30));

        Assert.Equal(ModemState.Online, rig.Runner.State);
        Assert.Contains("AT+CIPCLOSE=0", rig.Module.Sent);
    }

    // The first attempt has failed, and the modem pauses before the second.
    private static void LoseAccessPoint(RunnerRig rig)
    {
        rig.Module.Answer = static line =>
            line == "AT+CWJAP?" ? "\r\nOK\r\n"
            : line.StartsWith("AT+CWJAP=", StringComparison.Ordinal) ? "+CWJAP:3\r\n\r\nERROR\r\n"
            : null;
        rig.Say("WIFI DISCONNECT\r\n");
        rig.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ModemState.Recovering, rig.Runner.State);
    }
}
