using System.Globalization;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>An MQTT client of this computer's own network, beside the module.</summary>
internal sealed class Peer(IMqttClient client) : IAsyncDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Channel<MqttApplicationMessage> Received { get; } =
        System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();

    public static async Task<Peer> ConnectAsync(int port, string filter)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        var peer = new Peer(client);
        client.ApplicationMessageReceivedAsync += message =>
        {
            peer.Received.Writer.TryWrite(message.ApplicationMessage);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("peer").Build(), Token).Within(Token);
        await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.ExactlyOnce, Token).Within(Token);
        return peer;
    }

    /// <summary>The numbers that have come, up to this one.</summary>
    public async Task<List<int>> AllAsync(int last)
    {
        List<int> numbers = [];
        while (!numbers.Contains(last))
        {
            MqttApplicationMessage message = await Received.Reader.ReadAsync(Token).Within(Token);
            numbers.Add(int.Parse(message.ConvertPayloadToString(), CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    public Task PublishAsync(string topic, byte[] payload, ModuleMqttQos qos) => client.PublishAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel((MqttQualityOfServiceLevel)qos).Build(),
        Token).Within(Token);

    public async ValueTask DisposeAsync()
    {
        await client.DisconnectAsync(cancellationToken: CancellationToken.None);
        client.Dispose();
    }
}
