namespace ModemDriver.Transport;

/// <summary>What <see cref="IdlePortWatch"/> needs to know of a port.</summary>
/// <param name="Tty">The descriptor, and what the port waits for on it.</param>
/// <param name="WakeUp">The event by which others wake the port.</param>
/// <param name="Resume">
/// Lets the port go on with a thread of its own; <see langword="false"/> when the system has none left. It returns at
/// once and does not throw.
/// </param>
internal readonly record struct IdlePort(
    LinuxSerialTransport.PollEntry Tty, LinuxSerialTransport.PollEntry WakeUp, Func<bool> Resume);
