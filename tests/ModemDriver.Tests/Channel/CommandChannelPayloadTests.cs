using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Channel;

/// <summary>Prompts and payload in both directions.</summary>
public sealed class CommandChannelPayloadTests : IDisposable
{
    private readonly ChannelRig _rig = new();

    [Fact]
    public void Payload_follows_the_prompt_and_the_verdict_ends_the_command()
    {
        Task<FinalResult> task = _rig.Execute(Send("hello"));
        _rig.Sent("AT+CIPSEND=0,5\r\n");
        _rig.Receive("\r\nOK\r\n");
        _rig.Sent();
        Assert.False(task.IsCompleted);
        _rig.Receive(">");
        _rig.Sent("hello");
        _rig.Receive(" \r\nRecv 5 bytes\r\nbusy s...\r\n");
        Assert.False(task.IsCompleted);

        _rig.Receive("\r\nSEND OK\r\n");

        Assert.Equal(new FinalResult(true, "SEND OK"), ChannelRig.ResultOf(task));
        _rig.Works();
    }

    [Fact]
    public void A_stray_verdict_before_the_prompt_ends_nothing()
    {
        Task<FinalResult> task = _rig.Execute(Send("hello"));
        _rig.Receive("\r\nSEND OK\r\n\r\nOK\r\n> ");
        _rig.Sent("AT+CIPSEND=0,5\r\n", "hello");
        Assert.False(task.IsCompleted);

        _rig.Receive("\r\nSEND FAIL\r\n");

        Assert.Equal(new FinalResult(false, "SEND FAIL"), ChannelRig.ResultOf(task));
    }

    [Fact]
    public void A_second_verdict_is_not_given_to_the_next_command()
    {
        Task<FinalResult> task = _rig.Execute(Send("hello"));
        _rig.Receive("\r\nOK\r\n> ");
        _rig.Sent("AT+CIPSEND=0,5\r\n", "hello");
        _rig.Receive("\r\nSEND FAIL\r\n");
        Assert.False(ChannelRig.ResultOf(task).IsSuccess);

        Task<FinalResult> next = _rig.Execute(Send("again"));
        _rig.Sent("AT\r\n");
        _rig.Receive("\r\nSEND OK\r\n\r\nOK\r\n");
        _rig.Advance(0.1);

        _rig.Sent("AT+CIPSEND=0,5\r\n");
        _rig.Receive("\r\nOK\r\n> ");
        _rig.Sent("again");
        _rig.Receive("\r\nSEND OK\r\n");
        Assert.True(ChannelRig.ResultOf(next).IsSuccess);
        _rig.Works();
    }

    [Fact]
    public void After_a_lost_prompt_the_wait_for_payload_is_left_before_anything_else_is_sent()
    {
        Task<FinalResult> task = _rig.Execute(Send("hello"));
        _rig.Sent("AT+CIPSEND=0,5\r\n");
        _rig.Advance(2 + 10);
        Assert.Equal(CommandStage.Written, ChannelRig.FailureOf<CommandTimeoutException>(task).Stage);
        _rig.Sent();

        _rig.Advance(0.99);
        _rig.Sent();
        _rig.Advance(0.01);
        _rig.Sent("+++");
        _rig.Advance(0.99);
        _rig.Sent();
        _rig.Advance(0.01);

        _rig.AnswerProbe();
        _rig.Works();
    }

    [Fact]
    public void A_command_without_payload_that_draws_a_prompt_fails_and_another_one_works()
    {
        Task<FinalResult> task = _rig.Execute(new LinesCommand("AT+CIPSEND=0,5", TimeSpan.FromSeconds(2)));
        _rig.Receive("\r\nOK\r\n");
        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        _rig.Sent("AT+CIPSEND=0,5\r\n");

        task = _rig.Execute(new LinesCommand("AT+CIPSEND=0,5", TimeSpan.FromSeconds(2)));
        _rig.Sent("AT+CIPSEND=0,5\r\n");
        _rig.Receive("> ");
        ChannelRig.FailureOf<ModemProtocolException>(task);
        _rig.Advance(1);
        _rig.Sent("+++");
        _rig.Advance(1);
        _rig.AnswerProbe();
        _rig.Works();
    }

    [Fact]
    public void A_send_that_is_cancelled_half_way_is_completed()
    {
        using CancellationTokenSource source = new();
        Task<FinalResult> task = _rig.ExecuteCancellably(Send("hello ", "world"), source.Token);
        _rig.Sent("AT+CIPSEND=0,11\r\n");
        TaskCompletionSource gate = new();
        _rig.Transport.Gate = gate;
        _rig.Receive("\r\nOK\r\n> ");
        _rig.Sent("hello ");

        source.Cancel();
        _rig.Run();
        Assert.True(task.IsCanceled);
        _rig.Transport.Gate = null;
        gate.SetResult();
        _rig.Run();

        _rig.Sent("world");
        _rig.Receive("\r\nSEND OK\r\n");
        _rig.Works();
    }

