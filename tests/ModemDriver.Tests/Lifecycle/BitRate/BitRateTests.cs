using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle.BitRate;

/// <summary>Module and port change their rate together, or not at all.</summary>
public sealed class BitRateTests
{
    private const string ToFast = "AT+UART_CUR=921600,8,1,0,0";
    private const int Slow = 115_200;
    private const int Fast = 921_600;

    [Fact]
    public async Task Both_change_and_it_is_made_sure_of()
    {
        RateRig rig = await RateRig.OpenAsync();

        Assert.Null(await rig.SetAsync(Fast));

        Assert.Equal(["AT+UART_CUR?", ToFast, "AT", "AT"], rig.Module.Sent);
        await rig.WorksAtAsync(Fast);
    }

    [Fact]
    public async Task The_rate_that_it_has_is_not_set_again()
    {
        RateRig rig = await RateRig.OpenAsync();

        Assert.Null(await rig.SetAsync(Slow));

        Assert.Empty(rig.Module.Sent);
    }

    [Theory]
    [InlineData("+UART_CUR:115273,8,1,0,3\r\n\r\nOK\r\n", "AT+UART_CUR=921600,8,1,0,3")]
    [InlineData("+UART:115200,7,3,2,0\r\n\r\nOK\r\n", "AT+UART_CUR=921600,7,3,2,0")]
    [InlineData("+UART_CUR:0,0,0,0,0\r\n\r\nOK\r\n", "AT+UART_CUR=921600,8,3,2,3")]
    [InlineData("+UART_CUR:115200,8,1\r\n\r\nOK\r\n", "AT+UART_CUR=921600,8,3,2,3")]
    [InlineData("\r\nERROR\r\n", "AT+UART_CUR=921600,8,3,2,3")]
    public async Task All_else_stays_as_the_module_has_it_or_else_the_port(string answer, string line)
    {
        RateRig rig = await RateRig.OpenAsync(new SerialTransportOptions
        {
            StopBits = SerialStopBits.Two, Parity = SerialParity.Even, FlowControl = SerialFlowControl.RtsCts,
        });
        rig.Module.Answer = asked => asked == "AT+UART_CUR?" ? answer : null;

        Assert.Null(await rig.SetAsync(Fast));

        Assert.Contains(line, rig.Module.Sent);
    }

    [Fact]
    [Trait("Quirk", "Q29")]
    public async Task A_module_that_answers_at_the_new_rate_is_understood()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.AnswersAtNewRate = true;

        Assert.Null(await rig.SetAsync(Fast));

