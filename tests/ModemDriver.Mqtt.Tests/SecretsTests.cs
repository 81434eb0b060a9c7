using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Secrets are planted, and then looked for in everything that a client says at Trace.</summary>
public sealed class SecretsTests
{
    private const string Secret = "cGxhbnRlZC1zZWNyZXQ=";
    private const string Payload = "planted-payload";

    public static TheoryData<MqttSignIn> SignIns() => new(
        MqttSignIn.Password("client", "user", Secret),
        new AliyunSignIn("pk", "dn", Secret),
        new TencentSignIn("pk", "dn", Secret),
        new OneNetSignIn("pk", "dn", Secret));

    [Theory]
    [MemberData(nameof(SignIns))]
    public async Task No_secret_and_no_payload_is_in_a_log_a_metric_an_exception_or_a_text(MqttSignIn signIn)
    {
        Sink sink = new();
        using MeterListener meters = sink.Listen();
        await using ScriptedBroker broker = new();
        ManagedMqttOptions options = ManagedMqttClientTests.Options(broker) with
        {
            SignIn = signIn,
            LoggerFactory = sink,
            Will = new MqttMessage("will", Payload),
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(1) },
        };
        sink.Add(options.ToString());
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            options, TestContext.Current.CancellationToken);
        client.StateChanged += (_, change) => sink.Add(change.ToString());

        string password = await UseAsync(broker, client, sink);
        meters.RecordObservableInstruments();

        Assert.Contains(sink.Said, text => text.Contains("> CONNECT", StringComparison.Ordinal));
        Assert.Contains(sink.Said, text => text.Contains("> PUBLISH", StringComparison.Ordinal));
        Assert.Contains(sink.Said, text => text.Contains("mqtt.outbox.messages", StringComparison.Ordinal));
        foreach (string hidden in new[] { Secret, "planted-secret", password, Payload })
        {
            Assert.DoesNotContain(sink.Said, text => text.Contains(hidden, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Publishes, receives, is cut, is refused, and is told to try again.</summary>
    private static async Task<string> UseAsync(ScriptedBroker broker, ManagedMqttClient client, Sink sink)
    {
        BrokerLink link = await broker.AcceptAsync();
        string password = Encoding.UTF8.GetString((await link.ExpectAsync<MqttConnectPacket>()).Password);
        await link.SendAsync(BrokerLink.ConnAck(sessionPresent: false));
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("out", Payload), TestContext.Current.CancellationToken);
        sink.Add(receipt.ToString()!);
        await link.ExpectAsync<MqttPublishPacket>();
        await link.SendAsync(new MqttPublishPacket { Topic = "in", PayloadSegment = Encoding.UTF8.GetBytes(Payload) });
        sink.Add((await client.ReadOneAsync()).ToString());
        await link.Raw.WriteAsync(Encoding.UTF8.GetBytes(new string('\0', 5) + Payload), TestContext.Current.CancellationToken);
        BrokerLink next = await broker.AcceptAsync();
        await next.ExpectAsync<MqttConnectPacket>();
        await next.SendAsync(new MqttConnAckPacket
        {
            ReturnCode = MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword,
        });
        MqttRefusedException refused = await Assert.ThrowsAsync<MqttRefusedException>(() => client.WaitForStateAsync(
            MqttClientState.Closed, cancellationToken: TestContext.Current.CancellationToken));
        sink.Add(refused.ToString());
        sink.Add(client.Statistics.ToString());
        return password;
    }

    private sealed class Sink : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = [];

        public void Add(string text) => Said.Enqueue(text);

        public MeterListener Listen()
        {
            MeterListener listener = new()
            {
                InstrumentPublished = (instrument, self) =>
                {
                    if (instrument.Meter.Name == "ModemDriver.Mqtt")
                    {
                        self.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.Start();
            return listener;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Add(state.ToString()!);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Add(formatter(state, exception) + exception);
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                Add(string.Join(' ', values));
            }
        }

        public void Dispose()
        {
        }

        private void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray())}");
    }
}
