using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Links;

/// <summary>A pump with a channel, on the thread of the test, which plays the module and whoever owns the links.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The transport holds nothing.")]
internal sealed class PumpRig : ILinkOwner, IChannelListener
{
    public const string EspAt22 = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)";
    public const string EspAt20 = "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)";

    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedTransport _transport = new();
    private readonly CommandChannel _channel;
    private readonly LinkTable _table;
    private readonly LinkPump _links;
    private readonly EspAtLinkCommands _commands;

    public PumpRig(string version = EspAt22)
    {
        _loop = new ModemLoop(_pump, _pump);
        _loop.OnFault(exception => Assert.Fail(exception.ToString()));
        _channel = new CommandChannel(_loop, _time, this, NullLogger.Instance);
        _channel.Attach(_transport);
        EspAtFirmware firmware = EspAtFirmware.Read([version])!; // all of these are
        _channel.Apply(new EspAtDialect(firmware).Rules);
        _table = new LinkTable(_time);
        _table.Reset(5);
        _links = new LinkPump(_channel, _table, this, _loop, _time);
        _commands = new EspAtLinkCommands(firmware);
        _links.Configure(_commands, ConnectionMode.Multiple);
    }

    /// <summary>The links that were given up, and why.</summary>
    public List<(int Id, LinkFailure Failure, Exception? Reason)> Lost { get; } = [];

    /// <summary>An open link.</summary>
    public (Link Link, LinkStream Stream) Open(int id, int bufferBytes = 65_536)
    {
        var link = new Link(_loop, "10.0.0.2:80", _table.NextGeneration(), bufferBytes) 
        {
            OnWork = _ => _links.Kick(),
            IsPassive = _commands.Capabilities.IsPassive,
        };
        link.Become(LinkState.Open);
        _table.Lease(id, link);
        return (link, new LinkStream(link, _loop, _time));
    }

    /// <summary>The module announces bytes.</summary>
    public void Announce(Link link, int count) => Do(() =>
    {
        link.Waiting = count;
        _links.Kick();
    });

    public void Write(LinkStream stream, string text) => Write(stream, Encoding.ASCII.GetBytes(text));

    public void Write(LinkStream stream, byte[] bytes)
    {
        Task writing = stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();
        _pump.Run();
        Assert.True(writing.IsCompletedSuccessfully, $"{writing.Status}");
    }

    /// <summary>Starts a flush.</summary>
    public Task Flush(LinkStream stream)
    {
        Task flushing = stream.FlushAsync(CancellationToken.None);
        _pump.Run();
        return flushing;
    }

    public void Read(LinkStream stream, int count)
    {
        Task reading = stream.ReadExactlyAsync(new byte[count], TestContext.Current.CancellationToken).AsTask();
        _pump.Run();
        Assert.True(reading.IsCompletedSuccessfully, $"{reading.Status}");
    }

    /// <summary>Exactly these writes have been made since the last look.</summary>
    public void Sent(params string[] writes) => Assert.Equal(writes, _transport.TakeWrites());

    public string? TakeSent() => _transport.TakeWrites().SingleOrDefault();

    public void Receive(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        Do(() => _channel.Received(bytes));
    }

    /// <summary>The module takes a send.</summary>
    public void TakeSend(int id, string payload)
    {
        Sent($"AT+CIPSEND={id},{payload.Length}\r\n");
        Prompt(payload);
    }

    /// <summary>The module asks for a payload and takes it.</summary>
    public void Prompt(string payload)
    {
        Receive("\r\nOK\r\n\r\n>");
        Sent(payload);
        Receive($"\r\nRecv {payload.Length} bytes\r\n\r\nSEND OK\r\n");
    }

    /// <summary>The module is asked for at most so much, and gives so much.</summary>
    public void Give(int id, int asked, int given)
    {
        Sent($"AT+CIPRECVDATA={id},{asked}\r\n");
        Receive($"+CIPRECVDATA:{given},{new string('x', given)}\r\nOK\r\n");
    }

    public void Advance(double seconds)
    {
        TimeSpan step = TimeSpan.FromMilliseconds(10);
        for (TimeSpan left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= step)
        {
            _time.Advance(step);
            _pump.Run();
        }
    }

    LinkException ILinkOwner.Lose(Link link, LinkFailure failure, string what, Exception? innerException)
    {
        Lost.Add((link.Id, failure, innerException));
        link.Fail(new LinkException(failure, link.Id, link.EndPoint, what, innerException));
        return link.WhyNotSent();
    }

    void ILinkOwner.OnProgress(Link link)
    {
    }

    bool IChannelListener.IsUrc(ReadOnlySpan<byte> line) => EspAtNotices.Read(line).Kind != NoticeKind.None;

    void IChannelListener.OnUnsolicited(ReadOnlySpan<byte> line) => Assert.Fail(AtText.Escape(line));

    void IChannelListener.OnPushedPayload(in AtFrame piece) => Assert.Fail("no payload is pushed here");

    void IChannelListener.OnPushedWhole(int linkId) => Assert.Fail("no payload is pushed here");

    bool IChannelListener.MayFollowPushed(ReadOnlySpan<byte> line) => true;

    void IChannelListener.OnBytesLost(int linkId, ModemProtocolException reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnBroken(Exception reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnEcho() => Assert.Fail("nothing is echoed here");

    private void Do(Action action)
    {
        _loop.Post(action);
        _pump.Run();
    }
}
