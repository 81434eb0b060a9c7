using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>Ports by the device behind them, in a made-up tree of what Linux says of them.</summary>
public sealed class UsbPortIdentityTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("usb-identity-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SerialFolders Folders => new(Path.Combine(_root, "class"), Path.Combine(_root, "dev"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("usb:2c7c:0125", "usb:2c7c:0125")]
    [InlineData("usb:2C7C:125", "usb:2c7c:0125")]
    [InlineData("USB:1a86:7523:ABC-1", "usb:1a86:7523:ABC-1")]
    [InlineData("usb:1a86:7523::02", "usb:1a86:7523::02")]
    [InlineData("usb:1a86:7523:a%3Ab:2", "usb:1a86:7523:a%3Ab:02")]
    [InlineData("usb:1a86:7523:", "usb:1a86:7523")]
    public void A_name_is_read_and_printed(string name, string printed) =>
        Assert.Equal(printed, $"{UsbPortIdentity.TryParse(name)}");

    [Theory]
    [InlineData("usb:")]
    [InlineData("usb:2c7c")]
    [InlineData("usb:2c7c:")]
    [InlineData("usb:12c7c:0125")]
    [InlineData("usb:2c7c:01 5")]
    [InlineData("usb:2c7c:0125:serial:")]
    [InlineData("usb:2c7c:0125:serial:02:9")]
    [InlineData("usb:2c7c:0125:serial:zz")]
    public void A_name_that_is_none_is_refused_with_the_form(string name)
    {
        Assert.Null(UsbPortIdentity.TryParse(name));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => TransportFactory.ForPort(name));
        Assert.Contains("usb:VID:PID", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_list_prints_leads_back_to_the_port()
    {
        PlugIn("ttyUSB0", "1-1", "S:1 %", 0, "/dev/pts/1");
        PlugIn("ttyUSB1", "1-1", "S:1 %", 1, "/dev/pts/2");
        PlugIn("ttyUSB2", "1-2", null, 0, "/dev/pts/3");

        IReadOnlyList<SerialPortInfo> ports = SerialPorts.List(Folders);

        Assert.Equal(
            ["usb:2c7c:0125:S%3A1%20%25:00", "usb:2c7c:0125:S%3A1%20%25:01", "usb:2c7c:0125::00"],
            ports.Select(port => port.UsbIdentity));
        Assert.Equal(ports[1].Name, Find(ports[1].UsbIdentity!)); // the line above has looked
    }

    [Fact]
    public void An_identity_that_fits_several_ports_names_them_and_opens_none()
    {
        PlugIn("ttyUSB0", "1-1", "one", 0, "/dev/pts/1");
        PlugIn("ttyUSB1", "1-1", "one", 2, "/dev/pts/2");

        TransportException several = Assert.Throws<TransportException>(() => Find("usb:2c7c:0125:one"));

        Assert.Equal(TransportFailure.Ambiguous, several.Failure);
        Assert.Contains("usb:2c7c:0125:one:00", several.Message, StringComparison.Ordinal);
        Assert.Contains("usb:2c7c:0125:one:02", several.Message, StringComparison.Ordinal);
        Assert.EndsWith("ttyUSB1", Find("usb:2c7c:0125:one:02"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_said_with_those_that_are()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "identities need Linux");
        PlugIn("ttyUSB0", "1-1", "one", 0, "/dev/pts/1");

        await using ITransport transport = TransportFactory.ForPortIn(Folders, "usb:2c7c:0125:two").Create();
        TransportException missing = await Assert.ThrowsAsync<TransportException>(
            () => transport.OpenAsync(new RecordingSink(), Token).AsTask());

        Assert.Equal((TransportFailure.NotFound, "usb:2c7c:0125:two"), (missing.Failure, missing.Port));
        Assert.Contains("usb:2c7c:0125:one:00", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_comes_back_under_another_name_is_found_by_the_next_opening()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "identities need Linux");
        TransportFactory factory = TransportFactory.ForPortIn(Folders, "usb:2c7c:0125:one:00");
        using (TestPty first = new())
        {
            PlugIn("ttyUSB0", "1-1", "one", 0, first.Path);
            await TalkAsync(factory, first);
        }

        UnPlug("ttyUSB0");
        using TestPty second = new();
        using TestPty stranger = new();
        PlugIn("ttyUSB0", "1-7", "another", 0, stranger.Path);
        PlugIn("ttyUSB1", "1-2", "one", 0, second.Path);

        await TalkAsync(factory, second);
    }

    [Fact]
    public async Task An_opening_that_fails_leaves_no_descriptor_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "identities need Linux");
        TransportFactory factory = TransportFactory.ForPort("/dev/no-such-port");
        await FailAsync(factory);
        int before = Directory.GetFiles("/proc/self/fd").Count(IsEvent);

        for (int i = 0; i < 100; i++)
        {
            await FailAsync(factory);
        }

        // Other tests open ports meanwhile; a hundred would stand out.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Count(IsEvent), 0, before + 60);
    }

    private static bool IsEvent(string descriptor) =>
        new FileInfo(descriptor).LinkTarget?.Contains("eventfd", StringComparison.Ordinal) == true;

    private static async Task FailAsync(TransportFactory factory)
    {
        await using ITransport transport = factory.Create();
        await Assert.ThrowsAsync<TransportException>(() => transport.OpenAsync(new RecordingSink(), Token).AsTask());
    }

    private static async Task TalkAsync(TransportFactory factory, TestPty device)
    {
        await using ITransport transport = factory.Create();
        await transport.OpenAsync(new RecordingSink(), Token);
        await transport.WriteAsync("AT\r"u8.ToArray(), Token);
        byte[] read = new byte[8];
        int count = await Task.Run(() => device.Read(read, Deadline.Limit), Token);
        Assert.Equal("AT\r"u8.ToArray(), read[..count]);
    }

    private string Find(string name) => UsbPortIdentity.TryParse(name)!.Find(name, Folders); // the tests name what can be read

    private void PlugIn(string tty, string bus, string? serial, int number, string node)
    {
        string device = Folder($"devices/usb1/{bus}");
        Write(device, ("idVendor", "2c7c"), ("idProduct", "0125"));
        if (serial is not null)
        {
            Write(device, ("serial", serial));
        }

        string port = Folder($"devices/usb1/{bus}/{bus}:1.{number}/{tty}");
        Write(Path.GetDirectoryName(port)!, ("bInterfaceNumber", $"{number:x2}")); // it has a folder above it
        Directory.CreateSymbolicLink(Path.Combine(Folder("class/" + tty), "device"), port);
        Folder("dev");
        File.CreateSymbolicLink(Path.Combine(_root, "dev", tty), node);
    }

    private void UnPlug(string tty)
    {
        Directory.Delete(Path.Combine(_root, "class", tty), recursive: true);
        File.Delete(Path.Combine(_root, "dev", tty));
    }

    private string Folder(string path) => Directory.CreateDirectory(Path.Combine(_root, path)).FullName;

    private static void Write(string folder, params (string File, string Text)[] attributes)
    {
        foreach ((string file, string text) in attributes)
        {
            File.WriteAllText(Path.Combine(folder, file), text + "\n");
        }
    }
}
