using System.Globalization;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

/// <summary>Counted payload and its headers.</summary>
public sealed class AtFramerPayloadTests
{
    private static readonly FramerSetup Pushing = new() { Pushed = [Headers.Pushed] };

    private static readonly FramerSetup All = new()
    {
        Pushed = [Headers.Pushed, Headers.OptionalLineEnd, Headers.LineEnd, Headers.CommaAfterCount, Headers.ColonAfterCount],
    };

    [Fact]
    public void Payload_is_found_between_lines() =>
        Pushing.Finds(
            "\r\n+IPD,0,5:hello\r\nOK\r\n", "line ", "payload 0 5 hello", "line ", "line OK");

    [Theory]
    [InlineData("\r\nOK\r\n>:+I")]
    [InlineData("\r\nERROR\r\n\r")]
    [InlineData("+IPD,0,5:h")]
    [InlineData("\n\n\n\n\n\n\n\n\n\n")]
    [InlineData("\0\u001a\u001b+++\r\n> ")]
    public void What_looks_like_something_inside_payload_is_payload(string payload) =>
        Pushing.Finds($"+IPD,3,10:{payload}\r\nOK\r\n", $"payload 3 10 {payload}", "line ", "line OK");

    [Fact]
    public void Data_of_one_link_may_come_inside_the_send_of_another()
    {
        FramerSetup sending = Pushing with
        {
            Mode = FramerMode.LinesWithPrompt,
            After = static (framer, frame) => framer.Mode = frame == "prompt" ? FramerMode.Lines : framer.Mode,
        };

        sending.Finds(
            "\r\n+IPD,3,4:ping\r\nOK\r\n\r\n>\r\n+IPD,3,10:\r\nOK\r\n>:+I\r\nRecv 6 bytes\r\n\r\n+IPD,4,2:ok\r\nSEND OK\r\n",
            "line ",
            "payload 3 4 ping",
            "line ",
            "line OK",
            "line ",
            "prompt",
            "line ",
            "payload 3 10 \r\nOK\r\n>:+I",
            "line ",
            "line Recv 6 bytes",
            "line ",
            "payload 4 2 ok",
            "line ",
            "line SEND OK");
    }

    [Fact]
    public void A_header_that_ends_with_a_read_stands_with_the_first_piece_of_its_payload()
    {
        AtFramer framer = Pushing.Make();

        Assert.Equal(7, framer.Read("+IPD,0,"u8, out AtFrame frame));
        Assert.Equal(AtFrameKind.NeedMore, frame.Kind);
        Assert.Equal(2, framer.Read("5:"u8, out frame));
        Assert.Equal(AtFrameKind.NeedMore, frame.Kind);
        Assert.Equal(2, framer.Read("he"u8, out frame));
        Assert.Equal((AtFrameKind.Payload, "he", "+IPD,0,5:"), (frame.Kind, Text(frame.Text), Text(frame.Raw)));
        Assert.Equal(3, framer.Read("llo"u8, out frame));
        Assert.Equal((AtFrameKind.Payload, "llo", ""), (frame.Kind, Text(frame.Text), Text(frame.Raw)));
    }

    [Fact]
    public void A_payload_of_nothing_is_found_with_the_end_of_its_header()
    {
        AtFramer framer = Pushing.Make();

        Assert.Equal(7, framer.Read("+IPD,0,"u8, out AtFrame frame));
        Assert.Equal(2, framer.Read("0:"u8, out frame));
        Assert.Equal((AtFrameKind.Payload, "", true), (frame.Kind, Text(frame.Text), frame.IsLast));
        Assert.Equal(4, framer.Read("OK\r\n"u8, out frame));
        Assert.Equal((AtFrameKind.Line, "OK"), (frame.Kind, Text(frame.Text)));
    }

    [Fact]
    public void A_notice_without_the_ending_is_a_line() =>
        Pushing.Finds("+IPD,0,1460\r\nOK\r\n", "line +IPD,0,1460", "line OK");

    [Theory]
    [InlineData("+CIPRECVDATA:5,hello\r\nOK\r\n")]
    [InlineData("+CIPRECVDATA,5:hello\r\nOK\r\n")]
    public void A_comma_or_a_colon_may_follow_the_count(string input) =>
        All.Finds(input, "payload -1 5 hello", "line ", "line OK");

    [Theory]
    [InlineData("+RECEIVE,2,5:\r\nhello\r\nOK\r\n", "hello")]
    [InlineData("+RECEIVE,2,5:hello\r\nOK\r\n", "hello")]
    [InlineData("+RECEIVE,2,5:\rello\r\nOK\r\n", "\rello")]
    [InlineData("+RECEIVE,2,5:\nello\r\nOK\r\n", "\nello")]
    [InlineData("+RECEIVE,2,5:\r\n\r\nabc\r\nOK\r\n", "\r\nabc")]
    [InlineData("+RECEIVE,2,5:\r\rllo\r\nOK\r\n", "\r\rllo")]
    public void A_line_end_after_the_colon_may_be_missing(string input, string payload) =>
        All.Finds(input, $"payload 2 5 {payload}", "line ", "line OK");

