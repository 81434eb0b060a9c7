using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Diagnostics;

/// <summary>
/// Every log message of this project. A method's name is the name of its event: renaming one is a breaking change.
/// </summary>
internal static partial class MqttLog
{
    [LoggerMessage(MqttEventIds.ClientStateChanged, LogLevel.Information, "{Broker}: {OldState} -> {NewState} ({Cause})")]
    public static partial void ClientStateChanged(
        ILogger logger,
        string broker,
        MqttClientState oldState,
        MqttClientState newState,
        MqttDisconnectCause cause,
        Exception? reason);

    [LoggerMessage(MqttEventIds.SessionBegun, LogLevel.Information,
        "{Broker}: connected; the session is {Session}, {Waiting} messages wait")]
    public static partial void SessionBegun(ILogger logger, string broker, string session, int waiting);

    [LoggerMessage(MqttEventIds.PacketSent, LogLevel.Trace, "{Broker}: > {Packet}")]
    public static partial void PacketSent(ILogger logger, string broker, string packet);

    [LoggerMessage(MqttEventIds.PacketReceived, LogLevel.Trace, "{Broker}: < {Packet}")]
    public static partial void PacketReceived(ILogger logger, string broker, string packet);

    [LoggerMessage(MqttEventIds.StrayAnswer, LogLevel.Debug, "{Broker}: an acknowledgement of {Identifier} fits no message")]
    public static partial void StrayAnswer(ILogger logger, string broker, ushort identifier);

    [LoggerMessage(MqttEventIds.MessageRefused, LogLevel.Warning,
        "{Broker}: message {Sequence} was refused ({Code}) and dropped")]
    public static partial void MessageRefused(ILogger logger, string broker, long sequence, MqttPubAckReasonCode code);

    [LoggerMessage(MqttEventIds.MessageMissing, LogLevel.Error, "{Broker}: message {Sequence} has vanished from the outbox")]
    public static partial void MessageMissing(ILogger logger, string broker, long sequence);

    [LoggerMessage(MqttEventIds.SubscriptionRefused, LogLevel.Warning,
        "{Broker}: the subscription of {Filter} was refused ({Code}) when it was restored; it is forgotten")]
    public static partial void SubscriptionRefused(
        ILogger logger, string broker, string filter, MqttSubscribeReasonCode code);

    [LoggerMessage(MqttEventIds.StreamHangs, LogLevel.Warning, "{Broker}: a Stream does not end its calls when it is disposed")]
    public static partial void StreamHangs(ILogger logger, string broker);

    [LoggerMessage(MqttEventIds.OutboxOpened, LogLevel.Information, "{Broker}: the outbox is open, {Waiting} messages wait")]
    public static partial void OutboxOpened(ILogger logger, string broker, int waiting);

    [LoggerMessage(MqttEventIds.OutboxSweepFailed, LogLevel.Warning,
        "{Broker}: expired messages could not be removed from the outbox")]
    public static partial void OutboxSweepFailed(ILogger logger, string broker, Exception failure);

    [LoggerMessage(MqttEventIds.ClientHandlerFailed, LogLevel.Error, "{Broker}: a handler of {Event} has thrown")]
    public static partial void ClientHandlerFailed(ILogger logger, string broker, string @event, Exception failure);

    [LoggerMessage(MqttEventIds.ClientFailed, LogLevel.Error, "{Broker}: the client has failed and is closed")]
    public static partial void ClientFailed(ILogger logger, string broker, Exception failure);

    [LoggerMessage(MqttEventIds.UnansweredRefused, LogLevel.Warning,
        "{Broker}: the module refused a message of QoS 0 to {Topic}; it is lost")]
    public static partial void UnansweredRefused(ILogger logger, string broker, string topic);
}
