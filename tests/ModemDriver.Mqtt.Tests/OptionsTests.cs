using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Both sides of each bound.</summary>
public sealed class OptionsTests
{
    private static readonly ManagedMqttOptions Defaults = new(MqttStreamSource.ForTcp("host"), MqttSignIn.Anonymous("id"));

    public static TheoryData<string, ManagedMqttOptions> Good() => new()
    {
        { "defaults", Defaults },
        { "a long will", Defaults with { Will = new MqttMessage("a", new byte[65_535]) } },
        { "version 5", Defaults with { ProtocolVersion = MqttProtocolVersion.V500 } },
        { "lowest", Defaults with
            {
                KeepAlive = TimeSpan.FromSeconds(2), SessionExpiry = TimeSpan.FromSeconds(1), MaxInFlight = 1,
                MaxPacketBytes = 1024, InboxMessages = 1, InboxBytes = 1024, ConnectTimeLimit = TimeSpan.FromTicks(1),
                Outbox = new MqttOutboxOptions { MaxMessages = 1, MaxBytes = 1024, MaxAge = TimeSpan.FromTicks(1), KeyRetention = TimeSpan.FromTicks(1) },
                Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromTicks(1), LongestDelay = TimeSpan.FromTicks(1), StableAfter = TimeSpan.FromTicks(1) },
            }
        },
        { "highest", Defaults with
            {
                KeepAlive = TimeSpan.FromSeconds(65_535), SessionExpiry = TimeSpan.FromSeconds(uint.MaxValue), MaxInFlight = 1000,
                MaxPacketBytes = 268_435_455, InboxMessages = 100_000, InboxBytes = 1 << 30,
                Outbox = new MqttOutboxOptions { MaxMessages = 10_000_000, MaxBytes = 1L << 40 },
                Reconnect = new MqttReconnectOptions { LongestDelay = TimeSpan.FromDays(1) },
            }
        },
    };

    public static TheoryData<string, ManagedMqttOptions> Bad() => new()
    {
        { "ProtocolVersion", Defaults with { ProtocolVersion = MqttProtocolVersion.V310 } },
        { "KeepAlive", Defaults with { KeepAlive = TimeSpan.FromSeconds(1.9) } },
        { "KeepAlive", Defaults with { KeepAlive = TimeSpan.FromSeconds(65_536) } },
        { "SessionExpiry", Defaults with { SessionExpiry = TimeSpan.FromSeconds(0.9) } },
        { "MaxInFlight", Defaults with { MaxInFlight = 0 } },
        { "MaxInFlight", Defaults with { MaxInFlight = 1001 } },
        { "MaxPacketBytes", Defaults with { MaxPacketBytes = 1023 } },
        { "MaxPacketBytes", Defaults with { MaxPacketBytes = 268_435_456 } },
        { "InboxMessages", Defaults with { InboxMessages = 0 } },
        { "InboxMessages", Defaults with { InboxMessages = 100_001 } },
        { "InboxBytes", Defaults with { InboxBytes = 1023 } },
        { "ConnectTimeLimit", Defaults with { ConnectTimeLimit = TimeSpan.Zero } },
        { "The payload of Will has 65536 bytes", Defaults with { Will = new MqttMessage("a", new byte[65_536]) } },
        { "wildcards", Defaults with { Will = new MqttMessage("a/#", "x") } },
        { "MaxMessages", Defaults with { Outbox = new MqttOutboxOptions { MaxMessages = 0 } } },
        { "MaxMessages", Defaults with { Outbox = new MqttOutboxOptions { MaxMessages = 10_000_001 } } },
        { "MaxBytes", Defaults with { Outbox = new MqttOutboxOptions { MaxBytes = 1023 } } },
        { "MaxBytes", Defaults with { Outbox = new MqttOutboxOptions { MaxBytes = (1L << 40) + 1 } } },
        { "MaxAge", Defaults with { Outbox = new MqttOutboxOptions { MaxAge = TimeSpan.Zero } } },
        { "KeyRetention", Defaults with { Outbox = new MqttOutboxOptions { KeyRetention = TimeSpan.Zero } } },
        { "Path", Defaults with { Outbox = new MqttOutboxOptions { Path = " " } } },
        { "FirstDelay", Defaults with { Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.Zero } } },
        { "LongestDelay", Defaults with { Reconnect = new MqttReconnectOptions { LongestDelay = TimeSpan.FromMilliseconds(999) } } },
        { "LongestDelay", Defaults with { Reconnect = new MqttReconnectOptions { LongestDelay = TimeSpan.FromDays(1.1) } } },
        { "StableAfter", Defaults with { Reconnect = new MqttReconnectOptions { StableAfter = TimeSpan.Zero } } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Options_in_range_are_taken(string what, ManagedMqttOptions options)
    {
        Assert.NotEmpty(what);
        options.Validate();
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Options_out_of_range_are_refused_by_name_before_anything_is_opened(string name, ManagedMqttOptions options)
    {
        await using ScriptedBroker broker = new();

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => ManagedMqttClient.OpenAsync(
            options with { Source = broker.Source }, TestContext.Current.CancellationToken));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, broker.Attempts);
    }

    [Fact]
    public void All_mistakes_are_told_together()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => (Defaults with { MaxInFlight = 0, InboxMessages = 0 }).Validate());

        Assert.Contains("MaxInFlight", refused.Message, StringComparison.Ordinal);
        Assert.Contains("InboxMessages", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_host_is_not_empty(string host) => Assert.ThrowsAny<ArgumentException>(() => MqttStreamSource.ForTcp(host));

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    public void A_port_is_from_1_to_65535(int port) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MqttStreamSource.ForTcp("host", port));

    [Fact]
    public void A_message_has_a_key_of_1_to_256_characters_and_an_expiry_above_zero()
    {
        new MqttMessage("t", "x") { Key = new string('k', 256), Expiry = TimeSpan.FromTicks(1) }.Validate();
        Assert.Throws<ArgumentException>(new MqttMessage("t", "x") { Key = "" }.Validate);
        Assert.Throws<ArgumentException>(new MqttMessage("t", "x") { Key = new string('k', 257) }.Validate);
        Assert.Throws<ArgumentOutOfRangeException>(new MqttMessage("t", "x") { Expiry = TimeSpan.Zero }.Validate);
        Assert.Throws<ArgumentException>(new MqttMessage(new string('t', 65_536), "x").Validate);
    }
}
