using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.EspAt.WiFi;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;
using ModemDriver.Tests.Review;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle;

/// <summary>Getting onto a network: what is asked, what is joined, how long is waited, and why it failed.</summary>
public sealed class NetworkAttachmentTests : IChannelListener, ITransportSink, IAsyncLifetime
{
    private const string Ok = "\r\nOK\r\n";
    private const string Joined = "+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",6,-48\r\n\r\nOK\r\n";
    private const string NoAddress = "+CIFSR:STAIP,\"0.0.0.0\"\r\n\r\nOK\r\n";

    private static readonly WiFiOptions Net = new("net", "password");

    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;
    private readonly FakeTimeProvider _time = new();
    private readonly CommandChannel _channel;
    private readonly NoticeBoard _notices;
    private readonly ScriptedModule _module = new();
    private readonly NetworkAttachment _attachment;
    private readonly EspAtWiFiCommands _commands;
    private readonly Dictionary<string, string> _answers = [];

    public NetworkAttachmentTests()
    {
        EspAtFirmware firmware = EspAtFirmware.Read([WiFi.Firmware.EspAt22])!; // it is one
        _loop = new ModemLoop(_pump, _pump);
        _channel = new CommandChannel(_loop, _time, this, NullLogger.Instance);
        _channel.Attach(_module);
        _channel.Apply(new EspAtDialect(firmware).Rules);
        _notices = new NoticeBoard(_time);
        _attachment = new NetworkAttachment(_channel, _notices, _time);
        _commands = new EspAtWiFiCommands(firmware);
        _module.Answer = line => _answers.TryGetValue(line, out string? answer) ? answer : Unexpected(line);
    }