    [Fact]
    public void One_byte_of_payload_may_be_a_CR() =>
        All.Finds("+RECEIVE,2,1:\rOK\r\n", "payload 2 1 \r", "line OK");

    [Theory]
    [InlineData("+QIRD: 5\r\nhello\r\nOK\r\n")]
    [InlineData("+QIRD: 5\nhello\r\nOK\r\n")]
    [InlineData("+QIRD: 5,\"10.0.0.1\",80\r\nhello\r\nOK\r\n")]
    public void A_line_end_alone_may_end_the_header(string input) =>
        All.Finds(input, "payload -1 5 hello", "line ", "line OK");

    [Fact]
    public void A_CR_without_LF_ends_no_header() =>
        All.Finds("+QIRD: 5\rhello\r\nOK\r\n", "line +QIRD: 5\rhello", "line OK");

    [Theory]
    [InlineData("+IPD,0,0:\r\nOK\r\n", "payload 0 0 ", "line ", "line OK")]
    [InlineData("+CIPRECVDATA:0,\r\nOK\r\n", "payload -1 0 ", "line ", "line OK")]
    [InlineData("+RECEIVE,2,0:\r\nOK\r\n", "payload 2 0 ", "line ", "line OK")]
    [InlineData("+RECEIVE,2,0:\rx\r\nOK\r\n", "payload 2 0 ", "line \rx", "line OK")]
    [InlineData("+QIRD: 0\r\nOK\r\n", "payload -1 0 ", "line OK")]
    public void Payload_may_have_no_bytes_at_all(string input, params string[] frames) => All.Finds(input, frames);

    [Fact]
    public void A_colon_in_quotes_ends_no_header() =>
        Pushing.Finds("+IPD,0,5,\"fe80::1:2\",80:hello\r\n", "payload 0 5 hello", "line ");

    [Fact]
    public void A_line_end_ends_the_line_in_quotes_too() =>
        All.Finds(
            "+IPD,0,5,\"fe80\r\nOK\r\n+QIRD: 5,\"\r\nOK\r\n",
            "line +IPD,0,5,\"fe80", "line OK", "line +QIRD: 5,\"", "line OK");

    [Theory]
    [InlineData("+IPD\r\n", "line +IPD")]
    [InlineData("+IPD,\r\n", "line +IPD,")]
    [InlineData("+IPD,0\r\n", "line +IPD,0")]
    [InlineData("+IPD,x,5:hello\r\n", "line +IPD,x,5:hello")]
    [InlineData("+IPD,0,5x:hello\r\n", "line +IPD,0,5x:hello")]
    [InlineData("+IPD,0,-5:hello\r\n", "line +IPD,0,-5:hello")]
    [InlineData("+IPD,0,:hello\r\n", "line +IPD,0,:hello")]
    [InlineData("+IPD,0:hello\r\n", "line +IPD,0:hello")]
    [InlineData("+IPX,0,5:hello\r\n", "line +IPX,0,5:hello")]
    [InlineData("+CIPRECVDATA:5\r\n", "line +CIPRECVDATA:5")]
    [InlineData("+CIPRECVDATA:5:hello\r\n", "line +CIPRECVDATA:5:hello")]
    [InlineData(" +IPD,0,5:hello\r\n", "line  +IPD,0,5:hello")]
    public void What_only_starts_like_a_header_is_a_line(string input, string frame) =>
        All.Finds(input + "OK\r\n", frame, "line OK");

    [Fact]
    public void A_count_may_have_leading_zeros() =>
        Pushing.Finds("+IPD,0,00000000000005:hello\r\n", "payload 0 5 hello", "line ");

