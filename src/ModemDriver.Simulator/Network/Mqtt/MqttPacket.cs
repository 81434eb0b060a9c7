using System.Buffers.Binary;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>A packet of the broker's.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Flags">The low four bits of its first byte.</param>
/// <param name="Body">What stands behind its length.</param>
internal sealed record MqttPacket(MqttPacketType Type, int Flags, byte[] Body)
{
    /// <summary>The number with which an answer, or the rest of a SUBACK, begins.</summary>
    /// <exception cref="NetworkException">The packet is too short.</exception>
    internal ushort Id => Number(0);

    /// <summary>The last byte: the verdict of CONNACK and of SUBACK.</summary>
    /// <exception cref="NetworkException">The packet is empty.</exception>
    internal byte Verdict => Body.Length > 0 ? Body[^1] : throw TooShort();

    /// <summary>CONNACK: whether the broker has kept the session; section 3.2.2.2.</summary>
    internal bool IsSessionPresent => Body.Length == 2 && (Body[0] & 1) != 0;

    /// <summary>PUBLISH: the message and, with a QoS above 0, its number; section 3.3.</summary>
    /// <exception cref="NetworkException">The packet is too short, or its QoS is 3.</exception>
    internal (MqttMessage Message, ushort Id) ReadPublish()
    {
        int qos = (Flags >> 1) & 3;
        int topic = Number(0);
        int payload = 2 + topic + (qos > 0 ? 2 : 0);
        if (qos == 3 || Body.Length < payload)
        {
            throw TooShort();
        }

        var message = new MqttMessage(
            WireText.Latin1.GetString(Body.AsSpan(2, topic)), Body.AsMemory(payload), qos, (Flags & 1) != 0);
        return (message, qos > 0 ? Number(2 + topic) : (ushort)0);
    }

    private ushort Number(int at) => Body.Length >= at + 2
        ? BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(at))
        : throw TooShort();

    private NetworkException TooShort() => new($"The broker has sent a malformed {Type}.");
}
