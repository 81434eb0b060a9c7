using System.Net;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.WiFi;

/// <summary>Echoes, names, time and bit rate of every firmware.</summary>
public sealed class ServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> EachFirmware() => WiFiTests.EachFirmware();

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
    public async Task Name_servers_are_those_of_the_network_or_those_that_were_chosen(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        IPAddress[] chosen = [IPAddress.Parse("1.1.1.1"), IPAddress.Parse("8.8.8.8")];

        Assert.Equal([IPAddress.Parse("192.168.1.1")], await rig.Modem.ReadNameServersAsync(Token).Within(Token));
        await rig.Modem.SetNameServersAsync(chosen, Token).Within(Token);
        Assert.Equal(chosen, await rig.Modem.ReadNameServersAsync(Token).Within(Token));
        await rig.Modem.SetNameServersAsync([], Token).Within(Token);
        Assert.Equal([IPAddress.Parse("192.168.1.1")], await rig.Modem.ReadNameServersAsync(Token).Within(Token));
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task The_time_is_fetched_in_the_zone_that_was_set(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        Assert.Null(await rig.Modem.ReadTimeAsync(Token).Within(Token));
        var source = new NetworkTimeOptions { Servers = ["a.example", "b.example"], UtcOffset = TimeSpan.FromHours(9) };

        await rig.Modem.SetTimeSourceAsync(source, Token).Within(Token);
        DateTimeOffset time = await rig.Modem.WaitForTimeAsync(cancellationToken: Token).Within(Token);

        Assert.Equal(TimeSpan.FromHours(9), time.Offset);
        Assert.InRange((TimeProvider.System.GetUtcNow() - time).TotalMinutes, -10, 10);
        NetworkTimeOptions? read = await rig.Modem.ReadTimeSourceAsync(Token).Within(Token);
        Assert.Equal(["a.example", "b.example"], read?.Servers.Take(2));
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
    public async Task A_restored_module_has_forgotten_its_network(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(
            firmware,
            simulate: options => options with
            {
                StoredSsid = SimulatedWorld.DefaultSsid, StoredPassword = SimulatedWorld.DefaultPassword,
            });

        await rig.Modem.RestoreFactoryAsync(Token).Within(Token);

        Assert.Equal(ModemState.Ready, rig.Modem.State);
        Assert.Equal(WiFiState.NotJoined, await rig.Modem.WiFi.ReadStateAsync(Token).Within(Token));
        await rig.Modem.GoOnlineAsync(Token).Within(Token);
    }
}
