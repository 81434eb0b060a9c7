using System.Text;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Diagnostics;

public class WireTapTests
{
    [Fact]
    public void Lines_are_written_in_dialogue_notation_with_secrets_masked()
    {
        var join = new CommandLineBuilder("AT+CWJAP=", QuotingRule.Backslash)
            .Text("home", "ssid").Secret("pass,word", "password").Build();

        var text = Record(
            showPayload: false, tap => tap.Sent(join), "\r\nOK\r\n", "+CWSAP:\"x\",\"secret\"\r\n", "busy \r\n");

        Assert.Equal(
            [
                "> AT+CWJAP=\"home\",\"***\"\\r\\n",
                "< \\r\\nOK\\r\\n",
                "< +CWSAP:***\\r\\n",
                "< busy \\r\\n",
            ],
            text);
    }

    [Fact]
    public void Payload_is_counted_once_however_it_is_split()
    {
        var text = Record(showPayload: false, static _ => { }, "+IPD,0,6:", "sec", "ret");

        Assert.Equal(["< +IPD,0,6:", "# 6 bytes of payload received"], text);
    }

    [Fact]
    public void Payload_is_written_out_on_request()
    {
        var text = Record(showPayload: true, static _ => { }, "+IPD,0,4:a\0b\n");

        Assert.Equal(["< +IPD,0,4:a\\x00b\\n"], text);
    }

    [Fact]
    public void Payload_that_is_a_secret_is_counted_whatever_is_asked_for()
    {
        var text = Record(
            showPayload: true,
            static tap => tap.SentPayload(new System.Buffers.ReadOnlySequence<byte>("a private key"u8.ToArray()), isSecret: true));

        Assert.Equal(["# 13 bytes of payload sent"], text);
    }

    [Fact]
    public async Task Payload_that_is_sent_in_pieces_is_written_out_whole()
    {
        var pipe = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(minimumSegmentSize: 16));
        for (var i = 0; i < 3; i++)
        {
            await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(new string((char)('a' + i), 16)), TestContext.Current.CancellationToken);
        }

        Assert.True(pipe.Reader.TryRead(out var read));
        Assert.False(read.Buffer.IsSingleSegment);
        var text = Record(showPayload: true, tap => tap.SentPayload(read.Buffer));

        Assert.Equal(["> aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbcccccccccccccccc"], text);
    }

    private static string[] Record(bool showPayload, Action<WireTap> send, params string[] received)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var tap = new WireTap(writer, showPayload);
        var masking = new Redaction(EspAtDialect.Secrets);
        var framer = new AtFramer();
        framer.SetPushedHeaders(new PayloadHeader("+IPD,", countField: 1, HeaderEnding.Colon, linkField: 0));
        send(tap);
        foreach (var read in received)
        {
            var rest = Encoding.Latin1.GetBytes(read).AsSpan();
            while (!rest.IsEmpty)
            {
                rest = rest[framer.Read(rest, out var frame)..];
                tap.Received(frame, masking);
            }
        }

        return writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
