using System.Globalization;

namespace ModemDriver.Transport;

/// <summary>
/// A port by the USB device behind it, whatever name the system gives to it today:
/// <c>usb:VID:PID[:SERIAL[:INTERFACE]]</c>.
/// </summary>
/// <param name="VendorId">The vendor number.</param>
/// <param name="ProductId">The product number.</param>
/// <param name="SerialNumber">The serial number; <see langword="null"/>: any.</param>
/// <param name="Interface">The number of the interface; <see langword="null"/>: any.</param>
internal sealed record UsbPortIdentity(int VendorId, int ProductId, string? SerialNumber, int? Interface)
{
    /// <summary>How such a name begins.</summary>
    public const string Prefix = "usb:";

    /// <summary>The form, for the message of an error.</summary>
    public const string Form = "usb:VID:PID[:SERIAL[:INTERFACE]], numbers hexadecimal, as modem ports prints it";

    /// <summary>Reads a name.</summary>
    /// <returns><see langword="null"/> when it is none of the form.</returns>
    public static UsbPortIdentity? TryParse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = name[Prefix.Length..].Split(':');
        if (parts.Length is < 2 or > 4
            || ReadHex(parts[0], 4) is not { } vendor
            || ReadHex(parts[1], 4) is not { } product)
        {
            return null;
        }

        int? number = parts.Length == 4 ? ReadHex(parts[3], 2) : null;
        if (parts.Length == 4 && number is null)
        {
            return null;
        }

        var serial = parts.Length > 2 && parts[2].Length > 0 ? Uri.UnescapeDataString(parts[2]) : null;
        return new UsbPortIdentity(vendor, product, serial, number);
    }

    /// <summary>The identity of a port; <see langword="null"/> of one that is no USB device, or not known.</summary>
    public static UsbPortIdentity? Of(SerialPortInfo port) =>
        port is { UsbVendorId: { } vendor, UsbProductId: { } product }
            ? new UsbPortIdentity(vendor, product, port.SerialNumber, port.UsbInterface)
            : null;

    /// <summary>Finds the path of the port among those that are there now.</summary>
    /// <exception cref="TransportException">There is none, there are several, or the system does not tell.</exception>
    public string Find(string name, SerialFolders folders)
    {
        IReadOnlyList<SerialPortInfo> ports;
        try
        {
            ports = SerialPorts.List(folders);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A device that goes while it is being described.
            throw TransportErrors.System(name, "Looking for", e);
        }

        SerialPortInfo[] found = [.. ports.Where(Names)];
        return found.Length switch
        {
            1 => found[0].Name,
            0 => throw TransportErrors.MissingDevice(name, ports),
            _ => throw TransportErrors.Ambiguous(name, found),
        };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        // A serial number may hold anything; what parts the fields, and what a shell would take for its own, is escaped.
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{VendorId:x4}:{ProductId:x4}");
        return (SerialNumber, Interface) switch
        {
            (null, null) => name,
            ({ } serial, null) => $"{name}:{Uri.EscapeDataString(serial)}",
            (var serial, { } number) => string.Create(
                CultureInfo.InvariantCulture, $"{name}:{Uri.EscapeDataString(serial ?? string.Empty)}:{number:x2}"),
        };
    }

    private bool Names(SerialPortInfo port) =>
        port.UsbVendorId == VendorId && port.UsbProductId == ProductId
        && (SerialNumber is null || SerialNumber == port.SerialNumber)
        && (Interface is null || Interface == port.UsbInterface);

    private static int? ReadHex(string text, int most) =>
        text.Length >= 1 && text.Length <= most
        && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
