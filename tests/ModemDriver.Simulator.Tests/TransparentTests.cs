namespace ModemDriver.Simulator.Tests;

/// <summary>Transparent mode, byte by byte: the way in, packets, the way out, and what happens when the link goes.</summary>
public class TransparentTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Prompt = "\r\nOK\r\n\r\n>";

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("esp-at", "\r\n+QUITT\r\n")]
    [InlineData("esp-at-2.0", "\r\n+QUITT\r\n")]
    [InlineData("esp-at-esp32", "\r\n+QUITT\r\n")]
    [InlineData("esp-at-1.7", "+QUITT\r\n")]
    public async Task Data_goes_both_ways_and_three_plus_signs_alone_end_it(string personality, string quit)
    {
        await using var bench = new Bench(personality).Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Ok, bench.Command(personality == "esp-at-1.7" ? "AT+SYSMSG_CUR=1" : "AT+SYSMSG=1"));
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=1"));
        bench.Write(peer, "early");
        Assert.Equal("early", bench.Take());

        Assert.Equal(Prompt, bench.Command("AT+CIPSEND"));
        Assert.Equal("", bench.Send("first packet"));
        Assert.Equal("", bench.After(Silence));
        Assert.Equal("first packet", bench.Read(peer));
        bench.Send("second packet");
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(50)));
        Assert.Equal("second packet", bench.Read(peer));
        bench.Write(peer, "answer\0\u00ff\r\n");
        Assert.Equal("answer\0\u00ff\r\n", bench.Take());

        Assert.Equal("", bench.Send("+++"));
        Assert.Equal(quit, bench.After(Second));
        Assert.Equal("+CIPMODE:1\r\n" + Ok, bench.Command("AT+CIPMODE?"));
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=0"));
        bench.Write(peer, "late");
        Assert.Equal("\r\n+IPD,4:late", bench.Take());
    }

    [Fact]
    public async Task Nothing_is_said_when_the_mode_is_left_unless_it_was_asked_for()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Send("+++");

        Assert.Equal("", bench.After(Second));
        bench.Write(peer, "still raw");
        Assert.Equal("still raw", bench.Take());
        Assert.Equal(Prompt, bench.Command("AT+CIPSEND"));
    }

    [Fact]
    public async Task A_packet_ends_with_20_ms_of_silence_and_not_before()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Send("one");
        bench.After(TimeSpan.FromMilliseconds(15));
        bench.Send("two");
        bench.After(TimeSpan.FromMilliseconds(15));
        Assert.Empty(peer.TakeReceived());

        bench.After(TimeSpan.FromMilliseconds(5));
        Assert.Equal("onetwo", bench.Read(peer));
    }

    [Theory]
    [InlineData("esp-at", 2048)]
    [InlineData("esp-at-1.7", 2048)]
    [InlineData("esp-at-esp32", 8192)]
    public async Task A_full_packet_does_not_wait(string personality, int packet)
    {
        await using var bench = new Bench(personality).Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Send(new string('x', packet + 10));

        Assert.Equal(new string('x', packet), bench.Read(peer));
        bench.After(Silence);
        Assert.Equal(new string('x', 10), bench.Read(peer));
    }

    [Fact]
    public async Task Plus_signs_in_other_company_are_data()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        foreach (string data in new[] { "+++\r\n", "a+++", "++", "++++", "AT+RST\r\n" })
        {
            bench.Send(data);
            bench.After(Silence);
            Assert.Equal(data, bench.Read(peer));
        }

        // Not 20 ms before: part of what came before. Not 20 ms after: part of what comes behind.
        bench.Send("x");
        bench.After(TimeSpan.FromMilliseconds(19));
        bench.Send("+++");
        bench.After(Silence);
        Assert.Equal("x+++", bench.Read(peer));
        bench.Send("+++");
        bench.After(TimeSpan.FromMilliseconds(19));
        bench.Send("y");
        bench.After(Silence);
        Assert.Equal("+++y", bench.Read(peer));

        // The rest of a full packet is no packet of its own.
        bench.Send(new string('x', 2048) + "+++");
        bench.After(Silence);
        Assert.Equal(new string('x', 2048) + "+++", bench.Read(peer));
    }

    [Fact]
    public async Task Plus_signs_that_come_one_by_one_count_when_they_come_fast()
    {
        await using var bench = new Bench().Online();
        _ = Connect(bench);
        Enter(bench);
        foreach (int pause in new[] { 19, 19, 1000 })
        {
            bench.Send("+");
            bench.After(TimeSpan.FromMilliseconds(pause));
        }

        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("lost", "")]
    [InlineData("taken", Ok)]
    public async Task A_command_within_the_second_behind_the_escape_is_lost(string value, string answer)
    {
        await using var bench = new Bench(change: Switch("command-soon-after-escape", value)).Online();
        _ = Connect(bench);
        Enter(bench);
        bench.Send("+++");
        bench.After(TimeSpan.FromMilliseconds(999));
        Assert.Equal(answer, bench.Command("AT"));
        bench.After(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_silence_counts_even_when_the_module_was_too_slow_to_see_it()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);

        // All of this is written before the module's loop gets a turn.
        bench.Host.Send("data"u8);
        bench.Time.Advance(Silence);
        bench.Host.Send("+++"u8);
        bench.Time.Advance(Second);
        bench.Host.Send("AT\r\n"u8);

        Assert.Equal(Ok, bench.Take());
        Assert.Equal("data", bench.Read(peer));
    }

    [Theory]
    [InlineData("1", "+CIPMODE:1\r\n" + Ok)]
    [InlineData("0", "+CIPMODE:0\r\n" + Ok)]
    public async Task Builds_differ_in_what_CIPMODE_is_afterwards(string value, string answer)
    {
        await using var bench = new Bench(change: Switch("cipmode-after-escape", value)).Online();
        _ = Connect(bench);
        Enter(bench);
        bench.Send("+++");
        bench.After(Second);

        Assert.Equal(answer, bench.Command("AT+CIPMODE?"));
    }

    [Fact]
    public async Task A_lost_link_comes_back_by_itself_and_nothing_is_said()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        InMemoryPeer first = Connect(bench, listener);
        Enter(bench);
        await first.DisposeAsync();
        bench.Send("kept");
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(100)));
        InMemoryPeer second = bench.Accept(listener);
        bench.Send("sent");
        bench.After(Silence);

        Assert.Equal("keptsent", bench.Read(second));
        bench.Write(second, "back");
        Assert.Equal("back", bench.Take());
    }

    [Fact]
    public async Task SYSMSG_bit_2_shows_states_inside_the_stream()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        InMemoryPeer peer = Connect(bench, listener);
        bench.Command("AT+SYSMSG=4");
        Enter(bench);
        await peer.DisposeAsync();

        Assert.Equal("CLOSED\r\n", bench.Take());
        Assert.Equal("CONNECT\r\n", bench.After(TimeSpan.FromMilliseconds(100)));
        InMemoryPeer back = bench.Accept(listener);
        bench.Send("still here");
        bench.After(TimeSpan.FromMilliseconds(50));
        Assert.Equal("still here", bench.Read(back));
        bench.Send("+++");
        Assert.Equal("", bench.After(Second));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task The_interval_between_attempts_is_the_host_s_and_they_do_not_end()
    {
        int attempts = 0;
        await using var bench = new Bench(change: options => options with { Trace = Hear }).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        InMemoryPeer peer = Connect(bench, listener);
        Assert.Equal(Ok, bench.Command("AT+CIPRECONNINTV=10"));
        Assert.Equal("+CIPRECONNINTV:10\r\n" + Ok, bench.Command("AT+CIPRECONNINTV?"));
        Enter(bench);
        bench.Network.Refuse("10.0.0.1", 1);
        peer.Reset();
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(60)));

        Assert.InRange(attempts, 59, 60);

        void Hear(string line) => attempts += line.Contains("refuses", StringComparison.Ordinal) ? 1 : 0;
    }

    [Theory]
    [InlineData("off", "")]
    [InlineData("on", "CLOSED\r\n")]
    public async Task The_way_out_of_a_dead_link_ends_it(string closed, string said)
    {
        await using var bench = new Bench(change: Switch("closed-after-escape", closed)).Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Network.Refuse("10.0.0.1", 1);
        peer.Reset();
        bench.After(Second);
        bench.Send("+++");

        Assert.Equal(said, bench.After(Second));
        Assert.Equal("STATUS:4\r\n" + Ok, bench.Command("AT+CIPSTATUS"));
        Assert.Equal(Error, bench.Command("AT+CIPSEND"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_peer_that_closes_behind_the_escape_is_told_of()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Send("+++");
        bench.After(Second);
        await peer.DisposeAsync();

        Assert.Equal("CLOSED\r\n", bench.Take());
        Assert.Equal("", bench.After(Second));
    }

    [Fact]
    public async Task Wi_Fi_that_goes_and_comes_back_is_not_mentioned_and_the_link_comes_back()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        _ = Connect(bench, listener);
        Enter(bench);
        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(5)));
        bench.Module.World.AddAccessPoint(lost[0]);
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(5)));

        bench.Write(bench.Accept(listener), "again");
        Assert.Equal("again", bench.Take());
    }

    [Fact]
    public async Task SYSMSG_bit_2_tells_of_Wi_Fi_too()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        _ = Connect(bench, listener);
        bench.Command("AT+SYSMSG=4");
        Enter(bench);
        IReadOnlyList<AccessPoint> lost = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("WIFI DISCONNECT\r\nCLOSED\r\n", bench.After(TimeSpan.FromSeconds(5)));
        bench.Module.World.AddAccessPoint(lost[0]);

        Assert.Equal(
            "WIFI CONNECTED\r\nWIFI GOT IP\r\nCONNECT\r\n", bench.After(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Without_a_connection_a_little_is_kept_and_the_rest_is_lost()
    {
        await using var bench = new Bench().Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        InMemoryPeer first = Connect(bench, listener);
        bench.Command("AT+CIPRECONNINTV=10");
        Enter(bench);
        first.Reset();
        bench.Send(new string('a', 2048));
        bench.Send(new string('b', 2048));
        bench.After(TimeSpan.FromSeconds(2));

        Assert.Equal(new string('a', 2048), bench.Read(bench.Accept(listener)));
    }

    [Theory]
    [InlineData("esp-at", "AT+CIPSEND", Error)]
    [InlineData("esp-at", "AT+CIPMUX=1|AT+CIPMODE=1", Error)]
    [InlineData("esp-at", "AT+CIPMODE=1|AT+CIPMUX=1", Error)]
    [InlineData("esp-at", "AT+CIPMODE=1|AT+CIPSEND", Error)]
    [InlineData("esp-at", "AT+CIPMODE=1|AT+CIPSEND=5", Error)]
    [InlineData("esp-at", "AT+CIPMODE=2", Error)]
    [InlineData("esp-at", "AT+CIPMODE?", "+CIPMODE:0\r\n" + Ok)]
    [InlineData("esp-at", "AT+CIPRECONNINTV=0", Error)]
    [InlineData("esp-at", "AT+TRANSINTVL?", Error)]
    [InlineData("esp-at-1.7", "AT+CIPMUX=1|AT+CIPMODE=1", "CIPMUX and CIPSERVER must be 0\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPMODE=1|AT+CIPMUX=1", "IPMODE must be 0\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPMODE=1|AT+CIPSEND=5", "IPMODE=1\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPMODE=1|AT+CIPSEND", "link is not valid\r\n" + Error)]
    [InlineData("esp-at-1.7", "AT+CIPRECONNINTV?", Error)]
    [InlineData("esp-at-esp32", "AT+TRANSINTVL?", "+TRANSINTVL:20\r\n" + Ok)]
    [InlineData("esp-at-esp32", "AT+TRANSINTVL=1001", Error)]
    public async Task What_does_not_fit_is_refused(string personality, string lines, string answer)
    {
        await using var bench = new Bench(personality).Quiet();
        string said = "";
        foreach (string line in lines.Split('|'))
        {
            said = bench.Command(line);
        }

        Assert.Equal(answer, said);
    }

    [Fact]
    public async Task An_ESP32_has_another_silence_on_request()
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        InMemoryPeer peer = Connect(bench);
        Assert.Equal(Ok, bench.Command("AT+TRANSINTVL=100"));
        Enter(bench);
        bench.Send("one");
        bench.After(TimeSpan.FromMilliseconds(99));
        Assert.Empty(peer.TakeReceived());
        bench.After(TimeSpan.FromMilliseconds(1));

        Assert.Equal("one", bench.Read(peer));
    }

    [Fact]
    public async Task A_reset_ends_the_mode()
    {
        await using var bench = new Bench().Online();
        InMemoryPeer peer = Connect(bench);
        Enter(bench);
        bench.Module.Reset();
        Assert.StartsWith("\r\nready\r\n", bench.Take(), StringComparison.Ordinal);
        bench.Quiet();

        Assert.Equal("+CIPMODE:0\r\n" + Ok, bench.Command("AT+CIPMODE?"));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
            await peer.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("after-ready", Ok + "\r\nready\r\n\r\n>")]
    [InlineData("before-ready", Ok + "\r\n>\r\nready\r\n")]
    [InlineData("when-linked", Ok + "\r\nready\r\n")]
    [InlineData("none", Ok + "\r\nready\r\n")]
    public async Task A_saved_link_is_there_after_the_boot(string prompt, string boot)
    {
        await using var bench = new Bench(change: Switch("saved-link-prompt", prompt)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 8001);
        Assert.Equal(Ok, bench.Command("AT+SAVETRANSLINK=1,\"10.0.0.1\",8001,\"TCP\""));
        Assert.Equal(boot, bench.Command("AT+RST"));

        // A host that does not know sends AT, which is payload, and lost: there is no connection yet.
        Assert.Equal("", bench.Command("AT"));
        Assert.Equal(prompt == "when-linked" ? "\r\n>" : "", bench.After(Second));
        InMemoryPeer peer = bench.Accept(listener);
        bench.Send("hello");
        bench.After(Silence);
        Assert.Equal("hello", bench.Read(peer));

        bench.Send("+++");
        bench.After(Second);
        bench.Quiet();
        Assert.Equal(Ok, bench.Command("AT+SAVETRANSLINK=0"));
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=0"));
        Assert.StartsWith(Ok + "\r\nready\r\n", bench.Command("AT+RST"), StringComparison.Ordinal);
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("none", "")]
    [InlineData("connect", "CONNECT\r\n")]
    public async Task Builds_differ_in_what_they_say_when_the_saved_link_comes_up(string value, string text)
    {
        await using var bench = new Bench(change: Switch("saved-link-text", value)).Online();
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 8001);
        bench.Command("AT+SAVETRANSLINK=1,\"10.0.0.1\",8001,\"TCP\"");
        bench.Command("AT+RST");
        Assert.Equal(text, bench.After(Second));

        // Only then: a connection that is made anew is not told of.
        bench.Accept(listener).Dispose();
        Assert.Equal("", bench.After(Second));
        _ = bench.Accept(listener);
    }

    [Fact]
    public async Task A_NonOS_module_says_when_the_saved_link_does_not_come_up()
    {
        await using var bench = new Bench("esp-at-1.7").Online();
        bench.Command("AT+SAVETRANSLINK=1,\"10.0.0.1\",8001");
        bench.Command("AT+RST");

        Assert.StartsWith("CONNECT FAIL\r\nCONNECT FAIL\r\n", bench.After(Second), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AT+SAVETRANSLINK=2,\"10.0.0.1\",1")]
    [InlineData("AT+SAVETRANSLINK=1")]
    [InlineData("AT+SAVETRANSLINK=1,\"10.0.0.1\"")]
    [InlineData("AT+SAVETRANSLINK=1,\"10.0.0.1\",0")]
    [InlineData("AT+SAVETRANSLINK=1,\"10.0.0.1\",1,\"TPC\"")]
    [InlineData("AT+SAVETRANSLINK=0,1")]
    [InlineData("AT+SAVETRANSLINK?")]
    public async Task A_wrong_saved_link_is_refused(string line)
    {
        await using var bench = new Bench().Quiet();

        Assert.Equal(Error, bench.Command(line));
    }

    internal static Func<SimulatorOptions, SimulatorOptions> Switch(string name, string value) => options =>
        options with { Switches = new Dictionary<string, string> { [name] = value } };

    private static InMemoryPeer Connect(Bench bench, InMemoryListener? listener = null)
    {
        listener ??= bench.Network.Listen("10.0.0.1", 1);
        Assert.Equal("CONNECT\r\n" + Ok, bench.Command("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1"));
        return bench.Accept(listener);
    }

    private static void Enter(Bench bench)
    {
        Assert.Equal(Ok, bench.Command("AT+CIPMODE=1"));
        Assert.Equal(Prompt, bench.Command("AT+CIPSEND"));
    }
}