    [Fact]
    public void Pushed_payload_may_stand_in_the_middle_of_an_answer()
    {
        LinesCommand command = new("AT+CIPSTATUS", TimeSpan.FromSeconds(1), "STATUS", "+CIPSTATUS");
        Task<FinalResult> task = _rig.Execute(command);
        _rig.Sent("AT+CIPSTATUS\r\n");

        _rig.Receive("STATUS:3\r\n+URC: 1\r\n\r\n+IPD,3,6:\r\nOK\r\n+CIPSTATUS:3,\"TCP\"\r\n+CIPSTATUSX: 1\r\n\r\nOK\r\n");

        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        Assert.Equal(["STATUS:3", "+CIPSTATUS:3,\"TCP\""], command.Lines);
        Assert.Equal(["\r\nOK\r\n"], _rig.Pushed);
        Assert.Equal(["+URC: 1", "+CIPSTATUSX: 1"], _rig.Unsolicited);
        _rig.Works();
    }

    [Fact]
    public void A_known_URC_is_told_first_when_the_answer_has_no_prefix()
    {
        LinesCommand command = new("AT+GMR", TimeSpan.FromSeconds(1));
        Task<FinalResult> task = _rig.Execute(command);
        _rig.Sent("AT+GMR\r\n");

        _rig.Receive("AT version:2.4\r\n+URC: 1\r\nSDK\r\nOK\r\n");

        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        Assert.Equal(["AT version:2.4", "SDK"], command.Lines);
        Assert.Equal(["+URC: 1"], _rig.Unsolicited);
    }

    [Fact]
    public void Pushed_payload_that_stops_half_way_is_given_up_and_the_channel_settles()
    {
        _rig.Receive("+IPD,3,10:abc");
        _rig.Advance(2.9);
        _rig.Receive("d");
        _rig.Advance(2.9);
        Assert.Empty(_rig.Lost);

        _rig.Advance(0.2);

        Assert.Equal(3, Assert.Single(_rig.Lost).LinkId);
        Task<FinalResult> task = _rig.Execute("AT+A");
        _rig.AnswerProbe();
        _rig.Sent("AT+A\r\n");
        _rig.Receive("OK\r\n");
        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        _rig.Works();
    }

    [Theory]
    [InlineData("+CIPRECVDATA:10,abc", 3)]
    [InlineData("+CIPRECVDATA:99999999,abc\r\n", 0)]
    public void Fetched_payload_that_stops_or_cannot_be_fails_its_command(string answer, int seconds)
    {
        Task<FinalResult> task = _rig.Execute(new Fetch());
        _rig.Sent("AT+CIPRECVDATA=0,10\r\n");
        _rig.Receive(answer);
        _rig.Advance(seconds);

        ChannelRig.FailureOf<ModemProtocolException>(task);
        _rig.AnswerProbe();
        _rig.Works();
    }

    [Fact]
    public void A_fetched_header_belongs_to_its_command_alone()
    {
        Fetch command = new();
        Task<FinalResult> task = _rig.Execute(command);
        _rig.Sent("AT+CIPRECVDATA=0,10\r\n");

        _rig.Receive("+CIPRECVDATA:4,\r\nOK\r\nOK\r\n+CIPRECVDATA:4,\r\n");

        Assert.True(ChannelRig.ResultOf(task).IsSuccess);
        Assert.Equal("\r\nOK", command.Payload.ToString());
        Assert.Equal(["+CIPRECVDATA:4,"], _rig.Unsolicited);
        _rig.Works();
    }

    public void Dispose() => _rig.Dispose();

    private static EspAtSendCommand Send(params string[] pieces)
    {
        byte[][] segments = [.. pieces.Select(Encoding.ASCII.GetBytes)];
        Piece first = new(segments[0]);
        Piece last = first;
        foreach (byte[] segment in segments[1..])
        {
            last = last.Append(segment);
        }

        ReadOnlySequence<byte> payload = new(first, 0, last, last.Memory.Length);
        CommandLine line = new CommandLineBuilder("AT+CIPSEND=").Number(0).Number(payload.Length).Build();
        return new EspAtSendCommand(line, TimeSpan.FromSeconds(2), new CommandPayload(payload));
    }

    private sealed class Fetch() : AtCommand(CommandLineBuilder.Raw("AT+CIPRECVDATA=0,10"), TimeSpan.FromSeconds(20))
    {
        private static readonly PayloadHeader Header = new("+CIPRECVDATA:", 0, HeaderEnding.CommaAfterCount);

        public new StringBuilder Payload { get; } = new();

        public override PayloadHeader? FetchedHeader => Header;

        public override void OnPayload(in AtFrame piece) => Payload.Append(Encoding.Latin1.GetString(piece.Text));
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            Piece next = new(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
