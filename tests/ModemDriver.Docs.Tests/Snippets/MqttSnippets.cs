using System.Net.Security;
using ModemDriver.Mqtt;
using MQTTnet.Protocol;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/mqtt.md.</summary>
internal static class MqttSnippets
{
    public static async Task FirstAsync(Modem modem, string password, CancellationToken cancellationToken)
    {
        #region MqttFirst
        var options = new ManagedMqttOptions(
            MqttStreamSource.ForModem(modem, "broker.example", 8883, new SslClientAuthenticationOptions()),
            MqttSignIn.Password("meter-7", "user", password))
        {
            Outbox = new MqttOutboxOptions { Path = "/var/lib/meter/outbox.db" },
            Will = new MqttMessage("meter/7/state", "gone") { Retain = true },
        };
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, cancellationToken);
        await client.PublishAsync(new MqttMessage("meter/7/power", "1520"), cancellationToken);
        #endregion
    }

    public static async Task DeliverAsync(ManagedMqttClient client, byte[] bill, CancellationToken cancellationToken)
    {
        #region MqttDelivery
        MqttReceipt receipt = await client.PublishAsync(
            new MqttMessage("meter/7/bill", bill)
            {
                QualityOfService = MqttQualityOfServiceLevel.ExactlyOnce,
                Key = "bill-2026-05", // the same bill again is accepted, but not stored a second time
                Expiry = TimeSpan.FromDays(2),
            },
            cancellationToken);
        MqttDelivery delivery = await receipt.WaitForDeliveryAsync(TimeSpan.FromMinutes(10), cancellationToken);
        Console.WriteLine($"{delivery.Outcome} {delivery.Code}");
        #endregion
    }

    public static async Task ReceiveAsync(
        ManagedMqttClient client, Func<MqttInboxMessage, Task> handle, CancellationToken cancellationToken)
    {
        #region MqttReceive
        IReadOnlyList<MqttSubscribeResult> results = await client.SubscribeAsync(
            [
                new MqttSubscription("meter/7/command/#"),
                new MqttSubscription("time") { QualityOfService = MqttQualityOfServiceLevel.AtMostOnce },
            ],
            cancellationToken: cancellationToken);
        foreach (MqttSubscribeResult refused in results.Where(result => !result.IsGranted))
        {
            Console.WriteLine($"{refused.Filter}: {refused.Code}");
        }

        await foreach (MqttInboxMessage message in client.ReadAllAsync(cancellationToken))
        {
            await handle(message);
            message.Acknowledge(); // with MqttAcknowledgement.Manual
        }
        #endregion
    }

    public static async Task OwnStoreAsync(
        ManagedMqttOptions options, IMqttOutboxStore store, CancellationToken cancellationToken)
    {
        #region MqttOwnStore
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, store, cancellationToken);
        #endregion
    }

    public static async Task CloudAsync(
        Modem modem,
        string productKey,
        string deviceSecret,
        SslClientAuthenticationOptions trustAliyun,
        string json,
        CancellationToken cancellationToken)
    {
        #region MqttCloud
        var device = new AliyunSignIn(productKey, "meter-7", deviceSecret);
        var options = new ManagedMqttOptions(
            MqttStreamSource.ForModem(modem, device.HostOf("cn-shanghai"), 8883, trustAliyun),
            device);
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, cancellationToken);
        await client.SubscribeAsync([new MqttSubscription(device.PropertySetTopic)], cancellationToken: cancellationToken);
        await client.PublishAsync(new MqttMessage(device.PropertyPostTopic, json), cancellationToken);
        #endregion
    }

    public static async Task OnModuleAsync(
        Modem modem, string password, Func<ModuleMqttMessage, Task> handle, CancellationToken cancellationToken)
    {
        #region MqttOnModule
        var options = new ModuleMqttOptions("broker.example", "meter-7") { User = "user", Password = password };
        await using IModuleMqttClient client = await modem.ConnectModuleMqttAsync(options, cancellationToken);
        await client.SubscribeAsync("meter/7/command/#", ModuleMqttQos.AtLeastOnce, cancellationToken);
        await client.PublishAsync("meter/7/power", "1520"u8.ToArray(), ModuleMqttQos.AtLeastOnce, cancellationToken: cancellationToken);
        await foreach (ModuleMqttMessage message in client.ReadMessagesAsync(cancellationToken))
        {
            await handle(message);
        }
        #endregion
    }

    public static async Task ManagedOnModuleAsync(Modem modem, string password, CancellationToken cancellationToken)
    {
        #region MqttManagedOnModule
        var options = new ManagedMqttOptions(
            MqttStreamSource.ForModule(modem, "broker.example"), MqttSignIn.Password("meter-7", "user", password));
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(options, cancellationToken);
        #endregion
    }
}
