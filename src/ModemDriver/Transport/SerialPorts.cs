namespace ModemDriver.Transport;

/// <summary>The serial ports of this computer.</summary>
public static class SerialPorts
{
    /// <summary>Lists the ports that are there now, by name. Pseudo-terminals are not among them.</summary>
    /// <returns>On Linux with what sysfs knows of them; elsewhere names only.</returns>
    public static IReadOnlyList<SerialPortInfo> List() =>
        OperatingSystem.IsLinux()
            ? LinuxSerialPorts.List("/sys/class/tty", "/dev")
            : [.. SerialTransport.PortNames().Select(name => new SerialPortInfo { Name = name })];
}
