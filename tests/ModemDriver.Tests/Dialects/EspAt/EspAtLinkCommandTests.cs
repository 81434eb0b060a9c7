using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Dialects.EspAt;

/// <summary>The commands of links, byte for byte, and what is read from their answers.</summary>
public sealed class EspAtLinkCommandTests
{
    private const string NonOs16 = "AT version:1.6.2.0(Apr 13 2018 11:10:59)";
    private const string NonOs17 = "AT version:1.7.4.0(May 11 2020 19:13:04)";
    private const string EspAt20 = "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)";
    private const string EspAt22 = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)";
    private const string EspAt23 = "AT version:2.3.0.0(1c3b4f2 - ESP8266 - Aug  4 2025 08:12:40)";
    private const string Esp32 = "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)";

    private static readonly LinkRequest Request = new("10.0.0.2", 502);

    [Theory]
    [InlineData(ConnectionMode.Multiple, 3, "AT+CIPSTART=3,\"TCP\",\"10.0.0.2\",502")]
    [InlineData(ConnectionMode.Multiple, null, "AT+CIPSTARTEX=\"TCP\",\"10.0.0.2\",502")]
    [InlineData(ConnectionMode.Single, 0, "AT+CIPSTART=\"TCP\",\"10.0.0.2\",502")]
    public void An_open_names_the_link_where_there_are_several(ConnectionMode mode, int? id, string line) =>
        Assert.Equal(line, Text(Commands(EspAt22).Open(mode, id, Request)));

    [Fact]
    public void Keep_alive_stands_behind_the_port() => Assert.Equal(
        "AT+CIPSTART=0,\"TCP\",\"10.0.0.2\",502,7200",
        Text(Commands(EspAt22).Open(ConnectionMode.Multiple, 0, Request with { KeepAliveSeconds = 7200 })));

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a,b", "a\\,b")]
    [InlineData("a\\", "a\\\\")]
    [InlineData("\",\"TCP\",\"evil\",1", "\\\"\\,\\\"TCP\\\"\\,\\\"evil\\\"\\,1")]
    [InlineData("b\u00fccher.example", "b\u00c3\u00bccher.example")]
    [InlineData("fe80::1", "fe80::1")]
    public void A_host_can_neither_end_its_parameter_nor_its_command(string host, string sent) => Assert.Equal(
        $"AT+CIPSTART=1,\"TCP\",\"{sent}\",502",
        Text(Commands(EspAt22).Open(ConnectionMode.Multiple, 1, Request with { Host = host })));

    [Theory]
    [InlineData("a\r\nAT+RST")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("a\u001ab")]
    [InlineData("a\u001bb")]
    [InlineData("a\u0085b")]
    public void A_host_with_a_control_character_is_refused(string host) => Assert.Throws<ArgumentException>(
        () => Commands(EspAt22).Open(ConnectionMode.Multiple, 1, Request with { Host = host }));

    [Fact]
    public void A_host_that_makes_the_line_too_long_is_refused()
    {
        string longest = new('h', 256 - "AT+CIPSTART=1,\"TCP\",\"\",502\r\n".Length);

        Assert.Equal(254, Text(Commands(EspAt22).Open(ConnectionMode.Multiple, 1, Request with { Host = longest })).Length);
        Assert.Throws<ArgumentException>(
            () => Commands(EspAt22).Open(ConnectionMode.Multiple, 1, Request with { Host = longest + "h" }));
    }

    [Theory]
    [InlineData("DNS Fail", LinkFailure.NameNotFound)]
    [InlineData("IP ERROR", LinkFailure.NameNotFound)]
    [InlineData("no ip", LinkFailure.NoNetwork)]
    [InlineData("ALREADY CONNECTED", LinkFailure.NumberInUse)]
    [InlineData("ALREAY CONNECT", LinkFailure.NumberInUse)]
    [InlineData("ID ERROR", LinkFailure.Unknown)]
    [InlineData("Link type ERROR", LinkFailure.Unknown)]
    public void The_words_before_a_refusal_are_its_reason(string words, LinkFailure reason)
    {
        OpenLinkCommand open = Commands(NonOs17).Open(ConnectionMode.Multiple, 1, Request);

        Assert.True(open.OnLine(Encoding.ASCII.GetBytes(words)));
        Assert.Equal((reason, words), (open.Failure, open.FailureText));
        Assert.False(open.OnLine(Encoding.ASCII.GetBytes(words + "!")));
        Assert.False(open.OnLine("1,CONNECT"u8));
    }

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPSEND=2,5")]
    [InlineData(ConnectionMode.Single, "AT+CIPSEND=5")]
    public void A_send_says_how_much_is_coming_and_sends_it(ConnectionMode mode, string line)
    {
        AtCommand send = Commands(EspAt22).Send(mode, 2, new ReadOnlySequence<byte>("hello"u8.ToArray()));

        Assert.Equal(line, Text(send));
        Assert.Equal("hello"u8.ToArray(), send.Payload!.Bytes.ToArray());
        Assert.True(send.MayPrompt);
    }

    [Theory]
    [InlineData(CommandStage.Written, "OK", false)]
    [InlineData(CommandStage.Written, "ERROR", true)]
    [InlineData(CommandStage.Written, "SEND OK", false)]
    [InlineData(CommandStage.Written, "SEND FAIL", false)]
    [InlineData(CommandStage.PromptSeen, "SEND OK", false)]
    [InlineData(CommandStage.PromptSeen, "SEND FAIL", true)]
    [InlineData(CommandStage.PromptSeen, "ERROR", true)]
    [InlineData(CommandStage.PayloadSent, "OK", false)]
    [InlineData(CommandStage.PayloadSent, "SEND OK", true)]
    [InlineData(CommandStage.PayloadSent, "SEND FAIL", true)]
    [InlineData(CommandStage.PayloadSent, "SEND Canceled", true)]
    [InlineData(CommandStage.PayloadSent, "ERROR", true)]
    public void What_ends_a_send_depends_on_how_far_it_has_come(CommandStage stage, string code, bool isFinal)
    {
        AtCommand send = Commands(EspAt22).Send(ConnectionMode.Multiple, 0, new ReadOnlySequence<byte>(new byte[5]));
        var codes = send.OwnResults.Concat(new EspAtDialect(Firmware(EspAt22)).Rules.ResultCodes);

        Assert.Equal(isFinal, send.IsFinal(codes.Single(row => row.Text == code), stage));
    }

    [Theory]
    [InlineData(NonOs17, ConnectionMode.Multiple, "AT+CIPRECVDATA=2,2048", "+CIPRECVDATA,")]
    [InlineData(NonOs17, ConnectionMode.Single, "AT+CIPRECVDATA=2048", "+CIPRECVDATA,")]
    [InlineData(EspAt22, ConnectionMode.Multiple, "AT+CIPRECVDATA=2,2048", "+CIPRECVDATA:")]
    [InlineData(EspAt22, ConnectionMode.Single, "AT+CIPRECVDATA=2048", "+CIPRECVDATA:")]
    public void A_fetch_says_how_much_it_wants(string version, ConnectionMode mode, string line, string header)
    {
        FetchCommand fetch = Commands(version).Fetch(mode, NewLink(2), 2048);

        Assert.Equal(line, Text(fetch));
        string answer = header + (header[^1] == ',' ? "3:" : "3,") + "abc";
        Assert.Equal(
            HeaderMatch.Yes, fetch.FetchedHeader!.Match(Encoding.ASCII.GetBytes(answer), out int length, out int count, out _));
        Assert.Equal((header.Length + 2, 3), (length, count));
    }

    [Theory]
    [InlineData("+CIPRECVLEN:0,1460,-1,-1,-1", new[] { 0, 1460, 0, 0, 0 })]
    [InlineData("+CIPRECVLEN:100,,,,,", new[] { 100, 0, 0, 0, 0, 0 })]
    [InlineData("+CIPRECVLEN:77", new[] { 77 })]
    [InlineData("+CIPRECVLEN:x,5", new[] { 0, 5 })]
    [InlineData("+CIPRECVLEN:99999999999", new[] { 0 })]
    public void What_waits_is_read_by_link(string answer, int[] counts)
    {
        WaitingCommand ask = Assert.Single(Commands(EspAt22).ReadWaiting(ConnectionMode.Multiple, [0]));

        Assert.Equal("AT+CIPRECVLEN?", Text(ask));
        Assert.True(ask.OnLine(Encoding.ASCII.GetBytes(answer)));
        Assert.False(ask.OnLine("+IPD,0,100"u8));
        Assert.Equal(counts.Select((count, id) => (id, count)), ask.Counts);
    }

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPCLOSE=4")]
    [InlineData(ConnectionMode.Single, "AT+CIPCLOSE")]
    public void A_close_names_the_link_where_there_are_several(ConnectionMode mode, string line) =>
        Assert.Equal(line, Text(Commands(EspAt22).Close(mode, 4)));

    [Fact]
    public void Whatever_is_open_is_closed_in_the_form_of_either_mode() => Assert.Equal(
        ["AT+CIPCLOSE=5", "AT+CIPCLOSE"], Commands(EspAt22).CloseAll().Select(Text));

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPMUX=1")]
    [InlineData(ConnectionMode.Single, "AT+CIPMUX=0")]
    public void The_mode_is_one_command(ConnectionMode mode, string line) =>
        Assert.Equal([line], Commands(EspAt22).SetMode(mode).Select(Text));

    [Theory]
    [InlineData(NonOs16, "AT+CIPSTATUS", "+CIPSTATUS:")]
    [InlineData(NonOs17, "AT+CIPSTATUS", "+CIPSTATUS:")]
    [InlineData(EspAt20, "AT+CIPSTATUS", "+CIPSTATUS:")]
    [InlineData(EspAt22, "AT+CIPSTATUS", "+CIPSTATUS:")]
    [InlineData(EspAt23, "AT+CIPSTATE?", "+CIPSTATE:")]
    [InlineData(Esp32, "AT+CIPSTATE?", "+CIPSTATE:")]
    public void The_question_for_links_depends_on_the_firmware(string version, string line, string prefix)
    {
        ListLinksCommand list = Commands(version).List(ConnectionMode.Multiple);

        Assert.Equal(line, Text(list));
        Assert.True(list.OnLine("STATUS:3"u8));
        Assert.True(list.OnLine(Encoding.ASCII.GetBytes(prefix + "1,\"TCP\",\"192.168.1.11\",8002,54012,0")));
        Assert.True(list.OnLine(Encoding.ASCII.GetBytes(prefix + "4,\"TCP\",\"192.168.1.10\",8001,1")));
        Assert.True(list.OnLine(Encoding.ASCII.GetBytes(prefix + "x")));
        Assert.False(list.OnLine("+CIPOTHER:3"u8));
        Assert.Equal([1, 4], list.LinkIds);
    }

    [Theory]
    [InlineData(NonOs16, 2048, 2048, false, false, true)]
    [InlineData(NonOs17, 2048, 2048, true, false, true)]
    [InlineData(EspAt20, 2048, 5760, false, true, false)]
    [InlineData(EspAt22, 2048, 5760, true, true, false)]
    [InlineData(Esp32, 8192, 5760, true, true, false)]
    public void What_links_can_do_depends_on_the_firmware(
        string version, int maxSend, int maxFetch, bool isPassive, bool canAssign, bool closesEarly) =>
        Assert.Equal(
            new LinkCapabilities
            {
                MaxLinks = 5,
                MaxSendBytes = maxSend,
                MaxFetchBytes = maxFetch,
                IsPassive = isPassive,
                CanAssignNumbers = canAssign,
                ReportsCloseEarly = closesEarly,
            },
            Commands(version).Capabilities);

    [Fact]
    public void A_module_that_refuses_passive_receive_pushes()
    {
        EspAtLinkCommands commands = Commands(EspAt22);

        commands.Receiving.FallBackToPush();

        Assert.False(commands.Capabilities.IsPassive);
    }

    [Theory]
    [InlineData(ConnectionMode.Multiple, "+IPD,2,5:hello", 2)]
    [InlineData(ConnectionMode.Single, "+IPD,5:hello", -1)]
    public void Pushed_payload_names_the_link_where_there_are_several(ConnectionMode mode, string bytes, int id)
    {
        PayloadHeader header = Assert.Single(Commands(EspAt20).PushedHeaders(mode));

        Assert.Equal(HeaderMatch.Yes, header.Match(Encoding.ASCII.GetBytes(bytes), out int length, out int count, out int link));
        Assert.Equal((bytes.Length - 5, 5, id), (length, count, link));
    }

    private static EspAtLinkCommands Commands(string version) => new(Firmware(version));

    private static EspAtFirmware Firmware(string version) => EspAtFirmware.Read([version])!; // all of these are

    private static string Text(AtCommand command)
    {
        Assert.Equal("\r\n"u8.ToArray(), command.Line.Bytes[^2..].ToArray());
        return Encoding.Latin1.GetString(command.Line.Text);
    }

    private static Link NewLink(int id) => new(new ModemLoop(), "10.0.0.2:502", 1, 4096) { Id = id };
}
