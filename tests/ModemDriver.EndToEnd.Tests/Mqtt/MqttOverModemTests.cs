using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ModemDriver.Mqtt;
using ModemDriver.Simulator;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

public sealed class MqttOverModemTests
{
    private const string BrokerAddress = "10.0.0.2";
    private const int BrokerPort = 1883;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly MqttQualityOfServiceLevel[] Levels =
    [
        MqttQualityOfServiceLevel.AtMostOnce, MqttQualityOfServiceLevel.AtLeastOnce, MqttQualityOfServiceLevel.ExactlyOnce,
    ];

    private readonly InMemoryNetwork _network = new();

    [Theory]
    [InlineData(MqttProtocolVersion.V311, false)]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V500, false)]
    [InlineData(MqttProtocolVersion.V500, true)]
    public async Task Every_quality_of_service_goes_both_ways(MqttProtocolVersion version, bool secure)
    {
        using CancellationTokenSource deadline = NewDeadline();
        using X509Certificate2? certificate = secure ? TestCertificate.Create("broker.test") : null;
        await using StreamBroker broker = await StreamBroker.StartAsync(certificate);
        _network.AddName("broker.test", BrokerAddress);
        _network.Serve(BrokerAddress, 8883, broker.ServeAsync);
        await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        ChannelReader<MqttApplicationMessage> received = Collect(client);

        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(version)
            .WithModem(modem.Modem, "broker.test", 8883);
        if (certificate is not null)
        {
            options = options.WithTlsOptions(tls => tls
                .UseTls()
                .WithTrustChain([certificate])
                .WithRevocationMode(X509RevocationMode.NoCheck));
        }

        MqttClientConnectResult connected = await client.ConnectAsync(options.Build(), deadline.Token);
        Assert.Equal(MqttClientConnectResultCode.Success, connected.ResultCode);
        await client.SubscribeAsync("down/#", MqttQualityOfServiceLevel.ExactlyOnce, deadline.Token);
        foreach (MqttQualityOfServiceLevel level in Levels)
        {
            // Larger than the link's longest send, so that a packet crosses several of them.
            byte[] up = RandomNumberGenerator.GetBytes(10_000);
            byte[] down = RandomNumberGenerator.GetBytes(10_000);

            MqttClientPublishResult published = await client.PublishAsync(Message("up", up, level), deadline.Token);
            await broker.PublishAsync($"down/{(int)level}", down, level, deadline.Token);

            Assert.True(published.IsSuccess);
            AssertMessage(await broker.Published.ReadAsync(deadline.Token), "up", up, level);
            AssertMessage(await received.ReadAsync(deadline.Token), $"down/{(int)level}", down, level);
        }

        await client.DisconnectAsync(cancellationToken: deadline.Token);
        Assert.Empty(_network.ServerFailures);
    }

    [Fact]
    public async Task Every_firmware_carries_it()
    {
        using CancellationTokenSource deadline = NewDeadline();
        await using StreamBroker broker = await StreamBroker.StartAsync();
        _network.Serve(BrokerAddress, BrokerPort, broker.ServeAsync);
        foreach (string personality in PersonalityCatalog.Names.Where(
            name => name.StartsWith("esp-at", StringComparison.Ordinal)))
        {
            await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token, personality);
            using IMqttClient client = new MqttClientFactory().CreateMqttClient();
            ChannelReader<MqttApplicationMessage> received = Collect(client);
            byte[] payload = RandomNumberGenerator.GetBytes(10_000);

            await client.ConnectAsync(
                new MqttClientOptionsBuilder().WithModem(modem.Modem, BrokerAddress).Build(), deadline.Token);
            await client.SubscribeAsync("down", MqttQualityOfServiceLevel.ExactlyOnce, deadline.Token);
            await client.PublishAsync(
                Message("up", payload, MqttQualityOfServiceLevel.ExactlyOnce), deadline.Token);
            await broker.PublishAsync("down", payload, MqttQualityOfServiceLevel.ExactlyOnce, deadline.Token);

            AssertMessage(
                await broker.Published.ReadAsync(deadline.Token), "up", payload, MqttQualityOfServiceLevel.ExactlyOnce);
            AssertMessage(
                await received.ReadAsync(deadline.Token), "down", payload, MqttQualityOfServiceLevel.ExactlyOnce);
            await client.DisconnectAsync(cancellationToken: deadline.Token);
        }

        Assert.Empty(_network.ServerFailures);
    }

    [Fact]
    public async Task A_publish_is_one_send_of_the_module()
    {
        using CancellationTokenSource deadline = NewDeadline();
        await using StreamBroker broker = await StreamBroker.StartAsync();
        _network.Serve(BrokerAddress, BrokerPort, broker.ServeAsync);
        await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithModem(modem.Modem, BrokerAddress).Build(), deadline.Token);
        int before = CountSends(modem);

        await client.PublishAsync(
            Message("up", new byte[500], MqttQualityOfServiceLevel.AtLeastOnce), deadline.Token);

        Assert.Equal(before + 1, CountSends(modem));
    }

    [Fact]
    public async Task A_client_whose_broker_has_gone_reconnects_on_a_new_link()
    {
        using CancellationTokenSource deadline = NewDeadline();
        await using StreamBroker broker = await StreamBroker.StartAsync();
        InMemoryListener listener = _network.Listen(BrokerAddress, BrokerPort);
        await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        };

        Task<MqttClientConnectResult> connecting = client.ConnectAsync(
            new MqttClientOptionsBuilder().WithModem(modem.Modem, BrokerAddress).Build(), deadline.Token);
        InMemoryPeer first = await listener.AcceptAsync(deadline.Token);
        Task serving = broker.ServeAsync(first);
        await connecting;
        first.Reset();
        await lost.Task.WaitAsync(deadline.Token);
        await serving.WaitAsync(deadline.Token);

        Task again = client.ReconnectAsync(deadline.Token);
        await using InMemoryPeer second = await listener.AcceptAsync(deadline.Token);
        Task servingAgain = broker.ServeAsync(second);

        await again;
        Assert.True(client.IsConnected);
        MqttClientPublishResult published = await client.PublishAsync(
            Message("up", [1], MqttQualityOfServiceLevel.ExactlyOnce), deadline.Token);
        Assert.True(published.IsSuccess);
        await client.DisconnectAsync(cancellationToken: deadline.Token);
        await servingAgain.WaitAsync(deadline.Token);
    }

    [Fact]
    public async Task A_broker_that_refuses_fails_the_connection_with_the_reason_of_the_link()
    {
        using CancellationTokenSource deadline = NewDeadline();
        await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();

        MqttCommunicationException failed = await Assert.ThrowsAnyAsync<MqttCommunicationException>(
            () => client.ConnectAsync(
                new MqttClientOptionsBuilder().WithModem(modem.Modem, BrokerAddress).Build(), deadline.Token));

        Assert.Equal(LinkFailure.Refused, FindLinkException(failed).Reason);
        Assert.Empty(await modem.Modem.ReadLinksAsync(deadline.Token));
    }

    [Theory]
    [InlineData("", 1883)]
    [InlineData(" ", 1883)]
    [InlineData("broker", 0)]
    [InlineData("broker", 65_536)]
    public async Task Arguments_out_of_range_are_refused_before_anything_is_sent(string host, int port)
    {
        using CancellationTokenSource deadline = NewDeadline();
        await using MqttModem modem = await MqttModem.StartAsync(_network, deadline.Token);

        Assert.ThrowsAny<ArgumentException>(() => new MqttClientOptionsBuilder().WithModem(modem.Modem, host, port));
    }

    private static CancellationTokenSource NewDeadline()
    {
        var timer = new CancellationTokenSource(Deadline, TimeProvider.System);
        TestContext.Current.CancellationToken.Register(timer.Cancel);
        return timer;
    }

    private static ChannelReader<MqttApplicationMessage> Collect(IMqttClient client)
    {
        var messages = System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();
        client.ApplicationMessageReceivedAsync += received =>
        {
            messages.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        return messages.Reader;
    }

    private static MqttApplicationMessage Message(string topic, byte[] payload, MqttQualityOfServiceLevel level) =>
        new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(level).Build();

    private static void AssertMessage(
        MqttApplicationMessage message, string topic, byte[] payload, MqttQualityOfServiceLevel level)
    {
        Assert.Equal(topic, message.Topic);
        Assert.Equal(level, message.QualityOfServiceLevel);
        Assert.Equal(payload, message.Payload.ToArray());
    }

    private static int CountSends(MqttModem modem) =>
        modem.Dialogue.Count(line => line.StartsWith("> AT+CIPSEND", StringComparison.Ordinal));

    private static LinkException FindLinkException(Exception? exception) =>
        exception as LinkException ?? FindLinkException(exception?.InnerException
            ?? throw new InvalidOperationException("No LinkException inside."));
}
