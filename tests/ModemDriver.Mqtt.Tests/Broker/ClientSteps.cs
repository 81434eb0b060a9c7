using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>Steps that many tests take.</summary>
internal static class ClientSteps
{
    /// <summary>The next received message.</summary>
    public static async Task<MqttInboxMessage> ReadOneAsync(this ManagedMqttClient client)
    {
        using CancellationTokenSource deadline = new(ScriptedBroker.Deadline, TimeProvider.System);
        await foreach (MqttInboxMessage message in client.ReadAllAsync(deadline.Token))
        {
            return message;
        }

        throw new InvalidOperationException("The client was closed.");
    }

    /// <summary>
    /// Subscribes and has it granted. What the client had to write before SUBSCRIBE must have been expected: so this is also
    /// a fence behind which nothing more can come.
    /// </summary>
    public static async Task SubscribeAndAnswerAsync(
        this ManagedMqttClient client, BrokerLink link, params string[] filters)
    {
        Task<IReadOnlyList<MqttSubscribeResult>> subscribing = client.SubscribeAsync(
            [.. filters.Select(filter => new MqttSubscription(filter))],
            cancellationToken: TestContext.Current.CancellationToken);
        MqttSubscribePacket packet = await link.ExpectAsync<MqttSubscribePacket>();
        await link.SendAsync(new MqttSubAckPacket
        {
            PacketIdentifier = packet.PacketIdentifier,
            ReasonCodes = [.. filters.Select(_ => MqttSubscribeReasonCode.GrantedQoS1)],
        });
        await subscribing;
    }
}
