using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatLinkTests
{
    [Fact]
    public async Task Several_links_need_the_address_read_and_one_takes_a_short_cut()
    {
        await using var bench = Make("air780").Given("AT+CIPMUX=1");
        string start = $"AT+CIPSTART=0,\"TCP\",\"{Server}\",80\r";
        bench.Network.Listen(Server, 80);

        Assert.Equal(WrongState, bench.Send(start));
        bench.Given("AT+CSTT", "AT+CIICR");
        Assert.Equal(WrongState, bench.Send(start));
        bench.Send("AT+CIFSR\r");

        Assert.Equal(Ok + "\r\n0, CONNECT OK\r\n", bench.Send(start));
        Assert.Equal(WrongState, bench.Send("AT+CIPMUX=0\r"));
    }

    [Theory]
    [InlineData("after-ok", Ok + "\r\nALREADY CONNECT\r\n")]
    [InlineData("alone", "\r\nALREADY CONNECT\r\n")]
    public async Task A_link_that_is_there_is_not_made_again(string value, string answer)
    {
        await using var bench = Make("air780", "already-connect", value);
        bench.Connect();

        Assert.Equal(answer, bench.Send($"AT+CIPSTART=TCP,{Server},80\r"));
        Assert.Equal(Ok + "\r\nSTATE: CONNECT OK\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Theory]
    [InlineData("AT+CIPSTART=0,TCP,203.0.113.8,80", WrongState)]
    [InlineData("AT+CIPSTART=SCTP,203.0.113.8,80", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPSTART=TCP,203.0.113.8,0", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CIPSTART=\"TCP\",\"203.0.113.8", WrongState)]
    [InlineData("AT+CIPCLOSE", "\r\nERROR\r\n")]
    [InlineData("AT+CIPCLOSE=0,1", "\r\nERROR\r\n")]
    [InlineData("AT+CIPSEND=4", WrongState)]
    [InlineData("AT+CIPACK", WrongState)]
    [InlineData("AT+CDNSGIP=x", WrongState)]
    [InlineData("AT+CIICR", WrongState)]
    public async Task What_is_not_allowed_is_refused(string line, string answer)
    {
        await using var bench = Make("air780");

        Assert.Equal(answer, bench.Send(line + "\r"));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_fails_like_a_refusal()
    {
        await using var bench = Make("air780").Several();

        Assert.Equal(Ok + "\r\n1, CONNECT FAIL\r\n", bench.Send("AT+CIPSTART=1,\"TCP\",\"nobody.example\",80\r"));
        Assert.Contains("C: 1,0,\"TCP\",\"nobody.example\",\"80\",\"CLOSED\"\r\n", bench.Send("AT+CIPSTATUS\r"), StringComparison.Ordinal);
        Assert.Equal(Ok + "\r\n+CDNSGIP:0,8\r\n", bench.Send("AT+CDNSGIP=\"nobody.example\"\r"));
        bench.Module.World.SetName("somebody.example", new System.Net.IPAddress([203, 0, 113, 8]));
        Assert.Equal(Ok + "\r\n+CDNSGIP: 1,\"somebody.example\",\"203.0.113.8\"\r\n", bench.Send("AT+CDNSGIP=\"somebody.example\"\r"));
    }

    [Fact]
    public async Task A_link_that_does_not_come_up_leaves_the_others_as_they_are()
    {
        await using var bench = Make("air780").Several();
        bench.Network.Listen(Server, 80);
        bench.Send($"AT+CIPSTART=0,\"TCP\",\"{Server}\",80\r");
        Assert.Equal(Ok + "\r\n1, CONNECT FAIL\r\n", bench.Send("AT+CIPSTART=1,\"TCP\",\"nobody.example\",80\r"));

        Assert.StartsWith(Ok + "\r\nSTATE: IP PROCESSING\r\n", bench.Send("AT+CIPSTATUS\r"), StringComparison.Ordinal);
        Assert.Equal("\r\n0, CLOSE OK\r\n", bench.Send("AT+CIPCLOSE=0\r"));
    }

    [Fact]
    public async Task A_connect_can_be_closed_before_it_is_there()
    {
        await using var bench = Make("air780");
        bench.Network.BlackHole(Server, 80);
        Assert.Equal(Ok, bench.Send($"AT+CIPSTART=TCP,{Server},80\r"));
        Assert.Equal(Ok + "\r\nSTATE: TCP CONNECTING\r\n", bench.Send("AT+CIPSTATUS\r"));

        Assert.Equal("\r\nCLOSE OK\r\n", bench.Send("AT+CIPCLOSE=1\r"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(30)));
        Assert.Equal(Ok + "\r\nSTATE: TCP CLOSED\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Theory]
    [InlineData("+PDP DEACT", "before", "\r\n0, CLOSED\r\n\r\n2, CLOSED\r\n\r\n+PDP DEACT\r\n")]
    [InlineData("+PDP: DEACT", "after", "\r\n+PDP: DEACT\r\n\r\n0, CLOSED\r\n\r\n2, CLOSED\r\n")]
    [InlineData("+PDP:DEACT", "none", "\r\n+PDP:DEACT\r\n")]
    public async Task A_lost_context_takes_every_link_along(string spelling, string closes, string said)
    {
        await using var bench = Make("air780", "pdp-deact", spelling, "closed-before-deact", closes).Several();
        InMemoryPeer peer = bench.Connect(80, "0,");
        bench.Connect(81, "2,");

        bench.Module.World.Mobile.DeactivateContexts();

        Assert.Equal("\r\n+CGEV: NW PDN DEACT 1\r\n" + said, bench.Take());
        Assert.Equal(WrongState, bench.Send("AT+CIPSEND=0,1\r\n"));
        Assert.StartsWith(Ok + "\r\nSTATE: PDP DEACT\r\n", bench.Send("AT+CIPSTATUS\r"), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(async () => _ = await peer.ReadAsync(new byte[1], CancellationToken.None));
        Assert.Equal("\r\nSHUT OK\r\n", bench.Send("AT+CIPSHUT\r"));
        bench.Given("AT+CSTT", "AT+CIICR");
        Assert.Equal("\r\n10.74.149.49\r\n", bench.Send("AT+CIFSR\r"));
    }

    [Theory]
    [InlineData("deact", "PDP DEACT", "\r\n+PDP: DEACT\r\n\r\n+CME ERROR: 65535\r\n")]
    [InlineData("error", "IP START", "\r\nERROR\r\n")]
    public async Task A_context_that_does_not_come_up_leaves_a_state(string answer, string state, string said)
    {
        await using var bench = Make(
            "air780", "failed-activation", answer, "state-after-failed-activation", state).Given("AT+CSTT");
        bench.Module.World.Mobile.AcceptsContexts = false;
        bench.Module.World.Mobile.DeactivateContexts();
        bench.Take();

        Assert.Equal(said, bench.Send("AT+CIICR\r"));
        Assert.Equal(Ok + $"\r\nSTATE: {state}\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Fact]
    public async Task The_form_of_addresses_and_results_is_the_builds()
    {
        await using var bench = Make(
            "air780", "address-form", "padded", "cipshut-result", "OK", "connect-ok-end", "none", "udp-closed-name", "tcp")
            .Given("AT+CSTT", "AT+CIICR");

        Assert.Equal("\r\n010.074.149.048\r\n", bench.Send("AT+CIFSR\r"));
        Assert.Equal(Ok + "\r\nCONNECT OK", bench.Send($"AT+CIPSTART=UDP,{Server},80\r"));
        Assert.Equal("\r\nCLOSE OK\r\n", bench.Send("AT+CIPCLOSE\r"));
        Assert.Equal(Ok + "\r\nSTATE: TCP CLOSED\r\n", bench.Send("AT+CIPSTATUS\r"));
        Assert.Equal(Ok, bench.Send("AT+CIPSHUT\r"));
    }

    [Fact]
    public async Task The_address_may_be_followed_by_a_result_in_the_same_line()
    {
        await using var bench = Make("air780").Given("AT+CSTT", "AT+CIICR");

        Assert.Equal("\r\n10.74.149.48\r\n" + Ok, bench.Send("AT+CIFSR;E0\r"));
    }

    [Theory]
    [InlineData("closed", "\r\nCLOSED\r\n")]
    [InlineData("tcp-error", "\r\nTCP ERROR:14\r\n")]
    public async Task A_reset_by_the_peer_is_told(string value, string said)
    {
        await using var bench = Make("air780", "reset-line", value);
        InMemoryPeer peer = bench.Connect();

        peer.Reset();

        Assert.Equal(said, bench.Take());
        Assert.Equal(Ok + "\r\nSTATE: TCP CLOSED\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Fact]
    public async Task The_last_of_several_links_that_closes_leads_back()
    {
        await using var bench = Make("air780").Several();
        bench.Connect(80, "0,");
        InMemoryPeer second = bench.Connect(81, "1,");

        Assert.Equal("\r\n0, CLOSE OK\r\n", bench.Send("AT+CIPCLOSE=0,1\r"));
        Assert.StartsWith(Ok + "\r\nSTATE: IP PROCESSING\r\n", bench.Send("AT+CIPSTATUS\r"), StringComparison.Ordinal);
        await second.DisposeAsync();
        Assert.Equal("\r\n1, CLOSED\r\n", bench.Take());
        Assert.StartsWith(Ok + "\r\nSTATE: IP STATUS\r\n", bench.Send("AT+CIPSTATUS\r"), StringComparison.Ordinal);
        Assert.Equal("\r\n+CIPSTATUS: 1,0,\"TCP\",\"203.0.113.8\",\"81\",\"CLOSED\"\r\n" + Ok, bench.Send("AT+CIPSTATUS=1\r"));
    }

    [Fact]
    public async Task An_echo_is_counted_and_timed()
    {
        await using var bench = Make("air780").Given("AT+CSTT", "AT+CIICR");
        bench.Send("AT+CIFSR\r");
        bench.Network.AddHost(Server);

        bench.Send($"AT+CIPPING=\"{Server}\",2\r");
        Assert.Equal(
            "\r\n+CIPPING: 1,\"203.0.113.8\",4,64\r\n\r\n+CIPPING: 2,\"203.0.113.8\",4,64\r\n" + Ok,
            bench.After(TimeSpan.FromSeconds(1)));
        bench.Send("AT+CIPPING=\"203.0.113.99\",1,32,10\r");
        Assert.Equal("\r\n+CIPPING: 1,\"203.0.113.99\",600,255\r\n" + Ok, bench.After(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_bearer_is_opened_once_and_lost_with_the_context()
    {
        await using var bench = Make("air780").Given("AT+SAPBR=3,1,\"Contype\",\"GPRS\"", "AT+SAPBR=3,1,\"APN\",\"\"");
        Assert.Equal("\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n" + Ok, bench.Send("AT+SAPBR=2,1\r"));
        Assert.Equal(WrongState, bench.Send("AT+SAPBR=0,1\r"));
        bench.Given("AT+SAPBR=1,1");
        Assert.Equal(WrongState, bench.Send("AT+SAPBR=1,1\r"));
        Assert.Equal("\r\n+SAPBR: 1,1,\"10.74.149.48\"\r\n" + Ok, bench.Send("AT+SAPBR=2,1\r"));

        bench.Module.World.Mobile.DeactivateContexts();

        Assert.Equal("\r\n+CGEV: NW PDN DEACT 1\r\n\r\n+SAPBR 1: DEACT\r\n", bench.Take());
    }
}
