using System.Globalization;

namespace ModemDriver.Transport;

/// <summary>Finds serial ports and their USB devices in sysfs.</summary>
/// <remarks>
/// Layout: <c>/sys/class/tty/ttyUSB0/device</c> is a link into the device tree; the folder of the USB interface above
/// it has <c>bInterfaceNumber</c>, the one of the USB device <c>idVendor</c>, <c>idProduct</c>, <c>serial</c>,
/// <c>manufacturer</c>, <c>product</c> (kernel documentation, ABI/stable/sysfs-bus-usb).
/// </remarks>
internal static class LinuxSerialPorts
{
    // From a tty up to its USB device there are at most port, interface and device; more is another kind of bus.
    private const int MaximumLevels = 6;

    public static IReadOnlyList<SerialPortInfo> List(string classFolder, string deviceFolder)
    {
        if (!Directory.Exists(classFolder))
        {
            return [];
        }

        Dictionary<string, string> byId = ReadById(Path.Combine(deviceFolder, "serial", "by-id"));
        return [.. Directory.EnumerateFileSystemEntries(classFolder)
            .Select(tty => Describe(tty, deviceFolder, byId))
            .OfType<SerialPortInfo>()
            .OrderBy(port => port.Name.Length)
            .ThenBy(port => port.Name, StringComparer.Ordinal)];
    }

    private static SerialPortInfo? Describe(string tty, string deviceFolder, Dictionary<string, string> byId)
    {
        string name = Path.GetFileName(tty);
        string device = Path.Combine(tty, "device");
        // Without a device it is a console or a pseudo-terminal. Type 0 is a port that the 8250 driver reserves in case
        // one turns up (PORT_UNKNOWN of linux/serial_core.h): opening it gives an I/O error.
        if (!Directory.Exists(device) || ReadText(tty, "type") == "0")
        {
            return null;
        }

        SerialPortInfo port = new()
        {
            Name = Path.Combine(deviceFolder, name),
            ByIdPath = byId.GetValueOrDefault(name),
            Description = DriverOf(device),
        };
        string? folder = RealPath(device);
        int? usbInterface = null;
        for (int level = 0; folder is not null && level < MaximumLevels; level++)
        {
            usbInterface ??= ReadHex(folder, "bInterfaceNumber");
            if (ReadHex(folder, "idVendor") is { } vendor)
            {
                return port with
                {
                    UsbVendorId = vendor,
                    UsbProductId = ReadHex(folder, "idProduct"),
                    SerialNumber = ReadText(folder, "serial"),
                    UsbInterface = usbInterface,
                    Description =
                        Join(ReadText(folder, "manufacturer"), ReadText(folder, "product")) ?? port.Description,
                };
            }

            folder = Path.GetDirectoryName(folder);
        }

        return port;
    }

    private static Dictionary<string, string> ReadById(string folder)
    {
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string link in Directory.EnumerateFileSystemEntries(folder))
            {
                if (new FileInfo(link).LinkTarget is { } target)
                {
                    links[Path.GetFileName(target)] = link;
                }
            }
        }

        return links;
    }

    private static string? DriverOf(string device) =>
        new FileInfo(Path.Combine(device, "driver")).LinkTarget is { } target ? Path.GetFileName(target) : null;

    private static string? RealPath(string path) =>
        new DirectoryInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName
            : Path.GetFullPath(path);

    private static int? ReadHex(string folder, string file) =>
        int.TryParse(ReadText(folder, file), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;

    private static string? ReadText(string folder, string file)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, file)).Trim();
            return text.Length == 0 ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Attributes are optional, and the device may be unplugged while it is being read.
            return null;
        }
    }

    private static string? Join(string? first, string? second) =>
        (first, second) switch
        {
            (null, _) => second,
            (_, null) => first,
            _ => $"{first} {second}",
        };
}
