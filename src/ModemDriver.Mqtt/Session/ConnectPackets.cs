using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Session;

/// <summary>CONNECT from options, and what CONNACK means.</summary>
internal static class ConnectPackets
{
    /// <summary>The CONNECT of a connection.</summary>
    public static MqttConnectPacket Connect(ManagedMqttOptions options, MqttCredentials credentials)
    {
        MqttConnectPacket packet = new()
        {
            ClientId = credentials.ClientId,
            Username = credentials.UserName,
            Password = credentials.Password,
            CleanSession = options.CleanSession,
            KeepAlivePeriod = (ushort)options.KeepAlive.TotalSeconds,
        };
        if (options.ProtocolVersion == MqttProtocolVersion.V500)
        {
            packet.SessionExpiryInterval = options.CleanSession ? 0 : (uint)options.SessionExpiry.TotalSeconds;
            packet.MaximumPacketSize = (uint)options.MaxPacketBytes;
            packet.ReceiveMaximum = (ushort)Math.Min(options.InboxMessages, ushort.MaxValue);
        }

        if (options.Will is { } will)
        {
            SetWill(packet, will);
        }

        return packet;
    }

    /// <summary>The message as a PUBLISH.</summary>
    public static MqttPublishPacket Publish(MqttMessage message, ushort identifier, bool isDuplicate, TimeSpan? expiry)
    {
        MqttPublishPacket packet = new()
        {
            Topic = message.Topic,
            Payload = new System.Buffers.ReadOnlySequence<byte>(message.Payload),
            QualityOfServiceLevel = message.QualityOfService,
            PacketIdentifier = identifier,
            Dup = isDuplicate,
            Retain = message.Retain,
            ContentType = message.ContentType,
            ResponseTopic = message.ResponseTopic,
            CorrelationData = message.CorrelationData.IsEmpty ? null : message.CorrelationData.ToArray(),
            MessageExpiryInterval = expiry is { } left ? (uint)Math.Max(1, Math.Ceiling(left.TotalSeconds)) : 0,
        };
        if (message.Properties.Count > 0)
        {
            packet.UserProperties = UserProperties(message);
        }

        return packet;
    }

    /// <summary>A PUBLISH as a message for the reader.</summary>
    public static MqttInboxMessage Message(MqttPublishPacket packet, InboundSession session)
    {
        bool isAnswered = packet.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        return new MqttInboxMessage(
            packet.Topic,
            packet.Payload.IsSingleSegment ? packet.Payload.First : System.Buffers.BuffersExtensions.ToArray(packet.Payload),
            packet.QualityOfServiceLevel,
            isAnswered ? packet.PacketIdentifier : null)
        {
            IsRetained = packet.Retain,
            IsDuplicate = packet.Dup,
            ContentType = packet.ContentType,
            ResponseTopic = packet.ResponseTopic,
            CorrelationData = packet.CorrelationData,
            Properties = packet.UserProperties is { Count: > 0 } properties
                ? properties.ConvertAll(property => new MqttProperty(property.Name, property.ReadValueAsString()))
                : [],
            Session = session,
        };
    }

    private static void SetWill(MqttConnectPacket packet, MqttMessage will)
    {
        packet.WillFlag = true;
        packet.WillTopic = will.Topic;
        packet.WillMessage = will.Payload.ToArray();
        packet.WillQoS = will.QualityOfService;
        packet.WillRetain = will.Retain;
        packet.WillContentType = will.ContentType;
        packet.WillResponseTopic = will.ResponseTopic;
        packet.WillCorrelationData = will.CorrelationData.IsEmpty ? null : will.CorrelationData.ToArray();
        packet.WillMessageExpiryInterval = will.Expiry is { } expiry ? (uint)Math.Max(1, expiry.TotalSeconds) : 0;
        if (will.Properties.Count > 0)
        {
            packet.WillUserProperties = UserProperties(will);
        }
    }

    private static List<MqttUserProperty> UserProperties(MqttMessage message)
    {
        List<MqttUserProperty> properties = new(message.Properties.Count);
        foreach (MqttProperty property in message.Properties)
        {
            properties.Add(new MqttUserProperty(property.Name, System.Text.Encoding.UTF8.GetBytes(property.Value).AsMemory()));
        }

        return properties;
    }
}