        await rig.WorksAtAsync(Fast);
    }

    [Fact]
    public async Task A_module_that_is_busy_is_told_again()
    {
        RateRig rig = await RateRig.OpenAsync();
        int told = 0;
        rig.Module.Answer = line => line == ToFast && ++told < 3 ? "\r\nbusy p...\r\n" : null;

        Assert.Null(await rig.SetAsync(Fast));

        Assert.Equal(3, told);
        await rig.WorksAtAsync(Fast);
    }

    [Fact]
    public async Task A_refusal_changes_nothing()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.Answer = line => line == ToFast ? "\r\nERROR\r\n" : null;

        BitRateException failed = Assert.IsType<BitRateException>(await rig.SetAsync(Fast));

        Assert.Equal((BitRateFailure.RefusedByModule, Fast, Slow), (failed.Reason, failed.BitRate, failed.FormerBitRate));
        Assert.Equal(ModemState.Ready, rig.Modem.State);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task What_the_port_cannot_do_is_not_asked_of_the_module()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.PortCan = rate => rate != Fast;

        BitRateException failed = Assert.IsType<BitRateException>(await rig.SetAsync(Fast));

        Assert.Equal(BitRateFailure.RefusedByPort, failed.Reason);
        Assert.Contains("rated cannot do 921600 bit/s.", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ToFast, rig.Module.Sent);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task A_module_that_hears_but_is_not_heard_is_told_to_come_back()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.GarbledAt.Add(Fast);

        BitRateException failed = Assert.IsType<BitRateException>(await rig.SetAsync(Fast));

        Assert.Equal(BitRateFailure.NoAnswer, failed.Reason);
        Assert.Equal(ModemState.Ready, rig.Modem.State);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task A_module_that_only_says_so_is_found_where_it_was()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.OnlySaysSo = true;

        BitRateException failed = Assert.IsType<BitRateException>(await rig.SetAsync(Fast));

        Assert.Equal(BitRateFailure.NoAnswer, failed.Reason);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task A_module_that_is_lost_is_looked_for_and_not_sent_away_again()
    {
        RateRig rig = await RateRig.OpenAsync();
        rig.Module.DeafAt.Add(Fast);

        BitRateException failed = Assert.IsType<BitRateException>(await rig.SetAsync(Fast));

        Assert.Equal(BitRateFailure.ModuleLost, failed.Reason);
        Assert.Equal(ModemState.Recovering, rig.Modem.State);
        rig.Module.Rate = Slow; // its power was cut
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Ready, TimeSpan.FromMinutes(2));
        Assert.Equal(ModemState.Ready, rig.Modem.State);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task Commands_that_come_meanwhile_wait_and_go_out_at_the_new_rate()
    {
        RateRig rig = await RateRig.OpenAsync();
        Task setting = rig.Start(() => rig.Modem.SetBitRateAsync(Fast));
        Task sending = rig.Start(() => rig.Modem.SendAsync("AT+MEANWHILE"));

        await rig.FinishAsync(setting);
        await rig.FinishAsync(sending);

        Assert.Equal("AT+MEANWHILE", rig.Module.Sent[^1]);
    }

    [Fact]
    public async Task A_module_that_starts_anew_is_taken_to_the_rate_again()
    {
        RateRig rig = await RateRig.OpenAsync();
        Assert.Null(await rig.SetAsync(Fast));
        rig.Module.Rate = Slow;
        rig.Module.Sent.Clear();

        // Its word that it is ready is noise at the port's rate; a command finds out.
        Task sending = rig.Start(() => rig.Modem.SendAsync("AT+X", TimeSpan.FromSeconds(1)));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Recovering, TimeSpan.FromMinutes(1));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Ready, TimeSpan.FromMinutes(2));

        await Assert.ThrowsAsync<CommandTimeoutException>(() => sending);
        Assert.Contains(ToFast, rig.Module.Sent);
        await rig.WorksAtAsync(Fast);
    }

    [Fact]
    public async Task A_module_that_does_not_take_the_rate_again_is_used_at_its_own()
    {
        RateRig rig = await RateRig.OpenAsync();
        Assert.Null(await rig.SetAsync(Fast));
        rig.Module.Rate = Slow;
        rig.Module.Answer = line => line == ToFast ? "\r\nERROR\r\n" : null;

        Task sending = rig.Start(() => rig.Modem.SendAsync("AT+X", TimeSpan.FromSeconds(1)));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Recovering, TimeSpan.FromMinutes(1));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Ready, TimeSpan.FromMinutes(2));

        Assert.True(sending.IsFaulted);
        await rig.WorksAtAsync(Slow);
    }

    [Fact]
    public async Task A_rate_off_the_list_is_tried_before_the_list_when_the_port_is_opened_anew()
    {
        const int Odd = 250_000;
        RateRig rig = await RateRig.OpenAsync();
        Assert.Null(await rig.SetAsync(Odd));
        rig.Module.PortRate = Slow; // as a port is opened

        Task sending = rig.Start(() => rig.Modem.SendAsync("AT+X", TimeSpan.FromSeconds(1)));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Recovering, TimeSpan.FromMinutes(1));
        await rig.PassUntilAsync(() => rig.Modem.State == ModemState.Ready, TimeSpan.FromMinutes(2));

        Assert.True(sending.IsFaulted);
        await rig.WorksAtAsync(Odd);
    }

    [Fact]
    public async Task An_open_link_is_in_the_way_and_is_named()
    {
        RateRig rig = await RateRig.OpenAsync(goesOnline: true);
        Task<LinkStream> connecting = rig.Start(() => rig.Modem.ConnectAsync("10.0.0.9", 7));
        await rig.FinishAsync(connecting);
        rig.Module.Sent.Clear();

        LinkException refused = Assert.IsType<LinkException>(await rig.SetAsync(Fast));

        Assert.Contains("Link 4 to 10.0.0.9:7 is in the way of another bit rate", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ToFast, rig.Module.Sent);
    }

    [Fact]
    public async Task A_port_without_a_rate_says_so_and_nothing_is_sent()
    {
        RateRig rig = await RateRig.OpenAsync(module: new RatedModule { HasRate = false });

        FeatureNotSupportedException refused = Assert.IsType<FeatureNotSupportedException>(await rig.SetAsync(Fast));

        Assert.Equal(ModemFeature.BitRateChange, refused.Feature);
        Assert.Contains("rated has no bit rate of its own", refused.Message, StringComparison.Ordinal);
        Assert.Empty(rig.Module.Sent);
    }

    [Theory]
    [InlineData(299)]
    [InlineData(5_000_001)]
    [InlineData(-1)]
    public async Task A_rate_out_of_range_is_refused_and_nothing_is_sent(int rate)
    {
        RateRig rig = await RateRig.OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => rig.Modem.SetBitRateAsync(rate, TestContext.Current.CancellationToken));

        Assert.Empty(rig.Module.Sent);
    }
}
