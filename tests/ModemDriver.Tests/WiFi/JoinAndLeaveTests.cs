using System.Net;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Tests.WiFi;

/// <summary>Joining with options, and leaving without being taken back.</summary>
public sealed class JoinAndLeaveTests
{
    private const string Joined = "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n";
    private const string Addresses = "+CIFSR:STAIP,\"10.0.0.2\"\r\n+CIFSR:STAMAC,\"1a:fe:34:9c:df:aa\"\r\n\r\nOK\r\n";

    private static readonly StaticAddress Fixed = new(
        IPAddress.Parse("10.0.0.50"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("255.255.255.0"));

    private static readonly WiFiOptions Home = new("Home, sweet", "pass\"word");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Firmware.NonOs17, "AT+CWJAP_CUR=\"Home\\, sweet\",\"pass\\\"word\",\"a4:2b:b0:11:22:33\"")]
    [InlineData(Firmware.EspAt22, "AT+CWJAP=\"Home\\, sweet\",\"pass\\\"word\",\"a4:2b:b0:11:22:33\"")]
    public async Task One_access_point_of_several_is_joined_by_its_hardware_address(string version, string line)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        rig.Answers(line, Joined).Answers("AT+CIFSR", Addresses);

        await rig.Modem.WiFi.JoinAsync(Home with { Bssid = "a4:2b:b0:11:22:33" }, Token).Within(Token);

        Assert.Equal([line, "AT+CIFSR"], rig.Sent);
        Assert.Equal(ModemState.Online, rig.Modem.State);
        Assert.DoesNotContain("word", rig.Trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Firmware.NonOs17, "_CUR")]
    [InlineData(Firmware.EspAt20, "")]
    public async Task A_fixed_address_is_set_before_the_join_and_DHCP_again_for_the_next_network(string version, string suffix)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        string join = $"AT+CWJAP{suffix}=\"net\",\"\"";
        string address = $"AT+CIPSTA{suffix}=\"10.0.0.50\",\"10.0.0.1\",\"255.255.255.0\"";
        string dhcp = $"AT+CWDHCP{suffix}=1,1";
        rig.Accepts(address, dhcp).Answers(join, Joined).Answers("AT+CIFSR", Addresses);
        WiFiOptions network = new("net", null);

        await rig.Modem.WiFi.JoinAsync(network with { StaticAddress = Fixed }, Token).Within(Token);
        await rig.Modem.WiFi.JoinAsync(network, Token).Within(Token);
        await rig.Modem.WiFi.JoinAsync(network, Token).Within(Token);

        Assert.Equal(
            [address, join, "AT+CIFSR", dhcp, join, "AT+CIFSR", join, "AT+CIFSR"],
            rig.Sent.Where(line => !line.StartsWith("AT+CIPST", StringComparison.Ordinal) || line == address));
    }

    [Fact]
    public async Task A_policy_is_set_behind_the_join_which_sets_one_of_its_own()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWRECONNCFG=5,100").Answers("AT+CWJAP=\"net\",\"\"", Joined).Answers("AT+CIFSR", Addresses);

        await rig.Modem.WiFi.JoinAsync(
            new WiFiOptions("net", null) { Reconnect = new(TimeSpan.FromSeconds(5), 100) }, Token).Within(Token);

        Assert.Equal(["AT+CWJAP=\"net\",\"\"", "AT+CWRECONNCFG=5,100", "AT+CIFSR"], rig.Sent);
    }

    [Fact]
    public async Task Firmware_without_a_policy_refuses_by_name_before_a_byte_is_sent()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt21);

        FeatureNotSupportedException refused = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.Modem.WiFi.JoinAsync(Home with { Reconnect = WiFiReconnect.Never }, Token).Within(Token));

        Assert.Equal(ModemFeature.WiFiReconnectPolicy, refused.Feature);
        Assert.Empty(rig.Sent);
        Assert.Equal(ModemState.Ready, rig.Modem.State);
    }

    [Theory]
    [InlineData(Firmware.EspAt22, "+CWJAP:1\r\n\r\nERROR\r\n", NetworkJoinFailure.TimedOut)]
    [InlineData(Firmware.EspAt22, "WIFI CONNECTED\r\nWIFI DISCONNECT\r\n+CWJAP:2\r\n\r\nERROR\r\n", NetworkJoinFailure.WrongPassword)]
    [InlineData(Firmware.EspAt22, "+CWJAP:3\r\n\r\nERROR\r\n", NetworkJoinFailure.AccessPointNotFound)]
    [InlineData(Firmware.EspAt22, "+CWJAP:4\r\n\r\nERROR\r\n", NetworkJoinFailure.ConnectionFailed)]
    [InlineData(Firmware.EspAt22, "+CWJAP:0\r\n\r\nERROR\r\n", NetworkJoinFailure.Unknown)]
    [InlineData(Firmware.EspAt22, "\r\nERROR\r\n", NetworkJoinFailure.Unknown)]
    [InlineData(Firmware.NonOs17, "+CWJAP:3\r\n\r\nFAIL\r\n", NetworkJoinFailure.AccessPointNotFound)]
    [InlineData(Firmware.NonOs17, "+CWJAP_CUR:2\r\n\r\nFAIL\r\n", NetworkJoinFailure.WrongPassword)]
    [InlineData(Firmware.NonOs17, "\r\nFAIL\r\n", NetworkJoinFailure.Unknown)]
    public async Task A_failure_has_its_reason_and_leaves_a_modem_that_works(
        string version, string answer, NetworkJoinFailure reason)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(version);
        string line = version == Firmware.NonOs17 ? "AT+CWJAP_CUR=\"net\",\"\"" : "AT+CWJAP=\"net\",\"\"";
        rig.Answers(line, answer);

        NetworkJoinException failed = await Assert.ThrowsAsync<NetworkJoinException>(
            () => rig.Modem.WiFi.JoinAsync(new WiFiOptions("net", null), Token).Within(Token));

        Assert.Equal(reason, failed.Reason);
        Assert.Equal(ModemState.Ready, rig.Modem.State);
        rig.Answers(line, Joined).Answers("AT+CIFSR", Addresses);
        await rig.Modem.WiFi.JoinAsync(new WiFiOptions("net", null), Token).Within(Token);
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Theory]
    [InlineData("\r\nOK\r\nWIFI DISCONNECT\r\n")]
    [InlineData("WIFI DISCONNECT\r\n\r\nOK\r\n")]
    public async Task Leaving_is_no_loss_wherever_the_module_says_it(string answer)
    {
        await using ScriptedModem rig = await OnlineAsync();
        rig.Answers("AT+CWQAP", answer);
        var states = new List<ModemState>();
        var left = new TaskCompletionSource<WiFiEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Modem.StateChanged += (_, change) =>
        {
            states.Add(change.NewState);
            changed.TrySetResult();
        };
        rig.Modem.WiFi.Changed += (_, change) => left.TrySetResult(change);

        await rig.Modem.WiFi.LeaveAsync(Token).Within(Token);

        Assert.Equal(new WiFiEvent(WiFiEventKind.Left, IsRequested: true, null), await left.Task.Within(Token));
        Assert.Equal(ModemState.Ready, rig.Modem.State);
        await changed.Task.Within(Token);
        Assert.Equal([ModemState.Ready], states);
        await Assert.ThrowsAsync<LinkException>(() => rig.Modem.ConnectAsync("10.0.0.9", 7, Token).Within(Token));
    }

    [Fact]
    public async Task Leaving_fails_the_links()
    {
        await using ScriptedModem rig = await OnlineAsync();
        rig.Accepts("AT+CIPRECVLEN?", "AT+CIPCLOSE=4")
            .Answers("AT+CIPSTART=4,\"TCP\",\"10.0.0.9\",7", "4,CONNECT\r\n\r\nOK\r\n")
            .Answers("AT+CWQAP", "\r\nOK\r\nWIFI DISCONNECT\r\n");
        await using LinkStream link = await rig.Modem.ConnectAsync("10.0.0.9", 7, Token).Within(Token);
        Task<int> reading = link.ReadAsync(new byte[1], Token).AsTask();

        await rig.Modem.WiFi.LeaveAsync(Token).Within(Token);

        IOException lost = await Assert.ThrowsAsync<IOException>(() => reading.Within(Token));
        Assert.Equal(LinkFailure.NetworkLost, Assert.IsType<LinkException>(lost.InnerException).Reason);
    }

    [Fact]
    public async Task What_was_left_is_joined_again_when_the_network_is_wanted()
    {
        await using ScriptedModem rig = await OnlineAsync();
        rig.Answers("AT+CWQAP", "\r\nOK\r\nWIFI DISCONNECT\r\n");
        await rig.Modem.WiFi.LeaveAsync(Token).Within(Token);
        rig.Answers("AT+CWJAP?", "\r\nOK\r\n");
        rig.Module.Sent.Clear();

        await rig.Modem.GoOnlineAsync(Token).Within(Token);

        Assert.Equal(["AT+CWJAP?", "AT+CWJAP=\"net\",\"\"", "AT+CIFSR"], rig.Sent);
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Fact]
    public async Task A_module_that_has_joined_none_is_told_to_stay_away()
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Accepts("AT+CWJAP?", "AT+CWQAP");

        await rig.Modem.WiFi.LeaveAsync(Token).Within(Token);

        Assert.Equal(["AT+CWJAP?", "AT+CWQAP"], rig.Sent);
        Assert.Equal(ModemState.Ready, rig.Modem.State);
    }

    public static TheoryData<WiFiOptions> BadOptions() =>
    [
        new WiFiOptions("", null),
        new WiFiOptions("a\nb", null),
        new WiFiOptions("net", "pass\rword"),
        new WiFiOptions("net", new string('p', 65)),
        new WiFiOptions("net", null) { Bssid = "a4-2b-b0-11-22-33" },
        new WiFiOptions("net", null) { StaticAddress = Fixed with { Address = IPAddress.IPv6Loopback } },
        new WiFiOptions("net", null) { StaticAddress = Fixed with { Address = IPAddress.Any } },
        new WiFiOptions("net", null) { StaticAddress = Fixed with { Netmask = IPAddress.Parse("255.0.255.0") } },
        new WiFiOptions("net", null) { StaticAddress = Fixed with { Netmask = IPAddress.Broadcast } },
        new WiFiOptions("net", null) { Reconnect = new(TimeSpan.FromSeconds(7201)) },
        new WiFiOptions("net", null) { Reconnect = new(TimeSpan.FromMilliseconds(1500)) },
        new WiFiOptions("net", null) { Reconnect = new(TimeSpan.FromSeconds(1), 1001) },
        new WiFiOptions("net", null) { TimeLimit = TimeSpan.Zero },
    ];

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public async Task Options_out_of_range_are_refused_before_a_byte_is_sent_and_never_quoted(WiFiOptions network)
    {
        await using ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);

        ArgumentException refused = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => rig.Modem.WiFi.JoinAsync(network, Token).Within(Token));

        Assert.Empty(rig.Sent);
        Assert.DoesNotContain("word", refused.Message.Replace("Password", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<ScriptedModem> OnlineAsync()
    {
        ScriptedModem rig = await ScriptedModem.OpenAsync(Firmware.EspAt22);
        rig.Answers("AT+CWJAP=\"net\",\"\"", Joined)
            .Answers("AT+CIFSR", Addresses)
            .Answers("AT+CWJAP?", "+CWJAP:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n");
        await rig.Modem.WiFi.JoinAsync(new WiFiOptions("net", null), Token).Within(Token);
        return rig;
    }
}
