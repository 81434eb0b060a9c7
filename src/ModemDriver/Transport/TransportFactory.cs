using System.Text.RegularExpressions;

namespace ModemDriver.Transport;

/// <summary>
/// Makes transports from one description, again and again: a modem that recovers opens a new one each time.
/// </summary>
public sealed partial class TransportFactory
{
    private const string SerialPrefix = "serialport:";

    private const string Accepted =
        "a port is a device path (/dev/ttyUSB0), a COM port (COM3), either behind serialport: for System.IO.Ports, "
        + UsbPortIdentity.Form + ", or tcp://host:port for a serial server";

    private readonly Func<ITransport> _create;

    /// <summary>Wraps a transport of the caller's own.</summary>
    /// <param name="name">What a person calls it; for messages and logs.</param>
    /// <param name="create">Makes a new transport, not opened yet, at every call.</param>
    public TransportFactory(string name, Func<ITransport> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        Name = name;
        _create = create;
    }

    /// <summary>What a person calls the port.</summary>
    public string Name { get; }

    /// <summary>Describes a port by name.</summary>
    /// <param name="port">
    /// <c>/dev/ttyUSB0</c> or another path of a tty (on Linux by the driver's own back end, elsewhere by
    /// System.IO.Ports);
    /// <c>usb:VID:PID[:SERIAL[:INTERFACE]]</c> (Linux), which is looked for at each opening, so that a device is found
    /// again under another name; so is a path below <c>/dev/serial/by-id</c>;
    /// <c>COM3</c>; <c>serialport:/dev/ttyUSB0</c> or <c>serialport:COM3</c>, always by System.IO.Ports;
    /// <c>tcp://host:port</c>, with an IPv6 address in brackets.
    /// </param>
    /// <param name="options">How a serial port is opened; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock of all limits; <see langword="null"/> for the system's.</param>
    /// <returns>The factory. Nothing is opened yet.</returns>
    /// <exception cref="ArgumentException">The name is none of these, or the options are out of range.</exception>
    public static TransportFactory ForPort(
        string port, SerialTransportOptions? options = null, TimeProvider? timeProvider = null) =>
        ForPortIn(SerialFolders.System, port, options, timeProvider);

    /// <summary>The same, with identities looked for in other folders.</summary>
    internal static TransportFactory ForPortIn(
        SerialFolders folders, string port, SerialTransportOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(port);
        SerialTransportOptions settings = options ?? new SerialTransportOptions();
        settings.Validate();
        TimeProvider time = timeProvider ?? TimeProvider.System;
        if (port.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase))
        {
            (string host, int number) = ParseTcp(port);
            return new TransportFactory(port, () => new TcpTransport(port, host, number, settings, time));
        }

        if (UsbPortIdentity.TryParse(port) is { } identity && OperatingSystem.IsLinux())
        {
            return new TransportFactory(port, () => new LinuxSerialTransport(
                port, settings, time, () => identity.Find(port, folders)));
        }

        bool asked = port.StartsWith(SerialPrefix, StringComparison.OrdinalIgnoreCase);
        string path = asked ? port[SerialPrefix.Length..] : port;
        if (!path.StartsWith('/') && !ComPort().IsMatch(path))
        {
            throw new ArgumentException($"\"{port}\" is not the name of a port: {Accepted}.", nameof(port));
        }

        return !asked && path.StartsWith('/') && OperatingSystem.IsLinux()
            ? new TransportFactory(port, () => new LinuxSerialTransport(path, settings, time))
            : new TransportFactory(port, () => new SerialTransport(port, path, settings, time));
    }

    /// <summary>Describes a connection by what makes its <see cref="Stream"/>.</summary>
    /// <param name="name">What a person calls it; for messages and logs.</param>
    /// <param name="connect">Makes a new Stream for each opening. The transport owns and disposes it.</param>
    /// <param name="timeProvider">The clock of all limits; <see langword="null"/> for the system's.</param>
    /// <param name="continueOnCapturedContext">
    /// <see langword="false"/>, the default: what is read is delivered on the thread that completes the read.
    /// <see langword="true"/>: on the synchronization context that opened the transport, which makes a run on a pump of
    /// one thread repeatable.
    /// </param>
    /// <returns>The factory. Nothing is opened yet.</returns>
    public static TransportFactory ForStream(
        string name,
        Func<CancellationToken, ValueTask<Stream>> connect,
        TimeProvider? timeProvider = null,
        bool continueOnCapturedContext = false)
    {
        ArgumentNullException.ThrowIfNull(connect);
        TimeProvider time = timeProvider ?? TimeProvider.System;
        SerialTransportOptions settings = new();
        return new TransportFactory(
            name, () => new StreamTransport(name, connect, settings, time, continueOnCapturedContext));
    }

    /// <summary>Makes one transport for a port, as <see cref="ForPort"/> describes it.</summary>
    /// <param name="port">The name of the port.</param>
    /// <param name="options">How a serial port is opened; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock of all limits; <see langword="null"/> for the system's.</param>
    /// <returns>A transport that is not opened yet.</returns>
    /// <exception cref="ArgumentException">The name is none of a port, or the options are out of range.</exception>
    public static ITransport Create(
        string port, SerialTransportOptions? options = null, TimeProvider? timeProvider = null) =>
        ForPort(port, options, timeProvider).Create();

    /// <summary>Makes a new transport, not opened yet.</summary>
    /// <returns>The transport; the caller owns it.</returns>
    public ITransport Create() => _create();

    private static (string Host, int Port) ParseTcp(string port) =>
        Uri.TryCreate(port, UriKind.Absolute, out Uri? uri)
        && uri is { Host.Length: > 0, Port: > 0, UserInfo.Length: 0, PathAndQuery: "/" or "", Fragment.Length: 0 }
            ? (uri.DnsSafeHost, uri.Port)
            : throw new ArgumentException(
                $"\"{port}\" is not an address: it must be tcp://host:port, with an IPv6 address in brackets.",
                nameof(port));

    // COM3, and \\.\COM12, the form that Windows takes for all numbers.
    [GeneratedRegex(@"^(\\\\\.\\)?COM[0-9]{1,3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ComPort();
}
