using System.Buffers;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>A client of a broker, by another library: hears everything, and can speak.</summary>
internal sealed class BrokerEar : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<MqttApplicationMessage> _heard =
        System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();

    public static async Task<BrokerEar> OpenAsync(int port, string filter = "#")
    {
        var ear = new BrokerEar();
        ear._client.ApplicationMessageReceivedAsync += received =>
        {
            ear._heard.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        CancellationToken token = TestContext.Current.CancellationToken;
        await ear._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), token);
        await ear._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.ExactlyOnce, token);
        return ear;
    }

    /// <summary>The next message.</summary>
    public async Task<MqttApplicationMessage> NextAsync()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        return await _heard.Reader.ReadAsync(token).AsTask().WaitAsync(Deadline, token);
    }

    /// <summary>The payloads of the next messages, as text.</summary>
    public async Task<string[]> NextTextsAsync(int count)
    {
        var texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = Encoding.UTF8.GetString((await NextAsync()).Payload.ToArray());
        }

        return texts;
    }

    /// <summary>Whether nothing came that was not taken: a mark of our own is the next thing heard.</summary>
    public async Task ShouldHaveHeardAllAsync()
    {
        string mark = Guid.NewGuid().ToString("n");
        await PublishAsync("mark", mark);
        Assert.Equal([mark], await NextTextsAsync(1));
    }

    public Task PublishAsync(string topic, string text, bool retain = false) => _client.PublishAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(text).WithRetainFlag(retain)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce).Build(),
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
