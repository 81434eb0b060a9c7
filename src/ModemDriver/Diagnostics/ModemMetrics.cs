using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModemDriver.Framing;

namespace ModemDriver.Diagnostics;

/// <summary>What one modem measures. Costs a comparison where nobody listens.</summary>
/// <param name="port">Names the modem in every measurement.</param>
internal sealed class ModemMetrics(string port)
{
    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");
    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");

    private readonly KeyValuePair<string, object?> _port = new("modem.port", port);
    private Func<ModemState>? _state;
    private Func<int>? _links;
    private bool _isOpen;

    /// <summary>Names what is asked when somebody collects; asked on any thread.</summary>
    public void Observe(Func<ModemState> state, Func<int> links)
    {
        _state = state;
        _links = links;
    }

    /// <summary>The modem has come to another state.</summary>
    public void CountStateChange(ModemState before, ModemState after, string happened, Exception? reason)
    {
        var isOpen = after != ModemState.Closed;
        if (isOpen != _isOpen)
        {
            _isOpen = isOpen;
            (isOpen ? (Action<ModemMetrics>)ModemInstruments.Add : ModemInstruments.Remove)(this);
        }

        if (ModemInstruments.StateChanges.Enabled)
        {
            var tags = new TagList
            {
                _port,
                { "modem.state", MetricText<ModemState>.Of(after) },
                { "modem.state.previous", MetricText<ModemState>.Of(before) },
                { "modem.state.trigger", happened },
            };
            AddError(ref tags, reason);
            ModemInstruments.StateChanges.Add(1, tags);
        }
    }

    /// <summary>Whether anybody listens to how long commands take.</summary>
    public static bool MeasuresCommands => ModemInstruments.CommandDuration.Enabled;

    /// <summary>A command has ended, however.</summary>
    public void RecordCommand(CommandLine line, string outcome, TimeSpan time)
    {
        if (ModemInstruments.CommandDuration.Enabled)
        {
            ModemInstruments.CommandDuration.Record(
                time.TotalSeconds, _port, new("modem.command.name", NameOf(line)), new("modem.command.outcome", outcome));
        }
    }

    /// <summary>A command has run out of time.</summary>
    public void CountTimeout(CommandStage stage)
    {
        if (ModemInstruments.CommandTimeouts.Enabled)
        {
            ModemInstruments.CommandTimeouts.Add(
                1, _port, new("modem.command.stage", MetricText<CommandStage>.Of(stage)));
        }
    }

    /// <summary>An answer has come after its command had ended.</summary>
    public void CountLateAnswer() => ModemInstruments.LateAnswers.Add(1, _port);

    /// <summary>The place in the dialogue was looked for.</summary>
    public void CountResynchronisation(string result) =>
        ModemInstruments.Resynchronisations.Add(1, _port, new("modem.channel.result", result));

    /// <summary>Bytes were written to the port.</summary>
    public void CountWritten(int bytes) => ModemInstruments.PortIo.Add(bytes, _port, Transmit);

    /// <summary>Bytes have come from the port.</summary>
    public void CountReceived(int bytes) => ModemInstruments.PortIo.Add(bytes, _port, Receive);

    /// <summary>A link has come up.</summary>
    public void CountLinkOpened(string kind, bool isAccepted) => ModemInstruments.LinksOpened.Add(
        1, _port, new("modem.link.kind", kind), new("modem.link.origin", isAccepted ? "accepted" : "connected"));

    /// <summary>A link could not be opened.</summary>
    public void CountLinkNotOpened(LinkFailure failure)
    {
        if (ModemInstruments.LinksNotOpened.Enabled)
        {
            ModemInstruments.LinksNotOpened.Add(1, _port, new("modem.link.reason", MetricText<LinkFailure>.Of(failure)));
        }
    }

