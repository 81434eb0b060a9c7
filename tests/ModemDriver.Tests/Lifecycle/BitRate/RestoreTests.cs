namespace ModemDriver.Tests.Lifecycle.BitRate;

/// <summary>Setting the module back to how it left the factory.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task It_comes_back_ready_at_the_rate_of_the_factory_and_nothing_is_set_again()
    {
        RateRig rig = await RateRig.OpenAsync(goesOnline: true);
        await rig.FinishAsync(rig.Start(() => rig.Modem.WiFi.SetHostNameAsync("meter-7")));
        Assert.Null(await rig.SetAsync(921_600));
        rig.Module.Sent.Clear();

        Task restoring = rig.Start(() => rig.Modem.RestoreFactoryAsync());
        Assert.Equal(["AT+RESTORE"], rig.Module.Sent);
        rig.Module.Rate = 115_200;
        rig.Say("\r\nready\r\n");
        await rig.FinishAsync(restoring);

        Assert.Equal(ModemState.Ready, rig.Modem.State);
        Assert.DoesNotContain("AT+CWHOSTNAME=\"meter-7\"", rig.Module.Sent);
        Assert.DoesNotContain("AT+UART_CUR=921600,8,1,0,0", rig.Module.Sent);
        await rig.WorksAtAsync(115_200);
    }

    [Fact]
    public async Task A_refusal_changes_nothing()
    {
        RateRig rig = await RateRig.OpenAsync(goesOnline: true);
        rig.Module.Answer = line => line == "AT+RESTORE" ? "\r\nERROR\r\n" : null;

        Task restoring = rig.Start(() => rig.Modem.RestoreFactoryAsync());

        await rig.PassUntilAsync(() => restoring.IsCompleted, TimeSpan.FromSeconds(20));

        Assert.IsType<CommandFailedException>(restoring.Exception?.InnerException);
        Assert.Equal(ModemState.Online, rig.Modem.State);
        await rig.WorksAtAsync(115_200);
    }
}
