using System.Buffers;
using System.Net;
using System.Text;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects.Luat;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>The lines that the driver sends for links and the address, and what it makes of the answers.</summary>
public sealed class LuatCommandTests
{
    private readonly LuatDialect _dialect = new(LuatFirmware.Read(["AirM2M_780E_V1169_LTE_AT"])!); // it is one

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPSTART=3,\"TCP\",\"example.com\",443")]
    [InlineData(ConnectionMode.Single, "AT+CIPSTART=\"TCP\",\"example.com\",443")]
    public void A_link_is_opened_with_its_number_where_there_are_several(ConnectionMode mode, string line) =>
        Assert.Equal(line, Text(_dialect.Links.Open(mode, 3, new LinkRequest("example.com", 443))));

    [Theory]
    [InlineData("DATA ACCEPT:3,10", true)]
    [InlineData("DATAACCEPT:3,10", true)]
    [InlineData("3, SEND OK", true)]
    [InlineData("3,SEND OK", true)]
    [InlineData("DATA ACCEPT:3,9", false)]
    [InlineData("DATA ACCEPT:2,10", false)]
    [InlineData("3, SEND FAIL", false)]
    [InlineData("3,SEND FAIL", false)]
    [InlineData("+CME ERROR: 3", false)]
    [InlineData("ERROR", false)]
    public void A_verdict_counts_for_the_link_and_the_length_that_were_sent(string answer, bool isSuccess)
    {
        AtCommand send = _dialect.Links.Send(ConnectionMode.Multiple, 3, new ReadOnlySequence<byte>(new byte[10]));

        Assert.Equal("AT+CIPSEND=3,10", Text(send));
        Assert.Equal(LineRoute.Final, Route(send, CommandStage.PayloadSent, answer, out ResultCode? code));
        Assert.Equal(isSuccess, code!.Verdict == ResultVerdict.Success); // it is final
    }

    [Theory]
    [InlineData("DATA ACCEPT:10")]
    [InlineData("SEND OK")]
    public void A_verdict_of_single_mode_has_no_number(string answer)
    {
        AtCommand send = _dialect.Links.Send(ConnectionMode.Single, 0, new ReadOnlySequence<byte>(new byte[10]));

        Assert.Equal("AT+CIPSEND=10", Text(send));
        Assert.Equal(LineRoute.Final, Route(send, CommandStage.PayloadSent, answer, out _));
    }

    [Theory]
    [InlineData("OK")]
    [InlineData("2, SEND OK")]
    [InlineData("CONNECT OK")]
    [InlineData("1, CONNECT OK")]
    public void What_only_holds_an_OK_is_no_verdict(string line)
    {
        AtCommand send = _dialect.Links.Send(ConnectionMode.Multiple, 3, new ReadOnlySequence<byte>(new byte[10]));

        Assert.NotEqual(LineRoute.Final, Route(send, CommandStage.PayloadSent, line, out _));
        Assert.NotEqual(LineRoute.Final, Route(send, CommandStage.Written, "3, SEND OK", out _));
    }

    [Theory]
    [InlineData("STATE: CONNECT OK", true)]
    [InlineData("STATE: TCP CONNECTING", true)]
    [InlineData("STATE: UDP CLOSING", true)]
    [InlineData("STATE: TCP CLOSED", false)]
    [InlineData("STATE: UDP CLOSED", false)]
    [InlineData("STATE: IP STATUS", false)]
    [InlineData("STATE: PDP DEACT", false)]
    public void In_single_mode_the_state_ends_the_list_and_tells_whether_there_is_a_link(string state, bool isOpen)
    {
        ListLinksCommand list = _dialect.Links.List(ConnectionMode.Single);

        // A state before our OK stands before a CONNECT FAIL.
        Assert.NotEqual(LineRoute.Final, Route(list, CommandStage.Written, "STATE: IP STATUS", out _));
        Assert.Equal(LineRoute.Intermediate, Route(list, CommandStage.Written, "OK", out _));
        Assert.Equal(LineRoute.Final, Route(list, CommandStage.Written, state, out ResultCode? code));
        list.OnFinal(code!.ToResult(Encoding.ASCII.GetBytes(state))); // it is final

        Assert.Equal(isOpen ? [0] : [], list.LinkIds);
    }

    [Fact]
    public void In_multiple_mode_the_last_number_ends_the_list()
    {
        ListLinksCommand list = _dialect.Links.List(ConnectionMode.Multiple);
        string[] lines =
        [
            "STATE: IP PROCESSING",
            "C: 0,0,\"TCP\",\"198.51.100.12\",\"7500\",\"CONNECTED\"",
            "C: 1,0,\"TCP\",\"198.51.100.13\",\"6100\",\"REMOTE CLOSING\"",
            "C: 2,,\"\",\"\",\"\",\"INITIAL\"",
            "C: 3,0,\"TCP\",\"198.51.100.12\",\"10188\",\"CLOSED\"",
            "C: 4,0,\"TCP\",\"198.51.100.12\",\"10188\",\"CONNECTING\"",
        ];

        Assert.Equal(LineRoute.Intermediate, Route(list, CommandStage.Written, "OK", out _));
        Assert.All(lines, line => Assert.Equal(LineRoute.Information, Route(list, CommandStage.Written, line, out _)));
        const string Last = "C: 5,0,\"UDP\",\"198.51.100.12\",\"6100\",\"CONNECTED\"";
        Assert.Equal(LineRoute.Final, Route(list, CommandStage.Written, Last, out ResultCode? code));
        list.OnFinal(code!.ToResult(Encoding.ASCII.GetBytes(Last))); // it is final

        Assert.Equal([0, 1, 4, 5], list.LinkIds);
    }

    [Theory]
    [InlineData("10.74.100.63", "10.74.100.63")]
    [InlineData("010.083.172.111", "10.83.172.111")]
    [InlineData("\"10.83.172.111\"", "10.83.172.111")]
    public void The_address_is_the_end_of_the_answer(string line, string address)
    {
        QueryCommand<IPAddress?> read = _dialect.PacketData!.ReadAddress();

        Assert.Equal("AT+CIFSR", Text(read));
        Assert.Equal(LineRoute.Final, Route(read, CommandStage.Written, line, out ResultCode? code));
        read.OnFinal(code!.ToResult(Encoding.ASCII.GetBytes(line))); // it is final
        Assert.Equal(IPAddress.Parse(address), read.Answer);
    }

    [Theory]
    [InlineData("+CME ERROR: 3", LineRoute.Final)]
    [InlineData("ERROR", LineRoute.Final)]
    [InlineData("0.0.0.0", LineRoute.Unsolicited)]
    [InlineData("300.1.1.1", LineRoute.Unsolicited)]
    [InlineData("10.1.1", LineRoute.Unsolicited)]
    [InlineData("10.1.1.1.1", LineRoute.Unsolicited)]
    [InlineData("1, CLOSED", LineRoute.Unsolicited)]
    public void What_is_no_address_gives_none(string line, object route)
    {
        QueryCommand<IPAddress?> read = _dialect.PacketData!.ReadAddress();

        Assert.Equal((LineRoute)route, Route(read, CommandStage.Written, line, out _));
        Assert.Null(read.Answer);
    }

    [Fact]
    public void The_address_is_got_by_name_activation_and_a_look()
    {
        _dialect.PacketData!.Choose(null);
        Assert.Equal(["AT+CSTT", "AT+CIICR", "AT+CIFSR"], _dialect.PacketData.Activate().Select(Text));
        Assert.Equal(["AT+CIPSHUT"], _dialect.PacketData.Deactivate().Select(Text));

        _dialect.PacketData.Choose(new ApnOptions("cmiot"));
        Assert.Equal("AT+CSTT=\"cmiot\"", Text(_dialect.PacketData.Activate()[0]));

        _dialect.PacketData.Choose(new ApnOptions("cmiot") { UserName = "me", Password = "pa55" });
        AtCommand name = _dialect.PacketData.Activate()[0];
        Assert.Equal("AT+CSTT=\"cmiot\",\"me\",\"pa55\"", Text(name));
        Assert.DoesNotContain("pa55", name.Line.Display, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_is_set_where_nothing_is_and_what_was_there_before_is_brought_back()
    {
        Assert.Equal(["AT+CIPSHUT", "AT+CIPMUX=1"], _dialect.Links.SetMode(ConnectionMode.Multiple).Select(Text));

        Succeed(_dialect.PacketData!.Deactivate());
        Assert.Equal(["AT+CIPMUX=0"], _dialect.Links.SetMode(ConnectionMode.Single).Select(Text));

        Succeed(_dialect.PacketData.Activate());
        Assert.Equal(
            ["AT+CIPSHUT", "AT+CIPMUX=1", "AT+CSTT", "AT+CIICR", "AT+CIFSR"],
            _dialect.Links.SetMode(ConnectionMode.Multiple).Select(Text));

        Succeed(_dialect.PacketData.Deactivate());
        Assert.Equal(["AT+CIPMUX=1"], _dialect.Links.SetMode(ConnectionMode.Multiple).Select(Text));
    }

    [Fact]
    public void Single_mode_never_pushes_without_a_header()
    {
        _dialect.Choose(ReceiveMode.Push);

        Assert.Equal(
            ["AT+CIPSHUT", "AT+CIPMUX=0", "AT+CIPHEAD=1"],
            _dialect.Links.SetMode(ConnectionMode.Single).Select(Text));
    }

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPRXGET=4,3", "+CIPRXGET: 4,3,77", 3)]
    [InlineData(ConnectionMode.Multiple, "AT+CIPRXGET=4,3", "+CIPRXGET:4,3,77", 3)]
    [InlineData(ConnectionMode.Single, "AT+CIPRXGET=4", "+CIPRXGET: 4,77", 0)]
    public void What_waits_is_asked_for_each_link(ConnectionMode mode, string line, string answer, int id)
    {
        WaitingCommand ask = Assert.Single(_dialect.Links.ReadWaiting(mode, [3]));

        Assert.Equal(line, Text(ask));
        Assert.False(ask.OnLine("+CIPRXGET: 1,3"u8));
        Assert.True(ask.OnLine(Encoding.ASCII.GetBytes(answer)));
        Assert.Equal([(id, 77)], ask.Counts);
    }

    [Theory]
    [InlineData(ConnectionMode.Multiple, "AT+CIPCLOSE=4,0", "4, CLOSE OK")]
    [InlineData(ConnectionMode.Multiple, "AT+CIPCLOSE=4,0", "4,CLOSE OK")]
    [InlineData(ConnectionMode.Single, "AT+CIPCLOSE=0", "CLOSE OK")]
    public void A_close_has_words_of_its_own(ConnectionMode mode, string line, string answer)
    {
        AtCommand close = _dialect.Links.Close(mode, 4);

        Assert.Equal(line, Text(close));
        Assert.Equal(LineRoute.Final, Route(close, CommandStage.Written, answer, out ResultCode? code));
        Assert.Equal(ResultVerdict.Success, code!.Verdict); // it is final
    }

    private static void Succeed(IEnumerable<AtCommand> commands)
    {
        foreach (AtCommand command in commands)
        {
            command.OnFinal(new FinalResult(true, "OK"));
        }
    }

    private static string Text(AtCommand command) => Encoding.ASCII.GetString(command.Line.Text);

    private LineRoute Route(AtCommand command, CommandStage stage, string line, out ResultCode? code) =>
        LineRouter.Route(
            command, stage, Encoding.ASCII.GetBytes(line), _dialect.Rules.ResultCodes, static _ => false, out code);
}
