namespace ModemDriver.Transport;

/// <summary>The serial ports of this computer.</summary>
public static class SerialPorts
{
    /// <summary>Lists the ports that are there now, by name. Pseudo-terminals are not among them.</summary>
    /// <returns>On Linux with what sysfs knows of them; elsewhere names only.</returns>
    public static IReadOnlyList<SerialPortInfo> List() =>
        OperatingSystem.IsLinux()
            ? List(SerialFolders.System)
            : [.. SerialTransport.PortNames().Select(name => new SerialPortInfo { Name = name })];

    /// <summary>Lists the ports that are described in these folders.</summary>
    internal static IReadOnlyList<SerialPortInfo> List(SerialFolders folders) =>
        LinuxSerialPorts.List(folders.Classes, folders.Devices);
}

/// <summary>Where Linux describes its serial ports, and where it has them.</summary>
/// <param name="Classes">As <c>/sys/class/tty</c>.</param>
/// <param name="Devices">As <c>/dev</c>.</param>
internal sealed record SerialFolders(string Classes, string Devices)
{
    /// <summary>Those of this computer.</summary>
    public static SerialFolders System { get; } = new("/sys/class/tty", "/dev");
}
