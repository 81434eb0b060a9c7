using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transcripts;

/// <summary>
/// Plays a recorded session against the command channel and the dialect: the host's lines are executed as commands, and
/// must come out of the transport byte for byte; the module's bytes are fed in.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The transport holds nothing.")]
internal sealed class SessionReplay : IChannelListener
{
    private readonly Queue<Action> _pump = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingTransport _transport = new();
    private readonly ModemLoop _loop;
    private readonly CommandChannel _channel;
    private readonly EspAtLinkCommands _links;
    private readonly StringBuilder _outcome = new();
    private readonly StringBuilder _pushed = new();
    private ConnectionMode _mode;
    private Task<FinalResult>? _command;
    private string _commandText = string.Empty;

    public SessionReplay(string title)
    {
        var scheduler = new PumpScheduler(_pump);
        _loop = new ModemLoop(scheduler, scheduler);
        _channel = new CommandChannel(_loop, _time, this, NullLogger.Instance);
        var version = title.Contains("AT 1.7.4", StringComparison.Ordinal) ? "AT version:1.7.4.0(May 11 2020)"
            : title.Contains("3.2 on ESP32", StringComparison.Ordinal) ? "AT version:3.2.0.0(s - ESP32 - Dec 2023)"
            : "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)";
        var firmware = EspAtFirmware.Read([version])!;
        _links = new EspAtLinkCommands(firmware);
        _channel.Apply(new EspAtDialect(firmware).Rules);
        _channel.SetPushedHeaders(_links.PushedHeaders(_mode));
        _channel.Attach(_transport);
    }

    /// <summary>Whether a line of the host came while its last one was unanswered, which the driver never does.</summary>
    public bool HostDidNotWait { get; private set; }

    /// <summary>How many commands were executed.</summary>
    public int Commands { get; private set; }

    /// <summary>Plays the session, with the module's bytes cut into pieces of the given length.</summary>
    public string Play(TranscriptSession session, int piece)
    {
        for (var i = 0; i < session.Steps.Count && !HostDidNotWait; i++)
        {
            var (mark, text) = session.Steps[i];
            switch (mark)
            {
                case '>':
                    ToModule(session, i, TranscriptSession.Unescape(text));
                    break;
                case '<':
                    ToHost(TranscriptSession.Unescape(text), piece);
                    break;
                case '@':
                    _time.Advance(TimeSpan.FromMilliseconds(int.Parse(text, CultureInfo.InvariantCulture)));
                    Pump();
                    break;
                case '!' when text.StartsWith("given AT+CIPMUX=1", StringComparison.Ordinal):
                    SetMode(ConnectionMode.Multiple);
                    break;
            }
        }

        EndCommand();
        return _outcome.Append(_pushed).ToString();
    }

    bool IChannelListener.IsUrc(ReadOnlySpan<byte> line) => EspAtNotices.Read(line).Kind != NoticeKind.None;

    void IChannelListener.OnEcho()
    {
        // A host that has not switched it off is not surprised.
    }

    void IChannelListener.OnUnsolicited(ReadOnlySpan<byte> line)
    {
        var notice = EspAtNotices.Read(line);
        if (notice.Kind != NoticeKind.None)
        {
            _outcome.Append(notice).Append('\n');
        }
    }

    void IChannelListener.OnPushedPayload(in AtFrame piece)
    {
        if (piece.Offset == 0)
        {
            _pushed.Append(CultureInfo.InvariantCulture, $"pushed {piece.LinkId}: ");
        }

        _pushed.Append(Encoding.Latin1.GetString(piece.Text)).Append(piece.IsLast ? "\n" : string.Empty);
    }

    void IChannelListener.OnPushedWhole(int linkId)
    {
        // What is not whole fails the session.
    }

    bool IChannelListener.MayFollowPushed(ReadOnlySpan<byte> line) => EspAtFollowers.Has(line);

    void IChannelListener.OnBytesLost(int linkId, ModemProtocolException reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnBroken(Exception reason) => Assert.Fail(reason.Message);

    private void ToModule(TranscriptSession session, int at, string text)
    {
        if (!_transport.TryTake(text))
        {
            EndCommand();
            if (HostDidNotWait || text == "\r\n")
            {
                return;
            }

            Start(text.TrimEnd('\r', '\n'), session, at);
            Assert.True(_transport.TryTake(text), $"expected {text}, the driver sent {_transport.Text}");
        }
    }

    private void Start(string line, TranscriptSession session, int at)
    {
        var command = NewCommand(line, session, at);
        _commandText = line;
        Commands++;
        _loop.Post(() => _command = _channel.ExecuteAsync(command).AsTask());
        Pump();
        if (line is "AT+CIPMUX=1" or "AT+CIPMUX=0")
        {
            SetMode(line[^1] == '1' ? ConnectionMode.Multiple : ConnectionMode.Single);
        }
    }

    private AtCommand NewCommand(string line, TranscriptSession session, int at)
    {
        var numbers = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(',');
        if (line.StartsWith("AT+CIPSEND=", StringComparison.Ordinal))
        {
            var count = int.Parse(numbers[^1], CultureInfo.InvariantCulture);
            var payload = string.Concat(session.Steps.Skip(at + 1)
                .Where(step => step.Mark == '>').Select(step => TranscriptSession.Unescape(step.Text)));
            payload = payload[..Math.Min(count, payload.Length)].PadRight(count);
            var bytes = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(payload));
            return _links.Send(_mode, _mode == ConnectionMode.Multiple ? Digit(numbers[0]) : 0, bytes);
        }

        if (line.StartsWith("AT+CIPRECVDATA=", StringComparison.Ordinal))
        {
            var link = new Link(_loop, "peer", 1, 65536) { Id = Digit(numbers[0]) };
            return _links.Fetch(_mode, link, int.Parse(numbers[^1], CultureInfo.InvariantCulture));
        }

        return new LinesCommand(line, TimeSpan.FromSeconds(30));
    }

    private void ToHost(string text, int piece)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var i = 0; i < bytes.Length; i += piece)
        {
            var part = bytes.AsMemory(i, Math.Min(piece, bytes.Length - i));
            _loop.Post(() => _channel.Received(part.Span));
            Pump();
        }
    }

    private void EndCommand()
    {
        if (_command is null)
        {
            return;
        }

        if (!_command.IsCompleted)
        {
            HostDidNotWait = true;
            return;
        }

        Assert.True(_command.IsCompletedSuccessfully, _command.Exception?.InnerException?.Message);
        _outcome.Append(CultureInfo.InvariantCulture, $"{_commandText} -> {_command.Result.Text}\n");
        _command = null;
    }

    private void SetMode(ConnectionMode mode)
    {
        _mode = mode;
        _channel.SetPushedHeaders(_links.PushedHeaders(mode));
    }

    private void Pump()
    {
        while (_pump.TryDequeue(out var action))
        {
            action();
        }
    }

    private static int Digit(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class PumpScheduler(Queue<Action> pump) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => pump.Enqueue(() => action(state));
    }

    private sealed class RecordingTransport : ITransport
    {
        private string _written = string.Empty;

        public string Name => "transcript";

        public int? BitRate => null;

        public IControlLines? ControlLines => null;

        public string Text => _written;

        public bool TryTake(string text)
        {
            if (text.Length == 0 || !_written.StartsWith(text, StringComparison.Ordinal))
            {
                return false;
            }

            _written = _written[text.Length..];
            return true;
        }

        public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default) => default;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            _written += Encoding.Latin1.GetString(data.Span);
            return default;
        }

        public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;
    }
}