    /// <summary>A link that had come up has ended; without a failure it was closed, by us or by the peer.</summary>
    public void CountLinkEnded(LinkFailure? failure, bool wasClosedByPeer)
    {
        if (ModemInstruments.LinksEnded.Enabled)
        {
            var reason = failure is { } why ? MetricText<LinkFailure>.Of(why) : wasClosedByPeer ? "peer_closed" : "closed";
            ModemInstruments.LinksEnded.Add(1, _port, new("modem.link.reason", reason));
        }
    }

    /// <summary>The module has taken payload of a link.</summary>
    public void CountLinkSent(long bytes) => ModemInstruments.LinkIo.Add(bytes, _port, Transmit);

    /// <summary>Payload of a link has come.</summary>
    public void CountLinkReceived(int bytes) => ModemInstruments.LinkIo.Add(bytes, _port, Receive);

    /// <summary>A datagram was dropped.</summary>
    public void CountDatagramDropped(string reason) =>
        ModemInstruments.DatagramsDropped.Add(1, _port, new("modem.datagram.reason", reason));

    /// <summary>An event was dropped.</summary>
    public void CountEventDropped() => ModemInstruments.EventsDropped.Add(1, _port);

    /// <summary>An attempt at recovery has ended.</summary>
    public void RecordRecoveryAttempt(string cause, RecoveryRung rung, Exception? failure, TimeSpan time)
    {
        if (ModemInstruments.RecoveryAttemptDuration.Enabled)
        {
            var tags = new TagList
            {
                _port,
                { "modem.recovery.cause", MetricText.Of(cause) },
                { "modem.recovery.rung", MetricText<RecoveryRung>.Of(rung) },
                { "modem.recovery.result", failure is null ? "helped" : "failed" },
            };
            AddError(ref tags, failure);
            ModemInstruments.RecoveryAttemptDuration.Record(time.TotalSeconds, tags);
        }
    }

    /// <summary>A recovery has ended.</summary>
    public void RecordRecovery(string cause, ModemState result, TimeSpan time) => ModemInstruments.RecoveryDuration.Record(
        time.TotalSeconds, _port, new("modem.recovery.cause", cause), new("modem.state", MetricText<ModemState>.Of(result)));

    /// <summary>The signal was read.</summary>
    public void RecordSignal(SignalQuality signal)
    {
        Record(ModemInstruments.Rssi, signal.RssiDbm);
        Record(ModemInstruments.Rsrp, signal.RsrpDbm);
        Record(ModemInstruments.Rsrq, signal.RsrqDb);
        Record(ModemInstruments.Sinr, signal.SinrDb);
    }

    /// <summary>One measurement for each state.</summary>
    public IEnumerable<Measurement<int>> ObserveState()
    {
        var now = _state?.Invoke() ?? ModemState.Closed;
        return Enum.GetValues<ModemState>().Select(state => new Measurement<int>(
            state == now ? 1 : 0, _port, new("modem.state", MetricText<ModemState>.Of(state))));
    }

    /// <summary>How many links hold a number.</summary>
    public Measurement<int> ObserveLinks() => new(_links?.Invoke() ?? 0, _port);

    /// <summary>The command without what was given to it, which may be many things, or a secret.</summary>
    public static string NameOf(CommandLine line)
    {
        var text = line.Text;
        var end = Math.Min(2, text.Length);
        var isExtended = end < text.Length && !char.IsAsciiLetterOrDigit((char)text[end]) && text[end] > (byte)' ';
        end += isExtended ? 1 : 0;
        while (end < text.Length
            && (isExtended ? char.IsAsciiLetterOrDigit((char)text[end]) : char.IsAsciiLetter((char)text[end])))
        {
            end++;
        }

        return System.Text.Encoding.ASCII.GetString(text[..end]);
    }

    private static void AddError(ref TagList tags, Exception? error)
    {
        if (error is not null)
        {
            tags.Add("error.type", error.GetType().FullName);
        }
    }

    private void Record(Gauge<double> gauge, double? value)
    {
        if (value is { } known)
        {
            gauge.Record(known, _port);
        }
    }
}
