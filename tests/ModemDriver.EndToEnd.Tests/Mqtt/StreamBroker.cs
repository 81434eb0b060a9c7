using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>MQTTnet's broker without a socket: it is given the Streams of its clients.</summary>
internal sealed class StreamBroker : IAsyncDisposable
{
    private const string OwnId = "broker";

    private readonly StreamAdapter _adapter = new();
    private readonly MqttServer _server;
    private readonly X509Certificate2? _certificate;
    private readonly Channel<MqttApplicationMessage> _published = System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();

    private StreamBroker(X509Certificate2? certificate)
    {
        _certificate = certificate;
        _server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().Build(), [_adapter]);
        _server.InterceptingPublishAsync += publish =>
        {
            if (publish.ClientId != OwnId)
            {
                _published.Writer.TryWrite(publish.ApplicationMessage);
            }

            return Task.CompletedTask;
        };
    }

    /// <summary>What clients have published, in order; not what the broker itself has.</summary>
    public ChannelReader<MqttApplicationMessage> Published => _published.Reader;

    public static async Task<StreamBroker> StartAsync(X509Certificate2? certificate = null)
    {
        var broker = new StreamBroker(certificate);
        await broker._server.StartAsync();
        return broker;
    }

    /// <summary>Serves one client until it has gone; with TLS where there is a certificate.</summary>
    public async Task ServeAsync(Stream client)
    {
        if (_certificate is null)
        {
            await _adapter.ServeAsync(client);
            return;
        }

        await using var secure = new SslStream(client);
        await secure.AuthenticateAsServerAsync(_certificate);
        await _adapter.ServeAsync(secure);
    }

    /// <summary>Publishes to the clients that have subscribed.</summary>
    public Task PublishAsync(string topic, byte[] payload, MqttQualityOfServiceLevel level, CancellationToken token) =>
        _server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder()
                .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(level).Build())
            {
                SenderClientId = OwnId,
            },
            token);

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
        _adapter.Dispose();
    }

    private sealed class StreamAdapter : IMqttServerAdapter
    {
        private IMqttNetLogger _logger = MqttNetNullLogger.Instance;

        public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

        public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
        {
            _logger = logger;
            return Task.CompletedTask;
        }

        public Task StopAsync() => Task.CompletedTask;

        public void Dispose()
        {
        }

        public async Task ServeAsync(Stream client)
        {
            var endPoint = new DnsEndPoint("stream", 1);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65_535));
            using var channel = new MqttChannelAdapter(
                new MqttTcpChannel(client, endPoint, endPoint, null), formatter, _logger);
            await ClientHandler!(channel);
        }
    }
}
