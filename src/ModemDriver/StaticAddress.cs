using System.Net;
using System.Net.Sockets;

namespace ModemDriver;

/// <summary>A fixed IPv4 address, and what belongs to it.</summary>
/// <param name="Address">The module's address.</param>
/// <param name="Gateway">The router of that network.</param>
/// <param name="Netmask">Its mask, such as 255.255.255.0.</param>
public sealed record StaticAddress(IPAddress Address, IPAddress Gateway, IPAddress Netmask)
{
    internal void Validate()
    {
        Check(Address, nameof(Address));
        Check(Gateway, nameof(Gateway));
        Check(Netmask, nameof(Netmask));
        var mask = ~ToNumber(Netmask);
        if ((mask & (mask + 1)) != 0 || mask == 0)
        {
            throw new ArgumentException("A netmask is ones, then zeros, and has both.", nameof(Netmask));
        }

        if (Address.Equals(IPAddress.Any))
        {
            throw new ArgumentException("0.0.0.0 is no address of a module.", nameof(Address));
        }
    }

    internal static void Check(IPAddress address, string name)
    {
        ArgumentNullException.ThrowIfNull(address, name);
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            throw new ArgumentException("It must be an IPv4 address.", name);
        }
    }

    private static uint ToNumber(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