    [Theory]
    [InlineData("2049")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999999999")]
    public void A_count_that_cannot_be_is_too_long_and_what_follows_is_lines(string count) =>
        Pushing.Finds($"+IPD,0,{count}:hello\r\nOK\r\n", $"too long +IPD,0,{count}:", "line hello", "line OK");

    [Fact]
    public void A_count_that_cannot_be_keeps_a_CR_that_follows_it() =>
        All.Finds("+RECEIVE,0,2049:\rx\r\nOK\r\n", "too long +RECEIVE,0,2049:", "line \rx", "line OK");

    [Fact]
    public void The_largest_count_is_payload()
    {
        string payload = new('\n', 2048);

        string[] frames = FramerCheck.Frames(
            Pushing, System.Text.Encoding.Latin1.GetBytes($"+IPD,0,2048:{payload}OK\r\n"), 5, 1000, 2059);

        Assert.Equal([$"payload 0 2048 {payload}", "line OK"], frames);
    }

    [Fact]
    public void A_header_of_the_longest_length_is_a_header()
    {
        string header = "+IPD,0,5,\"" + new string('a', PayloadHeader.MaxLength - 12) + "\":";
        Assert.Equal(PayloadHeader.MaxLength, header.Length);

        Pushing.Finds($"{header}hello\r\n", "payload 0 5 hello", "line ");
    }

    [Theory]
    [InlineData("+IPD,0,5,\"", "\":hello")]
    [InlineData("+RECEIVE,0,5,\"", "\":hello")]
    [InlineData("+QIRD: 5,\"", "\"\rhello")]
    public void A_header_longer_than_that_is_a_line(string start, string end)
    {
        for (int fill = PayloadHeader.MaxLength - 16; fill <= PayloadHeader.MaxLength + 4; fill++)
        {
            string line = start + new string('a', fill) + end;
            FramerSetup shortest = All with { MaxLine = 128 };
            string[] whole = FramerCheck.Frames(shortest, System.Text.Encoding.Latin1.GetBytes(line + "\r\nOK\r\n"));
            shortest.Finds(line + "\r\nOK\r\n", whole);
            if (line.Length - "hello".Length > PayloadHeader.MaxLength)
            {
                Assert.Equal([$"line {line}", "line OK"], whole);
            }
        }
    }

    [Fact]
    public void A_fetched_header_is_a_line_while_it_is_not_set()
    {
        FramerSetup fetching = Pushing with
        {
            Fetched = Headers.CommaAfterCount,
            After = static (framer, frame) =>
            {
                if (frame == "line OK")
                {
                    framer.SetFetchedHeader(null);
                }
            },
        };

        fetching.Finds(
            "+CIPRECVDATA:5,hello\r\nOK\r\n+CIPRECVDATA:5,hello\r\n",
            "payload -1 5 hello", "line ", "line OK", "line +CIPRECVDATA:5,hello");
    }

    [Fact]
    public void Payload_tells_how_far_it_has_come()
    {
        AtFramer framer = Pushing.Make();
        Assert.False(framer.IsInPayload);

        Assert.Equal(["payload 3 10 abc..."], FramerCheck.Feed(framer, "+IPD,3,10:abc"));

        Assert.True(framer.IsInPayload);
        Assert.Equal((Headers.Pushed, 3, 10, 3), framer.Payload);
        Assert.Equal(["payload 3 10 ..."], FramerCheck.Feed(framer, "d").Select(_ => "payload 3 10 ..."));
        Assert.Equal(4, framer.Payload.Delivered);
    }

    [Fact]
    public void A_piece_says_where_it_belongs()
    {
        AtFramer framer = Pushing.Make();
        framer.Read("+IPD,3,10:abc"u8, out AtFrame first);
        Assert.Equal((0, 3, 10, 3, false), (first.Offset, first.Text.Length, first.Announced, first.LinkId, first.IsLast));
        Assert.Equal("+IPD,3,10:"u8, first.Raw);
        Assert.Same(Headers.Pushed, first.Header);

        framer.Read("defghijOK\r\n"u8, out AtFrame last);
        Assert.Equal((3, 7, 10, 3, true), (last.Offset, last.Text.Length, last.Announced, last.LinkId, last.IsLast));
        Assert.True(last.Raw.IsEmpty);
    }

    [Fact]
    public void After_an_abandoned_payload_the_next_byte_starts_a_line()
    {
        AtFramer framer = Pushing.Make();
        FramerCheck.Feed(framer, "+IPD,3,10:abc");

        framer.AbandonPayload();

        Assert.False(framer.IsInPayload);
        Assert.Equal(["line OK", "payload 3 1 x"], FramerCheck.Feed(framer, "OK\r\n+IPD,3,1:x"));
    }

    [Fact]
    public void Reset_forgets_a_payload_and_the_start_of_a_header()
    {
        AtFramer framer = Pushing.Make();
        FramerCheck.Feed(framer, "+IPD,3,10:abc");
        framer.Reset();
        Assert.Equal(["line OK"], FramerCheck.Feed(framer, "OK\r\n"));

        Assert.Empty(FramerCheck.Feed(framer, "+IPD,3,1"));
        framer.Reset();
        Assert.Equal(["line 0:x"], FramerCheck.Feed(framer, "0:x\r\n"));
    }

    [Fact]
    public void Every_cut_of_two_headers_in_a_row_is_the_same() =>
        Pushing.Finds(
            string.Create(CultureInfo.InvariantCulture, $"+IPD,0,3:+IP+IPD,1,2:D,+IPD,2,1:\n"),
            "payload 0 3 +IP", "payload 1 2 D,", "payload 2 1 \n");

    private static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
