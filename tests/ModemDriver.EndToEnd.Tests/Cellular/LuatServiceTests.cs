using System.Net;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Names, echoes, bit rate and starts of cellular modules.</summary>
public sealed class LuatServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> EachFirmware() =>
        [.. PersonalityCatalog.Names.Where(name => name.StartsWith("air", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_name_is_found_or_not(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        rig.Network.AddName("server.test", Rig.Host);

        Assert.Equal(IPAddress.Parse(Rig.Host), await rig.Modem.ResolveAsync("server.test", Token).Within(Token));
        await Assert.ThrowsAsync<CommandFailedException>(
            () => rig.Modem.ResolveAsync("nobody.test", Token).Within(Token));
        await using LinkStream link = await rig.Modem.ConnectAsync("server.test", 7, Token).Within(Token);
        await Traffic.EchoAsync(link, 1_000, 1, Token);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task An_echo_comes_back_or_is_missed(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);

        TimeSpan roundTrip = await rig.Modem.PingAsync(Rig.Host, Token).Within(Token);
        PingException missed = await Assert.ThrowsAsync<PingException>(
            () => rig.Modem.PingAsync("10.0.0.99", Token).Within(Token));

        Assert.Equal(rig.Network.PingTime, roundTrip);
        Assert.Equal(PingFailure.TimedOut, missed.Reason);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Name_servers_are_those_that_were_chosen(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        IPAddress[] chosen = [IPAddress.Parse("1.1.1.1"), IPAddress.Parse("8.8.8.8")];
        await rig.Modem.SetNameServersAsync(chosen, Token).Within(Token);

        Assert.Equal(chosen, await rig.Modem.ReadNameServersAsync(Token).Within(Token));
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task The_bit_rate_of_module_and_port_changes_and_links_work_at_it(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware, Way.Pty);
        await rig.Modem.SetBitRateAsync(921_600, Token).Within(Token);

        Assert.Equal(921_600, rig.Modem.BitRate);
        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, 20_000, 5, Token);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_module_that_is_started_anew_is_online_again(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        await rig.Modem.ResetModuleAsync(Token).Within(Token);

        Assert.Equal(ModemState.Online, rig.Modem.State);
        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, 1_000, 6, Token);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_module_that_is_set_back_is_ready_and_goes_online_when_it_is_asked_to(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        await rig.Modem.RestoreFactoryAsync(Token).Within(Token);

        Assert.Equal(ModemState.Ready, rig.Modem.State);
        await rig.Modem.GoOnlineAsync(Token).Within(Token);
        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, 1_000, 7, Token);
    }
}
