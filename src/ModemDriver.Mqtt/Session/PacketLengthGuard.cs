using MQTTnet.Exceptions;

namespace ModemDriver.Mqtt.Session;

/// <summary>
/// Follows the packets in a stream of bytes, and refuses a header that cannot be, or a packet that is too long, before room
/// is made for it.
/// </summary>
/// <remarks>
/// MQTT 3.1.1 and 5, section 2.1.4: one byte of type and flags, then the length of the rest in one to four bytes of seven
/// bits each, lowest first; the eighth bit says that another one follows.
/// </remarks>
internal sealed class PacketLengthGuard(long maxPacketBytes)
{
    private long _rest;
    private long _length;
    private int _shift = -1;

    /// <summary>Sees the next bytes.</summary>
    /// <exception cref="MqttProtocolViolationException">A packet is too long, or its length is none.</exception>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                int skipped = (int)Math.Min(_rest, bytes.Length);
                _rest -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            Header(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void Header(byte value)
    {
        if (_shift < 0)
        {
            CheckType(value);
            (_shift, _length) = (0, 0);
            return;
        }

        _length |= (long)(value & 0x7F) << _shift;
        _shift += 7;
        if ((value & 0x80) == 0)
        {
            if (_length > maxPacketBytes)
            {
                throw new MqttProtocolViolationException(
                    $"A packet of {_length} bytes was announced; at most {maxPacketBytes} are allowed.");
            }

            (_rest, _shift) = (_length, -1);
        }
        else if (_shift > 21)
        {
            throw new MqttProtocolViolationException("The length of a packet has more than four bytes.");
        }
    }

    /// <summary>MQTT 3.1.1 and 5, sections 2.1.2 and 2.1.3: the type above, the flags below; most flags are reserved.</summary>
    private static void CheckType(byte value)
    {
        (int type, int flags) = (value >> 4, value & 0x0F);
        bool isPossible = type switch
        {
            0 => false,
            3 => (flags & 0x06) != 0x06, // PUBLISH: DUP, QoS, retain; there is no QoS 3
            6 or 8 or 10 => flags == 0x02, // PUBREL, SUBSCRIBE, UNSUBSCRIBE
            _ => flags == 0,
        };
        if (!isPossible)
        {
            throw new MqttProtocolViolationException($"0x{value:X2} begins no packet.");
        }
    }
}
