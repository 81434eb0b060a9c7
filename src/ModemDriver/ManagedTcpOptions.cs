using ModemDriver.Clients;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ModemDriver;

/// <summary>How a <see cref="ManagedTcpClient"/> keeps its connection. Immutable; checked when the client is made.</summary>
public sealed record ManagedTcpOptions
{
    // A timer counts milliseconds in 32 bits.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    /// <summary>How long one attempt to connect may take. Above zero, at most 24 days. Default 60 seconds.</summary>
    public TimeSpan ConnectTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The wait after the first failure; it doubles from failure to failure, with some jitter. Above zero, at most
    /// <see cref="LongestDelay"/>. Default 1 second.
    /// </summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer. At most 24 days. Default 2 minutes.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A connection that stood for so long was a good one: the next is tried at once, and waits begin at
    /// <see cref="FirstDelay"/> again. Not negative. Default 30 seconds.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What is sent when nothing else was for <see cref="HeartbeatInterval"/>, between two writes of the user. Default
    /// empty: nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Heartbeat { get; init; }

    /// <summary>
    /// How long nothing is sent before the heartbeat is. Above zero, at most 24 days. Default 60 seconds: networks forget
    /// a connection that is silent for some minutes.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long the peer may send nothing before the connection is given up, at most 24 days; for protocols in which the
    /// peer answers or has a heartbeat of its own. Default <see langword="null"/>: for ever.
    /// </summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>Where logs go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock. Default: that of the system.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        CheckTime(ConnectTimeLimit, nameof(ConnectTimeLimit));
        CheckTime(LongestDelay, nameof(LongestDelay));
        CheckTime(FirstDelay, nameof(FirstDelay));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FirstDelay, LongestDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(StableAfter, TimeSpan.Zero);
        CheckTime(HeartbeatInterval, nameof(HeartbeatInterval));
        if (SilenceLimit is { } limit)
        {
            CheckTime(limit, nameof(SilenceLimit));
        }

        ArgumentNullException.ThrowIfNull(LoggerFactory);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestTime, name);
    }
}

/// <summary>Where a <see cref="ManagedTcpClient"/> stands.</summary>
public enum ManagedTcpState
{
    /// <summary>It has not been started, or has ended.</summary>
    Stopped,

    /// <summary>It waits until the modem is online.</summary>
    WaitingForModem,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>There is a connection.</summary>
    Connected,

    /// <summary>It waits before the next attempt.</summary>
    Waiting,
}

/// <summary>One change of a <see cref="ManagedTcpClient"/>.</summary>
/// <param name="State">The new state.</param>
/// <param name="Attempt">The number of the attempt since the last good connection, from 1; 0 where none is meant.</param>
/// <param name="Delay">The wait that begins; <see langword="null"/> in other states.</param>
/// <param name="Reason">
/// Why the attempt failed or the connection ended; <see langword="null"/> where the user's call returned by itself.
/// </param>
public sealed record ManagedTcpChange(ManagedTcpState State, int Attempt, TimeSpan? Delay, Exception? Reason);
