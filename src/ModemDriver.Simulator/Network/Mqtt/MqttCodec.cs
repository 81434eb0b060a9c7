using System.Buffers.Binary;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>MQTT 3.1.1, packets to and from bytes, as a client needs them.</summary>
/// <remarks>A packet is one byte of type (high four bits) and flags, the length of the rest in one to four bytes of seven
/// bits each, the lowest first, and the rest: section 2.2. A text is its length in two bytes, the high one first, and its
/// bytes: section 1.5.3.</remarks>
internal static class MqttCodec
{
    private const int LongestLength = 4;
    private const byte ProtocolLevel = 4;

    // Section 3.1.2.3.
    private const int HasUserName = 0x80;
    private const int HasPassword = 0x40;
    private const int WillRetain = 0x20;
    private const int WillQosShift = 3;
    private const int HasWill = 0x04;
    private const int CleanSession = 0x02;

    internal static byte[] PingRequest { get; } = Packet(MqttPacketType.PingRequest, 0, []);

    internal static byte[] Disconnect { get; } = Packet(MqttPacketType.Disconnect, 0, []);

    internal static byte[] Connect(MqttConnect connect)
    {
        var body = new ByteQueue(256);
        Text(body, "MQTT");
        body.Write(ProtocolLevel);
        body.Write((byte)Flags(connect));
        Number(body, connect.KeepAlive);
        Text(body, connect.ClientId);
        if (connect.Will is MqttMessage will)
        {
            Text(body, will.Topic);
            Number(body, will.Payload.Length);
            body.Write(will.Payload.Span);
        }

        if (connect.UserName is string user)
        {
            Text(body, user);
        }

        if (connect.Password is string password)
        {
            Text(body, password);
        }

        return Packet(MqttPacketType.Connect, 0, body.Span);
    }

    /// <summary>A message; the number is sent where its QoS is above 0.</summary>
    internal static byte[] Publish(MqttMessage message, ushort id)
    {
        var body = new ByteQueue(message.Payload.Length + 64);
        Text(body, message.Topic);
        if (message.Qos > 0)
        {
            Number(body, id);
        }

        body.Write(message.Payload.Span);
        return Packet(MqttPacketType.Publish, (message.Qos << 1) | (message.Retain ? 1 : 0), body.Span);
    }

    /// <summary>Marks a message as sent before: section 3.3.1.1.</summary>
    internal static void MarkAsRepeated(byte[] publish) => publish[0] |= 0x08;

    /// <summary>An answer that is a number and nothing else; PUBREL has flags of its own.</summary>
    internal static byte[] Acknowledge(MqttPacketType type, ushort id) =>
        Packet(type, type == MqttPacketType.PublishRelease ? 2 : 0, [(byte)(id >> 8), (byte)id]);

    internal static byte[] Subscribe(ushort id, string topic, int qos)
    {
        var body = new ByteQueue(64);
        Number(body, id);
        Text(body, topic);
        body.Write((byte)qos);
        return Packet(MqttPacketType.Subscribe, 2, body.Span);
    }

    internal static byte[] Unsubscribe(ushort id, string topic)
    {
        var body = new ByteQueue(64);
        Number(body, id);
        Text(body, topic);
        return Packet(MqttPacketType.Unsubscribe, 2, body.Span);
    }

    /// <summary>Takes the first packet out, if all of it is there.</summary>
    /// <exception cref="NetworkException">It is none.</exception>
    internal static MqttPacket? Read(ByteQueue bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        int length = 0;
        int used = 1;
        for (; used < span.Length; used++)
        {
            length |= (span[used] & 0x7F) << (7 * (used - 1));
            if (span[used] < 0x80)
            {
                break;
            }

            if (used == LongestLength)
            {
                throw new NetworkException("The length of an MQTT packet has more than four bytes.");
            }
        }

        if (used >= span.Length || span.Length - used - 1 < length)
        {
            return null;
        }

        byte first = span[0];
        byte[] body = span.Slice(used + 1, length).ToArray();
        bytes.Skip(used + 1 + length);
        return new MqttPacket((MqttPacketType)(first >> 4), first & 0x0F, body);
    }

    private static int Flags(MqttConnect connect) =>
        (connect.UserName is null ? 0 : HasUserName)
        | (connect.Password is null ? 0 : HasPassword)
        | (connect.CleanSession ? CleanSession : 0)
        | (connect.Will is MqttMessage will
            ? HasWill | (will.Qos << WillQosShift) | (will.Retain ? WillRetain : 0)
            : 0);

    private static byte[] Packet(MqttPacketType type, int flags, ReadOnlySpan<byte> body)
    {
        var packet = new ByteQueue(body.Length + 5);
        packet.Write((byte)(((int)type << 4) | flags));
        int rest = body.Length;
        do
        {
            packet.Write((byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest));
            rest >>= 7;
        }
        while (rest > 0);

        packet.Write(body);
        return packet.Span.ToArray();
    }

    private static void Number(ByteQueue body, int value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        body.Write(two);
    }

    private static void Text(ByteQueue body, string text)
    {
        Number(body, text.Length);
        body.Write(WireText.Bytes(text));
    }
}
