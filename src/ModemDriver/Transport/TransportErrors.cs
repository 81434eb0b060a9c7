using System.Globalization;

namespace ModemDriver.Transport;

/// <summary>
/// The sentences that people read when a port does not open, or ends. One place, so that all back ends agree.
/// </summary>
internal static class TransportErrors
{
    public static TransportException Missing(string port, Exception? inner = null)
    {
        IReadOnlyList<SerialPortInfo> ports = SerialPorts.List();
        string known = ports.Count == 0
            ? "no serial port was found on this computer; plug the module in"
            : "the ports here are " + string.Join(", ", ports.Select(found => found.Name));
        return new(TransportFailure.NotFound, port, $"There is no port {port}: {known}.", inner);
    }

    public static TransportException MissingDevice(string port, IReadOnlyList<SerialPortInfo> ports) =>
        new(
            TransportFailure.NotFound,
            port,
            $"No serial port here is {port}: plug the device in"
                + (ports.Any(found => found.UsbIdentity is not null) ? "; there are " + List(ports) : string.Empty) + ".");

    public static TransportException Ambiguous(string port, IReadOnlyList<SerialPortInfo> ports) =>
        new(
            TransportFailure.Ambiguous,
            port,
            $"{port} names several ports, {List(ports)}: name one of them, with its serial number and interface.");

    private static string List(IReadOnlyList<SerialPortInfo> ports) => string.Join(
        ", ", ports.Where(found => found.UsbIdentity is not null).Select(found => $"{found.UsbIdentity} ({found.Name})"));

    public static TransportException NoDevice(string port, Exception? inner = null) =>
        new(
            TransportFailure.NotFound,
            port,
            $"No device answers behind {port}: plug it in, or choose another port.",
            inner);

    public static TransportException Busy(string port, string? holder, Exception? inner = null) =>
        new(
            TransportFailure.Busy,
            port,
            $"{port} is in use by {holder ?? "another program"}: close that program (a terminal, ModemManager) and "
                + "try again.",
            inner);

    public static TransportException Denied(string port, Exception? inner = null) =>
        new(
            TransportFailure.AccessDenied,
            port,
            OperatingSystem.IsWindows()
                ? $"{port} may not be opened: close the program that has it open, or ask for the right to use it."
                : $"This user may not open {port}: add the user to the group dialout "
                    + "(sudo usermod -aG dialout $USER) and log in again.",
            inner);

    public static TransportException NotATerminal(string port, Exception? inner = null) =>
        new(
            TransportFailure.NotASerialPort,
            port,
            $"{port} is not a serial port: name a device such as /dev/ttyUSB0.",
            inner);

    public static TransportException Refused(string port, string setting, Exception? inner = null) =>
        new(
            TransportFailure.Other,
            port,
            $"{port} cannot do {setting}: choose what the port and its driver support.",
            inner);

    public static TransportException System(string port, string action, Exception? inner = null) =>
        new(
            TransportFailure.Other,
            port,
            $"{action} {port} failed{(inner is null ? string.Empty : ": " + inner.Message.TrimEnd('.'))}.",
            inner);

    public static TransportException OpenTooSlow(string port, TimeSpan limit) =>
        new(
            TransportFailure.Stalled,
            port,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{port} did not open within {limit.TotalSeconds:0.###} s: unplug it and plug it in again."));

    public static TransportException Gone(string port, string how, Exception? inner = null) =>
        new(TransportFailure.Gone, port, $"{port} is gone: {how}.", inner);

    public static TransportException Stalled(string port, TimeSpan limit) =>
        new(
            TransportFailure.Stalled,
            port,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{port} took no byte for {limit.TotalSeconds:0.###} s: check CTS and the module's power."));

    public static TransportException SinkFailed(string port, Exception inner) =>
        new(
            TransportFailure.Other,
            port,
            $"The receiver of the bytes of {port} failed: {inner.Message.TrimEnd('.')}.",
            inner);

    /// <summary>
    /// What a call on a transport that has ended throws: an exception of its own, with the first reason inside.
    /// </summary>
    public static TransportException Ended(string port, TransportException? reason) =>
        reason is null
            ? new(TransportFailure.Closed, port, $"{port} is closed: make a new transport to use it again.")
            : new(reason.Failure, port, reason.Message, reason);

    public static InvalidOperationException OpenedTwice(string port) =>
        new($"{port} was opened before: a transport is opened once; make a new one to open it again.");

    public static InvalidOperationException NotOpen(string port) =>
        new($"{port} is not open yet: await OpenAsync first.");

    public static InvalidOperationException WriteUnderWay(string port) =>
        new($"A write to {port} is under way: await it before the next.");
}
