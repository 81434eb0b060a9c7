using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using ModemDriver.Mqtt.OnModule;
using ModemDriver.Mqtt.Session;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>What the client inside a module is told for the packets of a client, and which packets come back.</summary>
public sealed class ModuleStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_says_who_the_client_is_and_the_answer_never_says_that_there_is_a_session()
    {
        await using var side = new ClientSide();
        await side.SendAsync(new MqttConnectPacket
        {
            ClientId = "id",
            Username = "user",
            Password = "secret"u8.ToArray(),
            KeepAlivePeriod = 10_000,
            CleanSession = false,
            WillFlag = true,
            WillTopic = "gone",
            WillMessage = "bye"u8.ToArray(),
            WillQoS = MqttQualityOfServiceLevel.ExactlyOnce,
            WillRetain = true,
        });
        MqttConnAckPacket answer = await side.ReceiveAsync<MqttConnAckPacket>();

        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, answer.ReturnCode);
        Assert.False(answer.IsSessionPresent);
        Assert.Equal(
            new ModuleMqttOptions("host", "id")
            {
                Port = 1884,
                User = "user",
                Password = "secret",
                KeepAlive = TimeSpan.FromSeconds(7200),
                CleanSession = false,
                Will = new ModuleMqttWill("gone", "bye") { Qos = ModuleMqttQos.ExactlyOnce, Retain = true },
            },
            side.Options);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_module_has_it()
    {
        await using var side = new ClientSide();
        await side.ConnectAsync();
        side.Module.Holds = new TaskCompletionSource();
        await side.SendAsync(Publish("a", MqttQualityOfServiceLevel.AtLeastOnce, 1));
        await side.SendAsync(Publish("b", MqttQualityOfServiceLevel.ExactlyOnce, 2));
        await side.SendAsync(new MqttPingReqPacket());

        // The ping is answered in front of what the module is still at.
        await side.ReceiveAsync<MqttPingRespPacket>();
        side.Module.Holds.SetResult();
        Assert.Equal(1, (await side.ReceiveAsync<MqttPubAckPacket>()).PacketIdentifier);
        Assert.Equal(2, (await side.ReceiveAsync<MqttPubRecPacket>()).PacketIdentifier);
        await side.SendAsync(new MqttPubRelPacket { PacketIdentifier = 2 });
        Assert.Equal(2, (await side.ReceiveAsync<MqttPubCompPacket>()).PacketIdentifier);
        Assert.Equal(["publish a 1 AtLeastOnce", "publish b 2 ExactlyOnce"], side.Module.Calls);
    }

    [Fact]
    public async Task A_filter_that_is_refused_is_told_and_the_others_are_granted()
    {
        await using var side = new ClientSide();
        await side.ConnectAsync();
        await side.SendAsync(new MqttSubscribePacket
        {
            PacketIdentifier = 7,
            TopicFilters =
            [
                new() { Topic = "a", QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce },
                new() { Topic = "refused", QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce },
            ],
        });
        MqttSubAckPacket answer = await side.ReceiveAsync<MqttSubAckPacket>();
        Assert.Equal(7, answer.PacketIdentifier);
        Assert.Equal([MqttSubscribeReasonCode.GrantedQoS2, MqttSubscribeReasonCode.UnspecifiedError], answer.ReasonCodes);

        await side.SendAsync(new MqttUnsubscribePacket { PacketIdentifier = 8, TopicFilters = ["a"] });
        Assert.Equal(8, (await side.ReceiveAsync<MqttUnsubAckPacket>()).PacketIdentifier);
        Assert.Equal(["subscribe a ExactlyOnce", "subscribe refused AtLeastOnce", "unsubscribe a"], side.Module.Calls);
    }

    [Fact]
    public async Task What_was_written_before_the_goodbye_is_done_before_the_module_says_it()
    {
        var side = new ClientSide();
        await side.ConnectAsync();
        side.Module.Holds = new TaskCompletionSource();
        await side.SendAsync(Publish("a", MqttQualityOfServiceLevel.AtMostOnce, 0));
        await side.SendAsync(Publish("b", MqttQualityOfServiceLevel.AtMostOnce, 0));
        await side.SendAsync(new MqttDisconnectPacket());
        Task disposing = side.DisposeAsync().AsTask();
        Assert.False(side.Stream.Ended.IsCompleted);
        side.Module.Holds.SetResult();
        await disposing.WaitAsync(Limit, TimeProvider.System, Token);

        Assert.Equal(["publish a 1 AtMostOnce", "publish b 2 AtMostOnce", "disposed"], side.Module.Calls);
        Assert.True(side.Stream.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_stream_that_is_disposed_without_a_goodbye_gives_the_modules_client_back()
    {
        var side = new ClientSide();
        await side.ConnectAsync();
        await side.DisposeAsync();
        await side.Stream.Ended.WaitAsync(Limit, TimeProvider.System, Token);

        Assert.Equal(["disposed"], side.Module.Calls);
    }

    [Fact]
    public async Task A_session_that_is_lost_ends_the_reading_with_its_reason()
    {
        await using var side = new ClientSide();
        await side.ConnectAsync();
        side.Module.Messages.Writer.TryWrite(new ModuleMqttMessage("t", "x"u8.ToArray()));
        Assert.Equal("t", (await side.ReceiveAsync<MqttPublishPacket>()).Topic);
        side.Module.Messages.Writer.Complete(new IOException("lost"));

        IOException failure = await Assert.ThrowsAnyAsync<IOException>(
            async () => await side.Stream.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Limit, TimeProvider.System, Token));
        Assert.Equal("lost", failure.Message);
        await side.Stream.Ended.WaitAsync(Limit, TimeProvider.System, Token);
    }

    [Fact]
    public async Task A_message_of_qos_0_that_is_refused_is_told_and_the_next_one_is_published()
    {
        List<string> told = [];
        await using var side = new ClientSide();
        side.Stream.WhenRefused(told.Add);
        await side.ConnectAsync();
        await side.SendAsync(Publish("refused", MqttQualityOfServiceLevel.AtMostOnce, 0));
        await side.SendAsync(Publish("a", MqttQualityOfServiceLevel.AtLeastOnce, 1));

        Assert.Equal(1, (await side.ReceiveAsync<MqttPubAckPacket>()).PacketIdentifier);
        Assert.Equal(["refused"], told);
    }

    [Fact]
    public async Task A_message_that_two_connections_were_refused_is_not_sent_by_the_next_one()
    {
        RefusedMessages refused = new();
        MqttMessage message = new("refused", "refused");
        for (int i = 0; i < 2; i++)
        {
            await using var side = new ClientSide(refused);
            await side.ConnectAsync();
            Assert.Null(side.Stream.Refuses(message));
            await side.SendAsync(Publish("refused", MqttQualityOfServiceLevel.AtLeastOnce, 1));
            await side.Stream.Ended.WaitAsync(Limit, TimeProvider.System, Token);
        }

        await using var last = new ClientSide(refused);
        await last.ConnectAsync();
        Assert.Null(last.Stream.Refuses(message with { Payload = "other"u8.ToArray() }));
        Assert.Equal(MqttPubAckReasonCode.ImplementationSpecificError, last.Stream.Refuses(message));

        // Published again, it is tried anew.
        Assert.Null(last.Stream.Refuses(message));
    }

    [Fact]
    public async Task An_outbox_goes_on_behind_a_message_that_the_module_refuses()
    {
        FakeModule module = new();
        var streams = new ModuleStreams(
            (_, _) => Task.FromResult<IModuleMqttClient>(module), new ModuleMqttOptions("host", "-"));
        var options = new ManagedMqttOptions(MqttStreamSource.ForStreams("module", streams.OpenAsync), MqttSignIn.Anonymous("id"))
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
            Reconnect = new MqttReconnectOptions { StableAfter = TimeSpan.FromTicks(1) },
        };
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, Token);
        MqttReceipt refused = await client.PublishAsync(new MqttMessage("refused", "x"), Token);
        MqttReceipt behind = await client.PublishAsync(new MqttMessage("a", "x"), Token);

        Assert.Equal(MqttDeliveryOutcome.Refused, (await refused.WaitForDeliveryAsync(Limit, Token)).Outcome);
        Assert.Equal(MqttDeliveryOutcome.Delivered, (await behind.WaitForDeliveryAsync(Limit, Token)).Outcome);
    }

    private static MqttPublishPacket Publish(string topic, MqttQualityOfServiceLevel level, ushort identifier) => new()
    {
        Topic = topic,
        QualityOfServiceLevel = level,
        PacketIdentifier = identifier,
        Payload = new System.Buffers.ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(topic)),
    };

    /// <summary>The near end, and a module that does what it is told.</summary>
    private sealed class ClientSide : IAsyncDisposable
    {
        private readonly PacketChannel _channel;
        private readonly MqttChannelAdapter _adapter;

        public ClientSide(RefusedMessages? refused = null)
        {
            Stream = new ModuleStream(
                (options, _) =>
                {
                    Options = options;
                    return Task.FromResult<IModuleMqttClient>(Module);
                },
                new ModuleMqttOptions("host", "-") { Port = 1884 },
                refused ?? new RefusedMessages());
            _channel = new PacketChannel(Stream, flushesStream: false, 1_000_000, TimeProvider.System);
            _adapter = new MqttChannelAdapter(
                _channel, new MqttPacketFormatterAdapter(MqttProtocolVersion.V311, new MqttBufferWriter(4096, 65_535)),
                MqttNetNullLogger.Instance);
        }

        public ModuleStream Stream { get; }

        public FakeModule Module { get; } = new();

        public ModuleMqttOptions? Options { get; private set; }

        public async Task ConnectAsync()
        {
            await SendAsync(new MqttConnectPacket { ClientId = "id", CleanSession = true, KeepAlivePeriod = 60 });
            await ReceiveAsync<MqttConnAckPacket>();
        }

        public async Task SendAsync(MqttPacket packet)
        {
            await _adapter.SendPacketAsync(packet, Token);
            await _channel.FlushAsync();
        }

        public async Task<T> ReceiveAsync<T>() => Assert.IsType<T>(
            await _adapter.ReceivePacketAsync(Token).WaitAsync(Limit, TimeProvider.System, Token));

        public async ValueTask DisposeAsync()
        {
            await Stream.DisposeAsync();
            _adapter.Dispose();
        }
    }

    private sealed class FakeModule : IModuleMqttClient
    {
        private int _published;

        public event EventHandler<ModuleMqttException>? ConnectionLost
        {
            add { }
            remove { }
        }

        public List<string> Calls { get; } = [];

        public Channel<ModuleMqttMessage> Messages { get; } =
            System.Threading.Channels.Channel.CreateUnbounded<ModuleMqttMessage>();

        /// <summary>What each publish waits for.</summary>
        public TaskCompletionSource? Holds { get; set; }

        public bool IsConnected => true;

        public ModuleMqttException? LostReason => null;

        public long LostMessages => 0;

        public bool CanPublish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos) => true;

        public async Task PublishAsync(
            string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos, bool retain, CancellationToken cancellationToken)
        {
            await (Holds?.Task ?? Task.CompletedTask);
            if (topic == "refused")
            {
                throw new ArgumentException("no");
            }

            Calls.Add($"publish {topic} {++_published} {qos}");
        }

        public Task SubscribeAsync(string topicFilter, ModuleMqttQos qos, CancellationToken cancellationToken)
        {
            Calls.Add($"subscribe {topicFilter} {qos}");
            return topicFilter == "refused" ? throw new ArgumentException("no") : Task.CompletedTask;
        }

        public Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken)
        {
            Calls.Add($"unsubscribe {topicFilter}");
            return Task.CompletedTask;
        }

        public async IAsyncEnumerable<ModuleMqttMessage> ReadMessagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (ModuleMqttMessage message in Messages.Reader.ReadAllAsync(cancellationToken))
            {
                yield return message;
            }
        }

        public Task DisconnectAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            Calls.Add("disposed");
            return ValueTask.CompletedTask;
        }
    }
}