    public ValueTask InitializeAsync() => _module.OpenAsync(this, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public async Task The_wanted_network_is_not_joined_again()
    {
        Answers("AT+CWJAP?", Joined);
        Answers("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");

        await FinishAsync(Attach(Net));

        Assert.Equal(["AT+CWJAP?", "AT+CIFSR"], _module.Sent);
    }

    [Theory]
    [InlineData("other", null)]
    [InlineData("net", "00:00:00:00:00:01")]
    public async Task Another_network_or_another_access_point_of_it_is_left_for_the_wanted_one(string ssid, string? bssid)
    {
        Answers("AT+CWJAP?", $"+CWJAP:\"{ssid}\",\"aa:bb:cc:dd:ee:ff\",6,-48\r\n\r\nOK\r\n");
        string join = bssid is null ? "AT+CWJAP=\"net\",\"password\"" : $"AT+CWJAP=\"net\",\"password\",\"{bssid}\"";
        Answers(join, Ok);
        Answers("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");

        await FinishAsync(Attach(Net with { Bssid = bssid }));

        Assert.Equal(["AT+CWJAP?", join, "AT+CIFSR"], _module.Sent);
    }

    [Fact]
    public async Task An_access_point_is_known_by_its_address_in_either_case()
    {
        Answers("AT+CWJAP?", Joined);
        Answers("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");

        await FinishAsync(Attach(Net with { Bssid = "AA:BB:CC:DD:EE:FF" }));

        Assert.Equal(["AT+CWJAP?", "AT+CIFSR"], _module.Sent);
    }

    [Fact]
    public void An_address_is_asked_for_again_as_soon_as_the_module_says_that_it_has_one()
    {
        Answers("AT+CWJAP?", Joined);
        Answers("AT+CIFSR", NoAddress);
        Task attaching = Attach(Net);
        Answers("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");
        Assert.False(attaching.IsCompleted);

        _loop.Post(() => _notices.Post(NoticeKind.AddressObtained));
        _pump.Run();

        Assert.True(attaching.IsCompletedSuccessfully, $"{attaching.Status}");
    }

    [Fact]
    public async Task An_address_that_does_not_come_ends_the_attempt_after_fifteen_seconds()
    {
        Answers("AT+CWJAP?", Joined);
        Answers("AT+CIFSR", NoAddress);

        NetworkJoinException failed = await Assert.ThrowsAsync<NetworkJoinException>(() => FinishAsync(Attach(Net)));

        Assert.Equal(("net", NetworkJoinFailure.NoAddress), (failed.Network, failed.Reason));
        Assert.InRange(Passed(), 15, 16.1);
        Assert.Equal(16, _module.Sent.Count(line => line == "AT+CIFSR"));
    }

    [Fact]
    public async Task Without_a_wanted_network_the_one_that_the_module_joins_by_itself_is_waited_for()
    {
        Answers("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
        Answers("AT+CIFSR", NoAddress);
        Task attaching = Attach(null);
        Pass(5);
        Answers("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n");

        await FinishAsync(attaching);

        Assert.DoesNotContain(_module.Sent, line => line.StartsWith("AT+CWJAP=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_any_network_it_is_not_configured()
    {
        Answers("AT+CWJAP?", "No AP\r\n\r\nOK\r\n");
        Answers("AT+CIFSR", NoAddress);

        NetworkJoinException failed = await Assert.ThrowsAsync<NetworkJoinException>(() => FinishAsync(Attach(null)));

        Assert.Equal(NetworkJoinFailure.NotConfigured, failed.Reason);
        Assert.InRange(Passed(), 10, 11.1);
    }

    [Fact]
    public async Task A_join_that_is_not_answered_timed_out_with_the_command_inside()
    {
        Answers("AT+CWJAP?", Ok);
        Answers("AT+CWJAP=\"net\",\"password\"", string.Empty);

        NetworkJoinException failed = await Assert.ThrowsAsync<NetworkJoinException>(
            () => FinishAsync(Attach(Net with { TimeLimit = TimeSpan.FromSeconds(20) })));

        Assert.Equal(NetworkJoinFailure.TimedOut, failed.Reason);
        Assert.Equal(TimeSpan.FromSeconds(20), Assert.IsType<CommandTimeoutException>(failed.InnerException).TimeLimit);
        Assert.DoesNotContain("password", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_ends_the_wait_for_an_address()
    {
        using var impatience = new CancellationTokenSource();
        Answers("AT+CWJAP?", Joined);
        Answers("AT+CIFSR", NoAddress);
        Task attaching = Start(Net, impatience.Token);

        await impatience.CancelAsync();
        _pump.Run();

        Assert.True(attaching.IsCanceled, $"{attaching.Status}");
    }

    void ITransportSink.Received(ReadOnlySpan<byte> data) => _channel.Received(data);

    void ITransportSink.Closed(TransportException? reason) => Assert.Fail("nobody closes it");

    bool IChannelListener.IsUrc(ReadOnlySpan<byte> line) => EspAtNotices.Read(line).Kind != NoticeKind.None;

    void IChannelListener.OnUnsolicited(ReadOnlySpan<byte> line) => Assert.Fail(AtText.Escape(line));

    void IChannelListener.OnPushedPayload(in AtFrame piece) => Assert.Fail("nothing is pushed");

    void IChannelListener.OnPushedWhole(int linkId) => Assert.Fail("nothing is pushed");

    bool IChannelListener.MayFollowPushed(ReadOnlySpan<byte> line) => true;

    void IChannelListener.OnBytesLost(int linkId, ModemProtocolException reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnBroken(Exception reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnEcho() => Assert.Fail("nothing is echoed here");

    private static string Unexpected(string line)
    {
        Assert.Fail($"{line} was not expected");
        return line;
    }

    private void Answers(string line, string answer) => _answers[line] = answer;

    private double Passed() => (_time.GetUtcNow() - _time.Start).TotalSeconds;

    private Task Attach(WiFiOptions? network) => Start(network, CancellationToken.None);

    private Task Start(WiFiOptions? network, CancellationToken cancellationToken)
    {
        Task attaching = _loop.InvokeAsync(() => _attachment.AttachAsync(_commands, network, cancellationToken));
        _pump.Run();
        return attaching;
    }

    private void Pass(double seconds)
    {
        for (double passed = 0; passed < seconds; passed += 0.05)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _pump.Run();
        }
    }

    private async Task FinishAsync(Task call)
    {
        for (int i = 0; i < 60 * 20 && !call.IsCompleted; i++)
        {
            Pass(0.05);
        }

        Assert.True(call.IsCompleted, "the attempt does not end");
        await call;
    }
}
