using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

public sealed class SerialPortsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("serial-ports-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_USB_port_is_described_by_its_device_and_interface()
    {
        string device = Folder("devices/usb1/1-2");
        Write(device, ("idVendor", "2c7c"), ("idProduct", "0125"), ("serial", "0123"), ("manufacturer", "Maker"), ("product", "Module"));
        string port = Folder("devices/usb1/1-2/1-2:1.2/ttyUSB1");
        Write(Path.GetDirectoryName(port)!, ("bInterfaceNumber", "02"));
        Tty("ttyUSB1", port);
        Folder("dev/serial/by-id");
        File.CreateSymbolicLink(Path.Combine(_root, "dev/serial/by-id/usb-Maker_Module-if02-port0"), "../../ttyUSB1");

        SerialPortInfo found = Assert.Single(List());

        Assert.Equal(Path.Combine(_root, "dev/ttyUSB1"), found.Name);
        Assert.Equal(Path.Combine(_root, "dev/serial/by-id/usb-Maker_Module-if02-port0"), found.ByIdPath);
        Assert.Equal("Maker Module", found.Description);
        Assert.Equal(0x2c7c, found.UsbVendorId);
        Assert.Equal(0x0125, found.UsbProductId);
        Assert.Equal("0123", found.SerialNumber);
        Assert.Equal(2, found.UsbInterface);
    }

    [Fact]
    public void A_port_on_the_board_has_its_driver_and_no_USB_numbers()
    {
        string port = Folder("devices/platform/serial");
        Directory.CreateSymbolicLink(Path.Combine(port, "driver"), "/sys/bus/platform/drivers/serial8250");
        Write(Tty("ttyS0", port), ("type", "4"));

        SerialPortInfo found = Assert.Single(List());

        Assert.Equal("serial8250", found.Description);
        Assert.Null(found.UsbVendorId);
        Assert.Null(found.UsbInterface);
        Assert.Null(found.ByIdPath);
    }

    [Fact]
    public void Consoles_and_reserved_ports_are_left_out_and_the_rest_is_in_the_order_of_its_numbers()
    {
        Folder("class/tty0");
        Write(Tty("ttyS1", Folder("devices/platform/serial")), ("type", "0"));
        Tty("ttyUSB10", Folder("devices/a/ttyUSB10"));
        Tty("ttyUSB9", Folder("devices/b/ttyUSB9"));

        Assert.Equal(["ttyUSB9", "ttyUSB10"], List().Select(port => Path.GetFileName(port.Name)));
    }

    [Fact]
    public void A_system_without_the_folder_has_no_ports() =>
        Assert.Empty(LinuxSerialPorts.List(Path.Combine(_root, "none"), _root));

    private IReadOnlyList<SerialPortInfo> List() =>
        LinuxSerialPorts.List(Path.Combine(_root, "class"), Path.Combine(_root, "dev"));

    private string Folder(string path) => Directory.CreateDirectory(Path.Combine(_root, path)).FullName;

    private string Tty(string name, string device)
    {
        string tty = Folder("class/" + name);
        Directory.CreateSymbolicLink(Path.Combine(tty, "device"), device);
        return tty;
    }

    private static void Write(string folder, params (string File, string Text)[] attributes)
    {
        foreach ((string file, string text) in attributes)
        {
            File.WriteAllText(Path.Combine(folder, file), text + "\n");
        }
    }
}
