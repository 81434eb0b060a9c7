using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatTransparentTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1.01);

    [Fact]
    public async Task The_mode_is_chosen_before_anything_else()
    {
        await using var bench = Make("air780");
        Assert.Equal(WrongState, bench.Send("AT+CIPCCFG=5,2,1024,0\r"));
        bench.Given("AT+CIPMUX=1");
        Assert.Equal(WrongState, bench.Send("AT+CIPMODE=1\r"));
        bench.Given("AT+CIPMUX=0", "AT+CIPMODE=1", "AT+CIPCCFG=3,5,50,0,0,1460,50,1");

        Assert.Equal("\r\n+CIPCCFG: 3,5,50,0,0,1460,50,1\r\n" + Ok, bench.Send("AT+CIPCCFG?\r"));
        bench.Given("AT+CSTT");
        Assert.Equal(WrongState, bench.Send("AT+CIPMODE=0\r"));
    }

    [Fact]
    public async Task A_packet_is_sent_when_it_is_full_or_when_its_time_has_come()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1", "AT+CIPCCFG=5,3,8,0");
        InMemoryPeer peer = bench.Connect();

        bench.Send("12345678abc");
        Assert.Equal("12345678", bench.Read(peer));
        bench.After(TimeSpan.FromMilliseconds(290));
        bench.Send("d");
        bench.After(TimeSpan.FromMilliseconds(20));
        Assert.Equal("abcd", bench.Read(peer));
    }

    [Theory]
    [InlineData("held", "", "\r\nCONNECT\r\nmeanwhile")]
    [InlineData("shown", "meanwhile", "\r\nCONNECT\r\n")]
    public async Task Data_that_comes_after_the_signs_waits_or_is_shown(string value, string shown, string resumed)
    {
        await using var bench = Make("air780", "data-after-escape", value).Given("AT+CIPMODE=1");
        InMemoryPeer peer = bench.Connect();
        bench.After(Second);
        bench.Send("+++");
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(590)));
        Assert.Equal(Ok, bench.After(TimeSpan.FromMilliseconds(20)));

        bench.Write(peer, "meanwhile");

        Assert.Equal(shown, bench.Take());
        Assert.Equal(Ok + "\r\nSTATE: CONNECT OK\r\n", bench.Send("AT+CIPSTATUS\r"));
        Assert.Equal(WrongState, bench.Send("AT+CIPSEND=4\r\n"));
        Assert.Equal(resumed, bench.Send("ATO\r"));
        bench.Write(peer, "later");
        Assert.Equal("later", bench.Take());
    }

    [Fact]
    public async Task Signs_one_by_one_lead_out_if_they_are_quick()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1");
        InMemoryPeer peer = bench.Connect();
        bench.After(Second);

        foreach (int pause in new[] { 400, 400, 610 })
        {
            bench.Send("+");
            string said = bench.After(TimeSpan.FromMilliseconds(pause));
            Assert.Equal(pause == 610 ? Ok : "", said);
        }

        Assert.Equal("\r\nCONNECT\r\n", bench.Send("ATO\r"));
        bench.After(Second);
        bench.Send("+");
        bench.After(TimeSpan.FromMilliseconds(510));
        bench.Send("++");
        bench.After(Second);
        Assert.Equal("+++", bench.Read(peer));
    }

    [Theory]
    [InlineData("0", "lost")]
    [InlineData("1", "")]
    public async Task What_a_lost_connection_leaves_is_sent_by_the_next_or_dropped(string drops, string first)
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1", $"AT+CIPCCFG=5,10,1024,0,0,1460,50,{drops}");
        InMemoryPeer peer = bench.Connect();
        bench.Send("lost");
        await peer.DisposeAsync();
        Assert.Equal("\r\nCLOSED\r\n", bench.Take());
        Assert.Equal("\r\nNO CARRIER\r\n", bench.Send("ATO\r"));

        InMemoryPeer next = bench.Connect();
        bench.Send("more");
        bench.After(Second);

        string received = bench.Read(next);
        received += received.Length < first.Length + 4 ? bench.Read(next) : "";
        Assert.Equal(first + "more", received);
    }

    [Fact]
    public async Task The_loss_of_the_context_is_said_in_band_and_ends_the_data_state()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1");
        bench.Connect();

        bench.Module.World.Mobile.DeactivateContexts();

        Assert.Equal("\r\n+PDP DEACT\r\n\r\n+CGEV: NW PDN DEACT 1\r\n", bench.Take());
        Assert.Equal(Ok + "\r\nSTATE: PDP DEACT\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Fact]
    public async Task Other_lines_are_kept_until_the_data_state_is_left()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1");
        bench.Connect();

        bench.Module.World.Mobile.LoseCoverage();

        // They came before the context was lost with the air.
        Assert.StartsWith("\r\n+PDP DEACT\r\n\r\n^MODE: 0,0\r\n\r\n+NO Service\r\n", bench.After(Second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connect_that_fails_stays_with_commands()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1");

        Assert.Equal(Ok + "\r\nSTATE: IP STATUS\r\n\r\nCONNECT FAIL\r\n", bench.Send($"AT+CIPSTART=TCP,{Server},81\r"));
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task The_stripped_generation_has_no_way_out()
    {
        await using var bench = Make("air780eq").Given("AT+CIPMODE=1");
        Assert.Equal("\r\nERROR\r\n", bench.Send("ATO\r"));
        Assert.Equal("\r\nERROR\r\n", bench.Send("AT+CIPSSL=1\r"));
        InMemoryPeer peer = bench.Connect();
        bench.After(Second);

        bench.Send("+++");

        Assert.Equal("", bench.After(Second));
        Assert.Equal("+++", bench.Read(peer));
    }

    [Fact]
    public async Task A_data_state_waits_for_a_command_that_is_under_way()
    {
        await using var bench = new Bench("air780", options => options with { Timings = ModuleTimings.Typical });
        bench.Send("ATE0\r");
        bench.After(Second);
        bench.Send("AT+CIPMODE=1\r");
        bench.After(Second);
        bench.Network.Listen(Server, 80);
        bench.Send($"AT+CIPSTART=TCP,{Server},80\r");
        Assert.Equal(Ok, bench.After(TimeSpan.FromMilliseconds(600)));
        bench.Send("AT+CSQ\r");

        Assert.Equal("\r\n+CSQ: 26,0\r\n" + Ok + "\r\nCONNECT\r\n", bench.After(Second));
    }

    [Fact]
    public async Task Datagrams_go_through_too()
    {
        await using var bench = Make("air780").Given("AT+CIPMODE=1", "AT+CLPORT=UDP,5000");
        using InMemoryDatagramPeer peer = bench.Network.OpenDatagrams(Server, 9000);
        Assert.Equal(Ok + "\r\nCONNECT\r\n", bench.Send($"AT+CIPSTART=UDP,{Server},9000\r"));

        bench.Send("up");
        bench.After(Second);
        peer.Send("down"u8, new System.Net.IPEndPoint(new System.Net.IPAddress([10, 74, 149, 48]), 5000));

        Assert.Equal("down", bench.Take());
        Task<InMemoryDatagram> received = peer.ReceiveAsync(CancellationToken.None).AsTask();
        Assert.True(received.IsCompleted);
        Assert.Equal("up"u8.ToArray(), (await received).Data.ToArray());
    }
}
