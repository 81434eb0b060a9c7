namespace ModemDriver;

/// <summary>What a transparent session talks.</summary>
public enum TransparentProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP: each pause of the line ends a datagram, so borders are not those of the writes.</summary>
    Udp,

    /// <summary>
    /// TLS of the module, as it is configured there (<see cref="ModemFeature.TransparentTls"/>); by default it checks
    /// no certificate.
    /// </summary>
    Tls,
}

/// <summary>What can be known about the loss of a link in the data state.</summary>
public enum LossDetection
{
    /// <summary>Nothing: the module neither tells nor can be asked.</summary>
    None,

    /// <summary>
    /// Suspending the session asks the module whether the link stands. That it was lost and made anew in between is not
    /// told: bytes of that time are lost on both sides.
    /// </summary>
    StatusCheck,

    /// <summary>The line DCD tells at once.</summary>
    Dcd,
}

/// <summary>What a transparent session is to be opened to, and how.</summary>
/// <param name="Host">A host name, resolved by the module, or an address.</param>
/// <param name="Port">The port of the peer, 1 to 65535, both included.</param>
public sealed record TransparentRequest(string Host, int Port)
{
    /// <summary>The protocol. Default <see cref="TransparentProtocol.Tcp"/>.</summary>
    public TransparentProtocol Protocol { get; init; }

    /// <summary>
    /// The module's port for UDP, 1 to 65535, both included; <see langword="null"/>, the default, lets it choose.
    /// </summary>
    public int? LocalPort { get; init; }

    /// <summary>
    /// TCP keep-alive of the module in whole seconds, 1 to 7200, both included; <see langword="null"/>, the default,
    /// leaves it as the module has it.
    /// </summary>
    public int? KeepAliveSeconds { get; init; }

    /// <summary>How long to wait for the turn to open it. Above zero. Default 60 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a command of the modem that is called in the data state suspends the session, runs, and resumes it.
    /// Default false: such a call throws a <see cref="DataStateException"/>.
    /// </summary>
    public bool SuspendForCommands { get; init; }

    /// <summary>
    /// How many bytes are kept for the reader, 4,096 to 16,777,216, both included. Default 1,048,576. Behind it the
    /// port is not read any more where that holds the module back (flow control by RTS and CTS, TCP, a Stream, a
    /// pseudo-terminal); elsewhere the session fails.
    /// </summary>
    public int BufferBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// The silence before the escape sequence, and between pieces of payload that must not be taken for one; 50
    /// milliseconds to 10 seconds, both included. <see langword="null"/>, the default, takes what the module needs and a
    /// margin. A line with buffers of its own, such as a serial server in the network, may need more.
    /// </summary>
    public TimeSpan? EscapeGuard { get; init; }

    /// <summary>
    /// Whether DTR is dropped for half a second when the module does not obey the escape sequence. Default false. For
    /// modules that were set to leave their data state so (<c>AT&amp;D1</c>), on a port that has the line; on boards whose
    /// DTR leads to a reset or boot pin it starts the module anew.
    /// </summary>
    public bool DropDtr { get; init; }

    internal string EndPoint => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Host);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BufferBytes, 16 * 1024 * 1024);
        if (EscapeGuard is { } guard)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(guard, TimeSpan.FromMilliseconds(50), nameof(EscapeGuard));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(guard, TimeSpan.FromSeconds(10), nameof(EscapeGuard));
        }

        if (!Enum.IsDefined(Protocol))
        {
            throw new ArgumentException($"{Protocol} is no protocol.", nameof(Protocol));
        }

        if (LocalPort is { } localPort)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(localPort, 1, nameof(LocalPort));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(localPort, 65535, nameof(LocalPort));
            if (Protocol != TransparentProtocol.Udp)
            {
                throw new ArgumentException("A local port goes with UDP only.", nameof(LocalPort));
            }
        }

        if (KeepAliveSeconds is { } seconds)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(seconds, 1, nameof(KeepAliveSeconds));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 7200, nameof(KeepAliveSeconds));
            if (Protocol == TransparentProtocol.Udp)
            {
                throw new ArgumentException("UDP has no keep-alive.", nameof(KeepAliveSeconds));
            }
        }
    }
}
