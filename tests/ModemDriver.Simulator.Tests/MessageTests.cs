using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace ModemDriver.Simulator.Tests;

/// <summary>Short messages: the wire of 3GPP TS 27.005 and the PDUs of TS 23.040, on one module and its centre.</summary>
public sealed class MessageTests
{
    private const string Me = "+8613800138000";
    private const string Other = "+12025550123";
    private const string Ok = LuatBench.Ok;

    private static readonly DateTimeOffset Start = new(2026, 1, 31, 21, 59, 30, TimeSpan.Zero);

    private static Bench Make(MessageCentre? centre = null, params string[] switches)
    {
        var bench = new Bench("air780", options => options with
        {
            TimeProvider = new FakeTimeProvider(Start),
            World = new SimulatedWorld { Mobile = World(centre ?? new MessageCentre()) },
            Switches = switches.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]),
        });
        return bench.Quiet();
    }

    private static MobileWorld World(MessageCentre centre)
    {
        var world = new MobileWorld { Messages = centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        return world;
    }

    [Theory]
    [InlineData("0001000B912120550521F3000005C8329BFD06", 18, "Hello")]
    [InlineData("0031000B912120550521F30000A705C8329BFD06", 19, "Hello")]
    [InlineData("0001000B912120550521F30010054676788E06", 18, "Flash")]
    [InlineData("0011000B912120550521F30008A70C041F04400438043204350442", 26, "Привет")]
    [InlineData("0001000B912120550521F30008084F60597DD83DDE00", 21, "你好😀")]
    [InlineData("0001000B912120550521530000" + "05C8329BFD06", 18, "Hello")] // An odd number whose filler is not all ones.
    [InlineData("07912160130320F801000B912120550521F3000005C8329BFD06", 0, null)]
    public async Task A_PDU_goes_to_the_centre(string pdu, int length, string? text)
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);
        length = length == 0 ? (pdu.Length / 2) - 8 : length;

        Assert.Equal("\r\n> ", bench.Send($"AT+CMGS={length}\r"));
        string answer = bench.Send(pdu + "\x1a");

        if (text is null)
        {
            Assert.Equal("\r\n+CMS ERROR: 330\r\n", answer); // Another centre than this network has.
            Assert.Empty(centre.Carried);
            return;
        }

        Assert.Equal("\r\n+CMGS: 0\r\n\r\nOK\r\n", answer);
        Assert.Equal(new CarriedMessage(Me, Other, text, 1, 1), Assert.Single(centre.Carried) with { Octets = default });
    }

    [Fact]
    public async Task Octets_arrive_as_they_are()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);

        bench.Send("AT+CMGS=14\r");
        Assert.EndsWith(Ok, bench.Send("00010005810180F6000404DEADBEEF\x1a"), StringComparison.Ordinal);

        CarriedMessage carried = Assert.Single(centre.Carried);
        Assert.Equal("10086", carried.To);
        Assert.Null(carried.Text);
        Assert.Equal([0xde, 0xad, 0xbe, 0xef], carried.Octets.ToArray());
    }

    [Fact]
    public async Task A_part_says_which_it_is()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);

        bench.Send("AT+CMGS=61\r");
        Assert.EndsWith(Ok, bench.Send(
            "0041000B912120550521F30000360500032A020266B49AED86CBC162B219AD66BBE172B0986C46ABD96EB81C2C269BD16AB61B2E078BC966B49AED86CB01\x1a"),
            StringComparison.Ordinal);

        CarriedMessage carried = Assert.Single(centre.Carried);
        Assert.Equal((2, 2), (carried.Part, carried.Parts));
        Assert.Equal("34567890123456789012345678901234567890123456789", carried.Text);
    }

    [Theory]
    [InlineData("17", "0001000B912120550521F3000005C8329BFD06")] // The length of another.
    [InlineData("18", "0001000B912120550521F3000005C8329BFD")] // Cut short.
    [InlineData("18", "0001000B912120550521F3000005C8329BFD0")] // Half an octet.
    [InlineData("18", "0000000B912120550521F3000005C8329BFD06")] // No SUBMIT.
    [InlineData("18", "0001000B912120550521F3000006C8329BFD06")] // Six septets need six octets: five are there.
    [InlineData("2", "000100")]
    [InlineData("18", "Hello, world")]
    public async Task A_wrong_PDU_is_refused(string length, string pdu)
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);

        Assert.Equal("\r\n> ", bench.Send($"AT+CMGS={length}\r"));
        string answer = bench.Send(pdu + "\x1a");

        Assert.Equal("\r\n+CMS ERROR: 304\r\n", answer);
        Assert.Empty(centre.Carried);
        Assert.Equal(Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task ESC_gives_a_message_up()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);

        bench.Send("AT+CMGS=18\r");
        Assert.Equal(Ok, bench.Send("0001\x1b"));
        Assert.Empty(centre.Carried);
    }

    [Fact]
    public async Task What_comes_is_stored_and_told_of()
    {
        var centre = new MessageCentre { Number = "+12063130028", ZoneQuarters = 8 };
        await using Bench bench = Make(centre);

        centre.Send(Other, Me, "Hello");

        Assert.Equal("\r\n+CMTI: \"SM\",1\r\n", bench.Take());
        const string Pdu = "07912160130320F8040B912120550521F300006210133295038005C8329BFD06";
        Assert.Equal($"\r\n+CMGL: 1,0,,24\r\n{Pdu}\r\n{Ok}", bench.Send("AT+CMGL=4\r"));
        Assert.Equal($"\r\n+CMGR: 1,,24\r\n{Pdu}\r\n{Ok}", bench.Send("AT+CMGR=1\r"));
        Assert.Equal($"\r\n+CPMS: \"SM\",1,10,\"SM\",1,10,\"SM\",1,10\r\n{Ok}", bench.Send("AT+CPMS?\r"));
        Assert.Equal(Ok, bench.Send("AT+CMGD=1\r"));
        Assert.Equal("\r\n+CMS ERROR: 321\r\n", bench.Send("AT+CMGR=1\r"));
        Assert.Equal(Ok, bench.Send("AT+CMGL=4\r"));
    }

    [Fact]
    public async Task Letters_as_the_sender_and_UCS2_as_the_text()
    {
        var centre = new MessageCentre { Number = "+12063130028", ZoneQuarters = -20 };
        await using Bench bench = Make(centre);

        centre.Send("Luat.io", Me, "Hello");
        centre.Send("+8613912345678", Me, "你好");

        string list = bench.Send("AT+CMGL=4\r");
        Assert.Contains("07912160130320F8040DD0CC7A98EE4ABF010000", list, StringComparison.Ordinal);
        Assert.Contains("0A05C8329BFD06\r\n", list, StringComparison.Ordinal);
        Assert.Contains("040D91683119325476F80008", list, StringComparison.Ordinal);
        Assert.Contains("044F60597D\r\n", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_mode_shows_messages_as_text()
    {
        var centre = new MessageCentre { ZoneQuarters = 8 };
        await using Bench bench = Make(centre);
        bench.Given("AT+CMGF=1", "AT+CSCS=\"IRA\"");

        centre.Send(Other, Me, "Hello");

        bench.Take();
        const string Head = "\"+12025550123\",,\"26/01/31,23:59:30+08\"";
        Assert.Equal($"\r\n+CMGL: 1,\"REC UNREAD\",{Head}\r\nHello\r\n{Ok}", bench.Send("AT+CMGL=\"ALL\"\r"));
        Assert.Equal($"\r\n+CMGR: \"REC READ\",{Head}\r\nHello\r\n{Ok}", bench.Send("AT+CMGR=1\r"));
        bench.Given("AT+CSDH=1");
        Assert.Equal(
            $"\r\n+CMGR: \"REC READ\",{Head},145,4,0,0,\"+8613800100500\",145,5\r\nHello\r\n{Ok}", bench.Send("AT+CMGR=1\r"));
        bench.Given("AT+CSCS=\"UCS2\"", "AT+CSDH=0");
        Assert.Contains("\"002B00310032", bench.Send("AT+CMGR=1\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_mode_sends_text()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);
        bench.Given("AT+CMGF=1", "AT+CSCS=\"IRA\"");

        Assert.Equal("\r\n> ", bench.Send("AT+CMGS=\"+12025550123\"\r"));
        Assert.Equal("\r\n+CMGS: 0\r\n\r\nOK\r\n", bench.Send("Hello\x1a"));
        bench.Given("AT+CSMP=17,167,0,8", "AT+CSCS=\"UCS2\"");
        Assert.Equal("\r\n> ", bench.Send("AT+CMGS=\"002B00310032\"\r"));
        Assert.Equal("\r\n+CMGS: 1\r\n\r\nOK\r\n", bench.Send("4F60597D\x1a"));
        Assert.Equal(["Hello", "你好"], centre.Carried.Select(message => message.Text));
        Assert.Equal("+12", centre.Carried[1].To);
    }

    [Fact]
    public async Task Messages_go_straight_to_the_host_and_wait_for_its_word()
    {
        var centre = new MessageCentre { Number = "+12063130028", ZoneQuarters = 8 };
        await using Bench bench = Make(centre);
        Assert.Equal("\r\n+CSMS: 1,1,1\r\n" + Ok, bench.Send("AT+CSMS=1\r"));
        bench.Given("AT+CNMI=2,2,0,1,0");

        centre.Send(Other, Me, "Hello");
        centre.Send(Other, Me, "Hello");

        const string Direct = "\r\n+CMT: ,24\r\n07912160130320F8040B912120550521F300006210133295038005C8329BFD06\r\n";
        Assert.Equal(Direct, bench.Take());
        Assert.Equal(2, centre.WaitingFor(Me));
        Assert.Equal(Ok + Direct, bench.Send("AT+CNMA\r"));
        Assert.Equal(1, centre.WaitingFor(Me));
        Assert.Equal(Ok, bench.Send("AT+CNMA\r"));
        Assert.Equal(0, centre.WaitingFor(Me));
        Assert.Equal("\r\n+CMS ERROR: 340\r\n", bench.Send("AT+CNMA\r"));
    }

    [Fact]
    public async Task A_report_comes_when_the_message_is_delivered()
    {
        var centre = new MessageCentre { ZoneQuarters = 8 };
        await using Bench bench = Make(centre);
        bench.Given("AT+CNMI=2,1,0,1,0");

        bench.Send("AT+CMGS=19\r");
        Assert.Equal(
            "\r\n+CMGS: 0\r\n\r\nOK\r\n\r\n+CDS: 25\r\n0006000B912120550521F3621013329503806210133295038000\r\n",
            bench.Send("0031000B912120550521F30000A705C8329BFD06\x1a"));
    }

    [Fact]
    public async Task A_full_store_leaves_messages_at_the_centre()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);
        for (int i = 0; i < 12; i++)
        {
            centre.Send(Other, Me, i.ToString(CultureInfo.InvariantCulture));
        }

        bench.Take();
        Assert.Equal(2, centre.WaitingFor(Me));
        Assert.Equal(Ok + "\r\n+CMTI: \"SM\",3\r\n", bench.Send("AT+CMGD=3\r"));
        Assert.Equal(1, centre.WaitingFor(Me));
    }

    [Fact]
    public async Task Two_modules_write_to_each_other_in_parts_that_are_shuffled_and_doubled()
    {
        var centre = new MessageCentre(seed: 7) { ShufflesParts = true };
        MobileWorld mobile = World(centre);
        await using var first = new Bench("air780", options => options with { World = new SimulatedWorld { Mobile = mobile } });
        await using var second = new Bench("air820", options => options with
        {
            World = new SimulatedWorld { Mobile = mobile }, SimCard = new SimCard { Number = Other },
        });
        first.Quiet();
        second.Quiet();

        string text = string.Concat(Enumerable.Range(0, 500).Select(i => (char)('a' + (i % 26))));
        centre.Send(Me, Other, text);

        string told = second.Take();
        int stored = told.Split("+CMTI").Length - 1;
        Assert.InRange(stored, 5, 8); // Four parts, and some of them again.
        string list = second.Send("AT+CMGL=4\r");
        string[] parts = [.. Enumerable.Range(1, 4).Select(part => $"05000301{4:X2}{part:X2}")];
        Assert.All(parts, part => Assert.Contains(part, list, StringComparison.Ordinal));
        int[] order = [.. parts.Select(part => list.IndexOf(part, StringComparison.Ordinal))];
        Assert.NotEqual(order.Order(), order);

        first.Send("AT+CMGS=18\r");
        Assert.EndsWith(Ok, first.Send("0001000B912120550521F3000005C8329BFD06\x1a"), StringComparison.Ordinal);
        Assert.Contains("+CMTI", second.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_are_stored_in_the_module_and_sent_from_there()
    {
        var centre = new MessageCentre();
        await using Bench bench = Make(centre);
        Assert.Equal("\r\n+CPMS: 0,10,0,10,0,10\r\n" + Ok, bench.Send("AT+CPMS=\"ME\",\"ME\",\"SM\"\r"));

        bench.Send("AT+CMGW=18\r");
        Assert.Equal("\r\n+CMGW: 1\r\n\r\nOK\r\n", bench.Send("0001000B912120550521F3000005C8329BFD06\x1a"));
        Assert.Empty(centre.Carried);
        Assert.Equal("\r\n+CMSS: 0\r\n\r\nOK\r\n", bench.Send("AT+CMSS=1\r"));
        Assert.Equal("Hello", Assert.Single(centre.Carried).Text);
        Assert.StartsWith("\r\n+CMGL: 1,3,,18\r\n", bench.Send("AT+CMGL=3\r"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AT+CMGS=18", "\r\n+CMS ERROR: 310\r\n")]
    [InlineData("AT+CMGL=4", "\r\n+CMS ERROR: 310\r\n")]
    public async Task Without_a_card_there_are_no_messages(string line, string answer)
    {
        await using var bench = new Bench("air780", options => options with { SimCard = null });
        bench.Quiet();

        Assert.Equal(answer, bench.Send(line + "\r"));
    }

    [Fact]
    public async Task A_centre_that_refuses_says_why()
    {
        var centre = new MessageCentre { Refusal = 28 };
        await using Bench bench = Make(centre);

        bench.Send("AT+CMGS=18\r");
        Assert.Equal("\r\n+CMS ERROR: 28\r\n", bench.Send("0001000B912120550521F3000005C8329BFD06\x1a"));
    }

    [Fact]
    public async Task The_stripped_firmware_has_no_messages()
    {
        await using var bench = new Bench("air780eq");
        bench.Quiet();

        Assert.Equal("\r\nERROR\r\n", bench.Send("AT+CMGF=0\r"));
    }
}
