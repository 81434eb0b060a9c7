using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModemDriver.Diagnostics;
using ModemDriver.Transport;

namespace ModemDriver;

/// <summary>
/// How a modem is opened and kept. Immutable; vary it with <c>with</c>. Checked once, when it is opened.
/// </summary>
public sealed record ModemOptions
{
    /// <summary>
    /// The access point to join when going online. Default <see langword="null"/>: the one that the module joins by
    /// itself, if it does.
    /// </summary>
    public WiFiOptions? WiFi { get; init; }

    /// <summary>How a cellular module gets onto its network; of no consequence for others.</summary>
    public CellularOptions Cellular { get; init; } = new();

    /// <summary>Whether the module holds one link or several. Default <see cref="ConnectionMode.Multiple"/>.</summary>
    public ConnectionMode ConnectionMode { get; init; } = ConnectionMode.Multiple;

    /// <summary>
    /// Whether the module keeps what arrives until it is fetched, or pushes it. Default
    /// <see cref="ReceiveMode.Automatic"/>: it keeps it where it can.
    /// </summary>
    public ReceiveMode ReceiveMode { get; init; } = ReceiveMode.Automatic;

    /// <summary>How a serial port is opened. Not used for other transports. Default: 115,200 bit/s, 8N1.</summary>
    public SerialTransportOptions Serial { get; init; } = new();

    /// <summary>
    /// The bit rates that are tried when the module does not answer at that of <see cref="Serial"/>, in order. Default:
    /// 115200, 9600, 57600, 921600, 460800, 230400, 38400, 19200, which is what modules are shipped with or set to.
    /// </summary>
    public IReadOnlyList<int> ProbeBitRates { get; init; } =
        [115_200, 9_600, 57_600, 921_600, 460_800, 230_400, 38_400, 19_200];

    /// <summary>
    /// How many bytes are kept for each direction of a link, 4,096 to 16,777,216, both included. Default 65,536.
    /// </summary>
    public int LinkBufferBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// How long opening may take, with the search for the bit rate and a module that is still starting. Above zero.
    /// Default 60 seconds.
    /// </summary>
    public TimeSpan OpenTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a modem that is online asks its module whether it still has its network, 10 seconds to a day, both
    /// included; <see langword="null"/>, the default, does not ask, and a loss of which the module does not tell is found
    /// when an attempt to open a link fails. Not asked in the data state of a transparent session.
    /// </summary>
    public TimeSpan? HealthInterval { get; init; }

    /// <summary>How a modem comes back after a failure.</summary>
    public RecoveryOptions Recovery { get; init; } = new();

    /// <summary>
    /// Where logs go. Default: nowhere. Loggers are called on the modem's loop, so they must not block.
    /// </summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Writes what goes over the wire. Default <see langword="null"/>: nothing is written.</summary>
    public WireTap? Tap { get; init; }

    /// <summary>
    /// Where the scatter of the recovery's waits comes from; the same seed gives the same waits. Default
    /// <see langword="null"/>: another one for each modem.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>The clock of everything. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Runs the modem's loop, its callers' continuations and its handlers. Default <see langword="null"/>: the thread
    /// pool. One that only queues, and is pumped by hand, keeps a modem on one thread, for runs that can be repeated.
    /// </summary>
    public PipeScheduler? Scheduler { get; init; }

    internal void Validate()
    {
        var mistakes = new List<Exception>();
        Check(mistakes, () => WiFi?.Validate());
        Check(mistakes, Cellular.Validate);
        Check(mistakes, Serial.Validate);
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfLessThan(LinkBufferBytes, 4096));
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfGreaterThan(LinkBufferBytes, 16 * 1024 * 1024));
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(OpenTimeLimit, TimeSpan.Zero));
        Check(mistakes, () => CheckRates(ProbeBitRates));
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfLessThan(
            HealthInterval ?? TimeSpan.FromDays(1), TimeSpan.FromSeconds(10), nameof(HealthInterval)));
        Check(mistakes, () => ArgumentOutOfRangeException.ThrowIfGreaterThan(
            HealthInterval ?? TimeSpan.Zero, TimeSpan.FromDays(1), nameof(HealthInterval)));
        Check(mistakes, Recovery.Validate);
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(
                "The options are out of range: " + string.Join(" ", mistakes.Select(mistake => mistake.Message)),
                nameof(ModemOptions),
                mistakes[0]);
        }
    }

    private static void CheckRates(IReadOnlyList<int> rates)
    {
        foreach (var rate in rates)
        {
            const string Name = nameof(ProbeBitRates);
            ArgumentOutOfRangeException.ThrowIfLessThan(rate, SerialTransportOptions.MinimumBitRate, Name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, SerialTransportOptions.MaximumBitRate, Name);
        }
    }

    private static void Check(List<Exception> mistakes, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException mistake)
        {
            mistakes.Add(mistake);
        }
    }
}

/// <summary>Who decides when received data comes over the wire.</summary>
public enum ReceiveMode
{
    /// <summary>
    /// The module keeps what arrives until the driver fetches it, where its firmware can: a slow reader slows its peer.
    /// </summary>
    Automatic,

    /// <summary>
    /// The module pushes what arrives. A reader that leaves the buffer of its link full loses the link. Some firmware
    /// has UDP links in this mode only.
    /// </summary>
    Push,
}

/// <summary>How a modem comes back after a failure.</summary>
public sealed record RecoveryOptions
{
    /// <summary>
    /// How often the recovery is tried before the modem is <see cref="ModemState.Faulted"/>; at least 1. Default
    /// <see langword="null"/>: for ever.
    /// </summary>
    public int? MaxAttempts { get; init; }

    /// <summary>
    /// About the wait after the first failed attempt; it doubles with every further one, and is scattered, so that many
    /// modems that failed at once do not try again at once. Above zero. Default 0.5 s.
    /// </summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between attempts; at least <see cref="FirstDelay"/>. Default 30 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The end of the ladder: cuts the module's power by a relay, or switches its USB port. Called on the thread pool or
    /// <see cref="ModemOptions.Scheduler"/>, while the port is closed; the port is opened and the module looked for when it
    /// has ended. What it throws is reported, and the recovery goes on. Default <see langword="null"/>: none.
    /// </summary>
    public Func<RecoveryHookContext, CancellationToken, Task>? Hook { get; init; }

    /// <summary>How long a call of the hook may take, until its token fires. Above zero. Default 1 minute.</summary>
    public TimeSpan HookTimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a recovery has to last before the hook is called. Zero or more. Default 1 minute.</summary>
    public TimeSpan HookDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The least time between two calls of the hook. Zero or more. Default 10 minutes.</summary>
    public TimeSpan HookInterval { get; init; } = TimeSpan.FromMinutes(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts ?? 1, 1, nameof(MaxAttempts));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HookTimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(HookDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(HookInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay);
    }
}
