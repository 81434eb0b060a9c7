namespace ModemDriver.Transport;

/// <summary>A serial port of this computer, as far as the system describes it.</summary>
public sealed record SerialPortInfo
{
    /// <summary>What <see cref="TransportFactory"/> takes: <c>/dev/ttyUSB0</c>, <c>COM3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The path that stays the same over replugging and reboots (<c>/dev/serial/by-id/...</c>); <see langword="null"/>
    /// where there is none.
    /// </summary>
    public string? ByIdPath { get; init; }

    /// <summary>Manufacturer and product, or the driver; <see langword="null"/> where not known.</summary>
    public string? Description { get; init; }

    /// <summary>The vendor number of the USB device; <see langword="null"/> where it is none, or not known.</summary>
    public int? UsbVendorId { get; init; }

    /// <summary>The product number of the USB device; <see langword="null"/> where it is none, or not known.</summary>
    public int? UsbProductId { get; init; }

    /// <summary>The serial number of the USB device; <see langword="null"/> where it has none, or not known.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>
    /// A name that leads to the same device and interface after it was plugged in again, under whatever name:
    /// <c>usb:2c7c:0125:0123:02</c>. <see cref="TransportFactory"/> takes it. <see langword="null"/> where it is no USB
    /// device, or not known.
    /// </summary>
    public string? UsbIdentity => UsbPortIdentity.Of(this)?.ToString();

    /// <summary>
    /// The number of the USB interface: a cellular module has several ports, told apart by it. <see langword="null"/>
    /// where not known.
    /// </summary>
    public int? UsbInterface { get; init; }
}
