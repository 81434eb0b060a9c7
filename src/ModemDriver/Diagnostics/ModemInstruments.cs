using System.Diagnostics.Metrics;

namespace ModemDriver.Diagnostics;

/// <summary>
/// The instruments of the Meter <c>ModemDriver</c>: one set for the program, whose measurements name the port.
/// docs/metrics.md lists them; a test compares.
/// </summary>
internal static class ModemInstruments
{
    /// <summary>The name of the Meter.</summary>
    public const string MeterName = "ModemDriver";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Changes of state.</summary>
    public static readonly Counter<long> StateChanges = Meter.CreateCounter<long>(
        "modem.state.changes", "{change}", "changes of a modem's state, by what happened");

    /// <summary>Commands, from the first byte written to their end.</summary>
    public static readonly Histogram<double> CommandDuration = Meter.CreateHistogram<double>(
        "modem.command.duration", "s", "from the line's writing to its result, by command and outcome");

    /// <summary>Commands without an answer, or without a turn.</summary>
    public static readonly Counter<long> CommandTimeouts = Meter.CreateCounter<long>(
        "modem.command.timeouts", "{command}", "commands that ran out of time, by how far they had come");

    /// <summary>Answers to commands that had timed out.</summary>
    public static readonly Counter<long> LateAnswers = Meter.CreateCounter<long>(
        "modem.command.late_answers", "{answer}", "answers that came after their command had run out of time; dropped");

    /// <summary>Searches for the place in the dialogue.</summary>
    public static readonly Counter<long> Resynchronisations = Meter.CreateCounter<long>(
        "modem.channel.resynchronisations", "{resynchronisation}", "searches for the place in the dialogue, by result");

    /// <summary>Bytes on the line.</summary>
    public static readonly Counter<long> PortIo = Meter.CreateCounter<long>(
        "modem.port.io", "By", "bytes over the port, by direction");

    /// <summary>Links that came up.</summary>
    public static readonly Counter<long> LinksOpened = Meter.CreateCounter<long>(
        "modem.link.opened", "{link}", "links that came up, by kind and who began them");

    /// <summary>Links that did not come up.</summary>
    public static readonly Counter<long> LinksNotOpened = Meter.CreateCounter<long>(
        "modem.link.open_failures", "{link}", "links that could not be opened, by reason");

    /// <summary>Links that ended.</summary>
    public static readonly Counter<long> LinksEnded = Meter.CreateCounter<long>(
        "modem.link.ended", "{link}", "links that had been up and ended, by reason");

    /// <summary>Payload of links.</summary>
    public static readonly Counter<long> LinkIo = Meter.CreateCounter<long>(
        "modem.link.io", "By", "payload of links, by direction");

    /// <summary>Datagrams that nobody got.</summary>
    public static readonly Counter<long> DatagramsDropped = Meter.CreateCounter<long>(
        "modem.datagram.dropped", "{datagram}", "received datagrams that were dropped, by reason");

    /// <summary>Events that nobody got.</summary>
    public static readonly Counter<long> EventsDropped = Meter.CreateCounter<long>(
        "modem.event.dropped", "{event}", "events that found the queue of the handlers full");

    /// <summary>Rungs of the recovery ladder.</summary>
    public static readonly Histogram<double> RecoveryAttemptDuration = Meter.CreateHistogram<double>(
        "modem.recovery.attempt.duration", "s", "attempts at recovery, by cause, rung and result");

    /// <summary>Whole recoveries.</summary>
    public static readonly Histogram<double> RecoveryDuration = Meter.CreateHistogram<double>(
        "modem.recovery.duration", "s", "from the failure to the end of its recovery, by cause and result");

    /// <summary>Received signal strength.</summary>
    public static readonly Gauge<double> Rssi = Meter.CreateGauge<double>(
        "modem.signal.rssi", "dB[mW]", "received signal strength, as it was last read");

    /// <summary>Reference signal power.</summary>
    public static readonly Gauge<double> Rsrp = Meter.CreateGauge<double>(
        "modem.signal.rsrp", "dB[mW]", "reference signal received power, as it was last read");

    /// <summary>Reference signal quality.</summary>
    public static readonly Gauge<double> Rsrq = Meter.CreateGauge<double>(
        "modem.signal.rsrq", "dB", "reference signal received quality, as it was last read");

    /// <summary>Signal to noise.</summary>
    public static readonly Gauge<double> Sinr = Meter.CreateGauge<double>(
        "modem.signal.sinr", "dB", "signal to interference and noise, as it was last read");

    private static readonly Lock Gate = new();
    private static readonly List<ModemMetrics> Open = [];

    static ModemInstruments()
    {
        Meter.CreateObservableUpDownCounter(
            "modem.state", ObserveStates, "{modem}", "1 for the state in which an open modem is, 0 for the others");
        Meter.CreateObservableUpDownCounter("modem.link.count", ObserveLinks, "{link}", "links that hold a number");
    }

    /// <summary>A modem is open, and can be asked.</summary>
    public static void Add(ModemMetrics modem)
    {
        lock (Gate)
        {
            Open.Add(modem);
        }
    }

    /// <summary>A modem is closed.</summary>
    public static void Remove(ModemMetrics modem)
    {
        lock (Gate)
        {
            Open.Remove(modem);
        }
    }

    private static ModemMetrics[] Snapshot()
    {
        lock (Gate)
        {
            return [.. Open];
        }
    }

    private static IEnumerable<Measurement<int>> ObserveStates() =>
        Snapshot().SelectMany(modem => modem.ObserveState());

    private static IEnumerable<Measurement<int>> ObserveLinks() =>
        Snapshot().Select(modem => modem.ObserveLinks());
}
