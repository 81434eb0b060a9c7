using System.Buffers.Binary;
using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CWDHCPS: the addresses that the SoftAP gives away, and for how many minutes.</summary>
internal sealed record AddressPool(int LeaseMinutes, IPAddress First, IPAddress Last)
{
    /// <summary>What the firmware has of itself.</summary>
    internal const int Size = 100;

    internal IEnumerable<IPAddress> Addresses
    {
        get
        {
            uint first = Number(First);
            return Enumerable.Range(0, (int)(Number(Last) - first) + 1).Select(i => Address(first + (uint)i));
        }
    }

    /// <summary>The one in force: that which was set, or the hundred addresses behind the SoftAP's own.</summary>
    internal static AddressPool Of(StoredSettings settings)
    {
        if (settings.Pool is AddressPool given)
        {
            return given;
        }

        uint own = Number(settings.SoftApAddress);
        return new AddressPool(120, Address(own + 1), Address(own + Size));
    }

    /// <summary>Whether it can be served: in the SoftAP's network, in order, not too many, not the SoftAP's own.
    /// </summary>
    internal bool Fits(StoredSettings settings)
    {
        uint mask = Number(settings.SoftApNetmask);
        uint own = Number(settings.SoftApAddress);
        uint first = Number(First);
        uint last = Number(Last);
        return first <= last
            && last - first < Size
            && (first & mask) == (own & mask)
            && (last & mask) == (own & mask)
            && (own < first || own > last);
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
