using System.Net;
using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.WiFi;

/// <summary>The radio of every firmware: scan, join, leave, settings, the module's own access point.</summary>
public sealed class WiFiTests
{
    private static readonly StaticAddress Fixed = new(
        IPAddress.Parse("192.168.1.50"), IPAddress.Parse("192.168.1.1"), IPAddress.Parse("255.255.255.0"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> EachFirmware() =>
        [.. PersonalityCatalog.Names.Where(name => name.StartsWith("esp-at", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Sixty_access_points_with_names_of_all_kinds_are_heard_and_told_apart(string firmware)
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(NameOf)];
        SimulatedWorld world = new(
            [.. names.Select((name, i) => new AccessPoint
            {
                // The world has one character for each byte.
                Ssid = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(name)),
                Bssid = $"02:00:00:00:00:{i:x2}",
                RssiDbm = -30 - i,
                Channel = 1 + (i % 13),
            })]);
        await using Rig rig = await RigOf(firmware, world);

        IReadOnlyList<ScannedAccessPoint> heard = await rig.Modem.WiFi.ScanAsync(cancellationToken: Token).Within(Token);

        Assert.Equal(names, heard.Select(found => found.Ssid));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => -30 - i), heard.Select(found => found.RssiDbm));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (int?)(1 + (i % 13))), heard.Select(found => found.Channel));
        Assert.All(heard, found => Assert.Equal(AccessPointSecurity.Wpa2, found.Security));
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_hidden_access_point_is_hidden_and_the_weak_are_left_out(string firmware)
    {
        SimulatedWorld world = new(
            new AccessPoint { Ssid = "", Bssid = "02:00:00:00:00:01", RssiDbm = -50 },
            new AccessPoint { Ssid = "weak", Bssid = "02:00:00:00:00:02", RssiDbm = -90 });
        await using Rig rig = await RigOf(firmware, world);

        IReadOnlyList<ScannedAccessPoint> heard = await rig.Modem.WiFi
            .ScanAsync(new WiFiScanRequest { WeakestRssiDbm = -80 }, Token).Within(Token);

        Assert.True(Assert.Single(heard).IsHidden);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_network_is_joined_asked_about_and_left(string firmware)
    {
        await using Rig rig = await RigOf(firmware, new SimulatedWorld());
        WiFiInterface wiFi = rig.Modem.WiFi;
        Assert.Equal(WiFiState.NotJoined, await wiFi.ReadStateAsync(Token).Within(Token));

        await wiFi.JoinAsync(Home(), Token).Within(Token);

        Assert.Equal(WiFiState.Joined, await wiFi.ReadStateAsync(Token).Within(Token));
        AccessPointInfo? joined = await wiFi.ReadAccessPointAsync(Token).Within(Token);
        Assert.Equal((SimulatedWorld.DefaultSsid, -48), (joined?.Ssid, joined?.RssiDbm));
        Assert.Equal(
            new IPConfiguration(
                IPAddress.Parse("192.168.1.77"), IPAddress.Parse("192.168.1.1"), IPAddress.Parse("255.255.255.0"), true),
            await wiFi.ReadConfigurationAsync(Token).Within(Token));

        await wiFi.LeaveAsync(Token).Within(Token);

        Assert.Equal(ModemState.Ready, rig.Modem.State);
        Assert.Equal(WiFiState.NotJoined, await wiFi.ReadStateAsync(Token).Within(Token));
        await rig.Modem.GoOnlineAsync(Token).Within(Token);
        await using LinkStream link = await rig.ConnectAsync();
        await Traffic.EchoAsync(link, 10_000, 7, Token);
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task A_fixed_address_is_taken_and_given_up(string firmware)
    {
        await using Rig rig = await RigOf(firmware, new SimulatedWorld());

        await rig.Modem.WiFi.JoinAsync(Home() with { StaticAddress = Fixed }, Token).Within(Token);
        IPConfiguration first = await rig.Modem.WiFi.ReadConfigurationAsync(Token).Within(Token);
        await rig.Modem.WiFi.JoinAsync(Home(), Token).Within(Token);
        IPConfiguration second = await rig.Modem.WiFi.ReadConfigurationAsync(Token).Within(Token);

        Assert.Equal(new IPConfiguration(Fixed.Address, Fixed.Gateway, Fixed.Netmask, false), first);
        Assert.Equal((IPAddress.Parse("192.168.1.77"), true), (second.Address, second.UsesDhcp));
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task What_is_set_is_read_back_and_survives_a_reset(string firmware)
    {
        await using Rig rig = await RigOf(firmware, new SimulatedWorld());
        WiFiInterface wiFi = rig.Modem.WiFi;
        var country = new WiFiCountry("JP", 1, 14, FollowsAccessPoint: false);
        bool hasCountry = rig.Modem.Supports(ModemFeature.WiFiCountry);
        await wiFi.SetHostNameAsync("meter-7", Token).Within(Token);
        await wiFi.SetHardwareAddressAsync("1a:fe:34:9c:df:aa", Token).Within(Token);
        await wiFi.SetPowerSaveAsync(WiFiPowerSave.ModemSleep, Token).Within(Token);
        if (hasCountry)
        {
            await wiFi.SetCountryAsync(country, Token).Within(Token);
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("meter-7", await wiFi.ReadHostNameAsync(Token).Within(Token));
            Assert.Equal(
                "1a:fe:34:9c:df:aa", (await wiFi.ReadAddressesAsync(Token).Within(Token)).HardwareAddress);
            Assert.Equal(WiFiPowerSave.ModemSleep, await wiFi.ReadPowerSaveAsync(Token).Within(Token));
            if (hasCountry)
            {
                Assert.Equal(country, await wiFi.ReadCountryAsync(Token).Within(Token));
            }

            await rig.Modem.ResetModuleAsync(Token).Within(Token);
        }
    }

    [Theory]
    [MemberData(nameof(EachFirmware))]
    public async Task Stations_join_the_modules_own_access_point_and_leave_it(string firmware)
    {
        SimulatedWorld world = new();
        await using Rig rig = await RigOf(firmware, world);
        WiFiInterface wiFi = rig.Modem.WiFi;
        var events = System.Threading.Channels.Channel.CreateUnbounded<WiFiEvent>();
        wiFi.Changed += (_, change) => events.Writer.TryWrite(change);
        await wiFi.StartSoftApAsync(new SoftApOptions("Service, \"7\"", "pass,word\\") { Channel = 6 }, Token).Within(Token);
        Assert.Equal("Service, \"7\"", (await wiFi.ReadSoftApAsync(Token).Within(Token))?.Ssid);

        world.AddStation(new WiFiStation
        {
            Mac = "02:00:00:00:00:aa", Ssid = "Service, \"7\"", Password = "pass,word\\",
        });
        await NextAsync(WiFiEventKind.StationJoined);
        WiFiEvent addressed = await NextAsync(WiFiEventKind.StationAddressed);
        Assert.Equal([addressed.Station!], await wiFi.ReadStationsAsync(Token).Within(Token)); // it has one

        world.RemoveStation("02:00:00:00:00:aa");
        Assert.Equal("02:00:00:00:00:aa", (await NextAsync(WiFiEventKind.StationLeft)).Station?.HardwareAddress);
        await wiFi.StopSoftApAsync(Token).Within(Token);
        Assert.Null(await wiFi.ReadSoftApAsync(Token).Within(Token));

        async Task<WiFiEvent> NextAsync(WiFiEventKind kind)
        {
            while (true)
            {
                WiFiEvent change = await events.Reader.ReadAsync(Token).Within(Token);
                if (change.Kind == kind)
                {
                    return change;
                }
            }
        }
    }

    // Every fourth has a comma and quotes, every fourth a backslash, every fourth is no English.
    private static string NameOf(int i) => (i % 4) switch
    {
        0 => $"n\"{i}\", free",
        1 => $"back\\slash {i}\\",
        2 => $"Näme ✓ {i}",
        _ => $"plain {i}",
    };

    private static WiFiOptions Home() => new(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword);

    private static Task<Rig> RigOf(string firmware, SimulatedWorld world) => Rig.OpenAsync(
        firmware, simulate: options => options with { World = world }, goOnline: false);
}
