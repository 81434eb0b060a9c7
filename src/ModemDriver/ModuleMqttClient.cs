using System.Runtime.CompilerServices;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The module's own MQTT client, as its user has it.</summary>
internal sealed class ModuleMqttClient : IModuleMqttClient
{
    private readonly ModemLoop _loop;
    private readonly ModuleMqtt _mqtt;
    private int _isRead;

    private ModuleMqttClient(ModemLoop loop, ModemRunner runner, ModuleMqttOptions options)
    {
        _loop = loop;
        _mqtt = new ModuleMqtt(runner, options)
        {
            Lost = reason => ConnectionLost?.Invoke(this, reason),
        };
    }

    /// <inheritdoc/>
    public event EventHandler<ModuleMqttException>? ConnectionLost;

    /// <inheritdoc/>
    public bool IsConnected => _mqtt.IsConnected;

    /// <inheritdoc/>
    public ModuleMqttException? LostReason => _mqtt.LostReason;

    /// <inheritdoc/>
    public long LostMessages => _mqtt.LostMessages;

    /// <summary>Takes the module's client, and has it connect.</summary>
    public static async Task<IModuleMqttClient> ConnectAsync(
        ModemLoop loop, ModemRunner runner, ModuleMqttOptions options, CancellationToken cancellationToken)
    {
        var client = new ModuleMqttClient(loop, runner, options);
        await loop.InvokeAsync(() => client._mqtt.OpenAsync(cancellationToken)).ConfigureAwait(loop.StaysOnContext);
        return client;
    }

    /// <inheritdoc/>
    public bool CanPublish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos = ModuleMqttQos.AtMostOnce)
    {
        try
        {
            ModuleMqttTopic.CheckName(topic, nameof(topic));
            ModuleMqttTopic.CheckQos(qos, nameof(qos));
            return _mqtt.CanPublish(topic, payload, qos);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        ModuleMqttQos qos = ModuleMqttQos.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default)
    {
        ModuleMqttTopic.CheckName(topic, nameof(topic));
        ModuleMqttTopic.CheckQos(qos, nameof(qos));
        return _loop.InvokeAsync(
            () => _mqtt.RunAsync(commands => commands.Publish(topic, payload, qos, retain), cancellationToken));
    }

    /// <inheritdoc/>
    public Task SubscribeAsync(
        string topicFilter, ModuleMqttQos qos = ModuleMqttQos.AtLeastOnce, CancellationToken cancellationToken = default)
    {
        ModuleMqttTopic.CheckFilter(topicFilter, nameof(topicFilter));
        ModuleMqttTopic.CheckQos(qos, nameof(qos));
        return _loop.InvokeAsync(() => _mqtt.RunAsync(commands => commands.Subscribe(topicFilter, qos), cancellationToken));
    }

    /// <inheritdoc/>
    public Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken = default)
    {
        ModuleMqttTopic.CheckFilter(topicFilter, nameof(topicFilter));
        return _loop.InvokeAsync(() => _mqtt.RunAsync(commands => commands.Unsubscribe(topicFilter), cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModuleMqttMessage> ReadMessagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            throw new InvalidOperationException("Somebody reads the messages of this client; one reader at a time.");
        }

        try
        {
            while (await _loop.InvokeAsync(() => _mqtt.TakeAsync(cancellationToken)).ConfigureAwait(_loop.StaysOnContext)
                is { } message)
            {
                yield return message;
            }
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
        }
    }

    /// <inheritdoc/>
    public Task DisconnectAsync() => _loop.InvokeAsync(_mqtt.CloseAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync().ConfigureAwait(_loop.StaysOnContext);
}
