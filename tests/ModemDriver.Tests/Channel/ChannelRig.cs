using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Channel;

/// <summary>A channel, its clock and its loop, all on the thread of the test.</summary>
internal sealed class ChannelRig : IChannelListener, IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;
    private readonly List<Exception> _faults = [];

    public ChannelRig(ChannelRules? rules = null)
    {
        _loop = new ModemLoop(_pump, _pump);
        Channel = new CommandChannel(_loop, Time, this, NullLogger.Instance);
        _loop.OnFault(exception =>
        {
            _faults.Add(exception);
            Channel.Break(exception);
        });
        Channel.Attach(Transport);
        Channel.Apply(rules ?? Rules);
        Channel.SetPushedHeaders(new PayloadHeader("+IPD,", 1, HeaderEnding.Colon, linkField: 0, maxPayload: 2048));
    }

    public static ChannelRules Rules { get; } = new()
    {
        ResultCodes =
        [
            .. new ChannelRules().ResultCodes,
            new("busy p...", ResultVerdict.Busy),
            new("busy s...", ResultVerdict.Busy),
        ],
        Escape = new PayloadEscape("+++", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        SecretPrefixes = ["+SECRET:"],
    };

    public FakeTimeProvider Time { get; } = new();

    public ScriptedTransport Transport { get; } = new();

    public CommandChannel Channel { get; }

    public List<string> Unsolicited { get; } = [];

    public List<string> Pushed { get; } = [];

    /// <summary>The link of each pushed payload that was whole.</summary>
    public List<int> Whole { get; } = [];

    public List<(int LinkId, Exception Reason)> Lost { get; } = [];

    public int Echoes { get; private set; }

    public Exception? BrokenWith { get; private set; }

    public IReadOnlyList<Exception> Faults => _faults;

    public Task<FinalResult> Execute(string line, int seconds = 1) =>
        Execute(new SimpleCommand(line, TimeSpan.FromSeconds(seconds)));

    public Task<FinalResult> Execute(AtCommand command) => ExecuteCancellably(command, CancellationToken.None);

    public Task<FinalResult> ExecuteCancellably(string line, CancellationToken cancellationToken) =>
        ExecuteCancellably(new SimpleCommand(line, TimeSpan.FromSeconds(1)), cancellationToken);

    public Task<FinalResult> ExecuteCancellably(AtCommand command, CancellationToken cancellationToken)
    {
        Task<FinalResult> task = _loop.InvokeAsync(() => Channel.ExecuteAsync(command, cancellationToken).AsTask());
        _pump.Run();
        return task;
    }

    public void Do(Action<CommandChannel> action)
    {
        _loop.Post(() => action(Channel));
        _pump.Run();
    }

    public void Run() => _pump.Run();

    /// <summary>Bytes from the module, in one read.</summary>
    public void Receive(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Do(channel => channel.Received(bytes));
    }

    public void Advance(double seconds)
    {
        for (TimeSpan left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= Step)
        {
            Time.Advance(left < Step ? left : Step);
            _pump.Run();
        }
    }

    /// <summary>Exactly these writes have been made since the last look.</summary>
    public void Sent(params string[] writes) => Assert.Equal(writes, Transport.TakeWrites());

    /// <summary>The module answers one probe, and the channel waits whether a second answer comes.</summary>
    public void AnswerProbe()
    {
        Sent("AT\r\n");
        Receive("\r\nOK\r\n");
        Advance(0.1);
    }

    /// <summary>Another command works.</summary>
    public void Works()
    {
        Task<FinalResult> task = Execute("AT+WORKS");
        Sent("AT+WORKS\r\n");
        Receive("\r\nOK\r\n");
        Assert.Equal(new FinalResult(true, "OK"), ResultOf(task));
        Assert.Equal(ChannelState.Idle, Channel.State);
    }

    public static FinalResult ResultOf(Task<FinalResult> task)
    {
        Assert.True(task.IsCompletedSuccessfully, $"{task.Status}: {task.Exception?.InnerException}");
        return task.Result;
    }

    public static T FailureOf<T>(Task<FinalResult> task)
        where T : Exception
    {
        Assert.True(task.IsFaulted, $"{task.Status}");
        return Assert.IsType<T>(task.Exception!.InnerException); // a faulted task has one
    }

    public bool IsUrc(ReadOnlySpan<byte> line) => line.StartsWith("+URC"u8);

    public void OnEcho() => Echoes++;

    public void OnUnsolicited(ReadOnlySpan<byte> line) => Unsolicited.Add(Encoding.Latin1.GetString(line));

    public void OnPushedPayload(in AtFrame piece) => Pushed.Add(Encoding.Latin1.GetString(piece.Text));

    public void OnPushedWhole(int linkId) => Whole.Add(linkId);

    public bool MayFollowPushed(ReadOnlySpan<byte> line) => IsUrc(line);

    public void OnBytesLost(int linkId, ModemProtocolException reason) => Lost.Add((linkId, reason));

    public void OnBroken(Exception reason) => BrokenWith = reason;

    public void Dispose() => Sent();
}
