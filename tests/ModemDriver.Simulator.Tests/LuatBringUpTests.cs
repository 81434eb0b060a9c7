namespace ModemDriver.Simulator.Tests;

public class LuatBringUpTests
{
    [Fact]
    public async Task A_single_link_goes_its_way_as_the_sheet_has_it()
    {
        await using var bench = new Bench("air780");
        InMemoryListener server = bench.Network.Listen("203.0.113.8", 43316);

        Assert.Equal("ATE0\r\r\nOK\r\n", bench.Send("ATE0\r"));
        Assert.Equal("\r\nAirM2M_780E_V1169_LTE_AT\r\n\r\nOK\r\n", bench.Send("ATI\r"));
        Assert.Equal("\r\n+CPIN: READY\r\n\r\nOK\r\n", bench.Send("AT+CPIN?\r"));
        Assert.Equal("\r\n+CSQ: 26,0\r\n\r\nOK\r\n", bench.Send("AT+CSQ\r"));
        Assert.Equal("\r\n+CEREG: 0,1\r\n\r\nOK\r\n", bench.Send("AT+CEREG?\r"));
        Assert.Equal("\r\n+CGATT: 1\r\n\r\nOK\r\n", bench.Send("AT+CGATT?\r"));
        Assert.Equal("\r\n+CGDCONT: 1,\"IP\",\"cmiot\",\"10.74.149.48\"\r\n\r\nOK\r\n", bench.Send("AT+CGDCONT?\r"));
        Assert.Equal("\r\nOK\r\n", bench.Send("AT+CIPMUX=0\r"));
        Assert.Equal("\r\nOK\r\n", bench.Send("AT+CIPQSEND=1\r"));
        Assert.Equal("\r\nOK\r\n", bench.Send("AT+CSTT\r"));
        Assert.Equal("\r\nOK\r\n", bench.Send("AT+CIICR\r"));
        Assert.Equal("\r\n10.74.149.48\r\n", bench.Send("AT+CIFSR\r"));
        Assert.Equal("\r\nOK\r\n\r\nSTATE: IP STATUS\r\n", bench.Send("AT+CIPSTATUS\r"));
        Assert.Equal("\r\nOK\r\n\r\nCONNECT OK\r\n", bench.Send("AT+CIPSTART=\"TCP\",\"203.0.113.8\",43316\r"));
        InMemoryPeer peer = bench.Accept(server);
        Assert.Equal("\r\n> ", bench.Send("AT+CIPSEND\r\n"));
        Assert.Equal("\r\nDATA ACCEPT:12\r\n", bench.Send("1234567890\r\n\x1a"));
        Assert.Equal("1234567890\r\n", bench.Read(peer));
        Assert.Equal("\r\n+CIPACK: 12,12,0\r\n\r\nOK\r\n", bench.Send("AT+CIPACK\r"));
        bench.Write(peer, "hello");
        Assert.Equal("hello\r\n", bench.Take());
        Assert.Equal("\r\nCLOSE OK\r\n", bench.Send("AT+CIPCLOSE\r"));
        Assert.Equal("\r\nOK\r\n\r\nSTATE: TCP CLOSED\r\n", bench.Send("AT+CIPSTATUS\r"));
        Assert.Equal("\r\nSHUT OK\r\n", bench.Send("AT+CIPSHUT\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+CIFSR\r"));
    }
}
