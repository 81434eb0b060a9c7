namespace ModemDriver.Messaging;

/// <summary>A message is one part of several.</summary>
/// <param name="Reference">What the parts have in common.</param>
/// <param name="Total">How many there are, from 1 to 255.</param>
/// <param name="Number">Which one it is, from 1.</param>
/// <param name="IsWide">Whether the reference has 16 bits.</param>
internal readonly record struct Concatenation(int Reference, int Total, int Number, bool IsWide);

/// <summary>What stands before the text of a message.</summary>
/// <param name="Part">Which part it is; null for a message of one part.</param>
/// <param name="Ports">The ports of applications; null for none.</param>
/// <param name="ShiftsAlphabet">Whether a national table replaces the default one.</param>
/// <remarks>TS 23.040 section 9.2.3.24: UDHL, then IEI, IEDL and data, again and again.</remarks>
internal readonly record struct UserDataHeader(Concatenation? Part, MessagePorts? Ports, bool ShiftsAlphabet = false)
{
    private const byte NarrowReference = 0x00;
    private const byte NarrowPorts = 0x04;
    private const byte WidePorts = 0x05;
    private const byte WideReference = 0x08;
    private const byte SingleShift = 0x24;
    private const byte LockingShift = 0x25;

    /// <summary>How many octets it has, with the one of its length; none for an empty one.</summary>
    public int Length =>
        (Part is { } part ? part.IsWide ? 6 : 5 : 0) + (Ports is not null ? 6 : 0) is var elements and > 0
            ? elements + 1
            : 0;

    /// <summary>Writes it, with its length.</summary>
    public void Write(List<byte> destination)
    {
        if (Length == 0)
        {
            return;
        }

        destination.Add((byte)(Length - 1));
        if (Ports is { } ports)
        {
            destination.AddRange([
                WidePorts, 4, (byte)(ports.Destination >> 8), (byte)ports.Destination,
                (byte)(ports.Source >> 8), (byte)ports.Source]);
        }

        if (Part is { IsWide: true } wide)
        {
            destination.AddRange([
                WideReference, 4, (byte)(wide.Reference >> 8), (byte)wide.Reference, (byte)wide.Total, (byte)wide.Number]);
        }
        else if (Part is { } part)
        {
            destination.AddRange([NarrowReference, 3, (byte)part.Reference, (byte)part.Total, (byte)part.Number]);
        }
    }

    /// <summary>Reads the elements; one that is unknown, or not of its own length, is passed over.</summary>
    /// <exception cref="PduException">An element is longer than the header.</exception>
    public static UserDataHeader Read(ReadOnlySpan<byte> elements)
    {
        var reader = new PduReader(elements);
        var header = default(UserDataHeader);
        while (reader.Remaining > 0)
        {
            var kind = reader.ReadOctet("header");
            var data = reader.ReadOctets(reader.ReadOctet("header"), "header");
            header = kind switch
            {
                NarrowReference when data.Length == 3 => header.WithPart(new(data[0], data[1], data[2], false)),
                WideReference when data.Length == 4 =>
                    header.WithPart(new((data[0] << 8) | data[1], data[2], data[3], true)),
                NarrowPorts when data.Length == 2 => header with { Ports = new(data[0], data[1]) },
                WidePorts when data.Length == 4 =>
                    header with { Ports = new((data[0] << 8) | data[1], (data[2] << 8) | data[3]) },
                SingleShift or LockingShift => header with { ShiftsAlphabet = true },
                _ => header,
            };
        }

        return header;
    }

    // Section 9.2.3.24.1: a part with the number 0, or beyond the total, is read as if the element were not there.
    private UserDataHeader WithPart(Concatenation part) =>
        part.Total == 0 || part.Number == 0 || part.Number > part.Total ? this : this with { Part = part };
}
