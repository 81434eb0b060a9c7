namespace ModemDriver.Simulator.Tests;

/// <summary>USSD, calls and the phonebook (3GPP TS 27.007 clauses 6 to 8).</summary>
public sealed class SubscriberServiceTests
{
    private const string Me = "+8613800138000";
    private const string Other = "+12025550123";
    private const string Ok = LuatBench.Ok;

    private static readonly TimeSpan RingPeriod = TimeSpan.FromSeconds(4);

    private static Bench Make(MobileWorld? mobile = null, string number = Me) => new Bench("air780", options => options with
    {
        World = new SimulatedWorld { Mobile = mobile ?? MobileWorld.CreateUsual() }, SimCard = new SimCard { Number = number },
    }).Quiet();

    [Fact]
    public async Task A_menu_is_walked_through()
    {
        await using Bench bench = Make();

        Assert.Equal(
            Ok + "\r\n+CUSD: 1,\"1 Balance\n2 Data left\n3 Language\",15\r\n", bench.Send("AT+CUSD=1,\"*100#\",15\r"));
        Assert.Equal(Ok + "\r\n+CUSD: 0,\"Balance 4.20\",15\r\n", bench.Send("AT+CUSD=1,\"1\",15\r"));
        Assert.Equal(Ok + "\r\n+CUSD: 4\r\n", bench.Send("AT+CUSD=1,\"1\",15\r")); // The dialogue has ended.
    }

    [Fact]
    public async Task Other_letters_come_as_hex()
    {
        await using Bench bench = Make();

        bench.Send("AT+CUSD=1,\"*100#\"\r");
        Assert.Equal(
            Ok + "\r\n+CUSD: 1,\"003100200045006E0067006C006900730068000A003200204E2D6587\",72\r\n",
            bench.Send("AT+CUSD=1,\"3\"\r"));
        Assert.Equal(Ok + "\r\n+CUSD: 2\r\n", bench.Send("AT+CUSD=1,\"9\"\r")); // No such choice.
    }

    [Fact]
    public async Task A_dialogue_is_cancelled_or_left_alone_too_long()
    {
        await using Bench bench = Make();

        bench.Send("AT+CUSD=1,\"*100#\"\r");
        Assert.Equal(Ok, bench.Send("AT+CUSD=2\r"));
        Assert.Equal(Ok + "\r\n+CUSD: 4\r\n", bench.Send("AT+CUSD=1,\"1\"\r"));
        bench.Send("ATD*100#;\r");
        Assert.Equal("\r\n+CUSD: 2\r\n", bench.After(TimeSpan.FromSeconds(61)));
    }

    [Fact]
    public async Task The_network_begins()
    {
        var mobile = MobileWorld.CreateUsual();
        await using Bench bench = Make(mobile);

        mobile.Push(new UssdMenu("Not shown yet"));
        Assert.Equal("", bench.Take());
        bench.Given("AT+CUSD=1");
        mobile.Push(new UssdMenu("Your bill is ready"));
        Assert.Equal("\r\n+CUSD: 0,\"Your bill is ready\",15\r\n", bench.Take());
    }

    [Fact]
    public async Task A_call_comes_is_answered_and_ends()
    {
        var mobile = MobileWorld.CreateUsual();
        await using Bench bench = Make(mobile);
        bench.Given("AT+CLIP=1", "AT+CRC=1");

        PhoneCall call = mobile.Calls.Call(Other, Me);

        const string Ring = "\r\n+CRING: VOICE\r\n\r\n+CLIP: \"+12025550123\",145,,,,0\r\n";
        Assert.Equal(Ring, bench.Take());
        Assert.Equal(Ring, bench.After(RingPeriod));
        Assert.Equal($"\r\n+CLCC: 1,1,4,0,0,\"{Other}\",145\r\n{Ok}", bench.Send("AT+CLCC\r"));
        Assert.Equal(Ok, bench.Send("ATA\r"));
        Assert.True(call.IsActive);
        Assert.Equal($"\r\n+CLCC: 1,1,0,0,0,\"{Other}\",145\r\n{Ok}", bench.Send("AT+CLCC\r"));
        Assert.Equal(Ok, bench.Send("AT+VTS=\"1\"\r"));
        Assert.Equal("1", call.Tones);
        Assert.Equal("", bench.After(RingPeriod)); // It rings no more.
        call.HangUp();
        Assert.Equal("\r\nNO CARRIER\r\n", bench.Take());
        Assert.Equal(Ok, bench.Send("AT+CLCC\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+VTS=\"1\"\r"));
    }

    [Theory]
    [InlineData(OutsideParty.Answers, "")]
    [InlineData(OutsideParty.Busy, "\r\nBUSY\r\n")]
    [InlineData(OutsideParty.Silent, "\r\nNO ANSWER\r\n")]
    public async Task A_number_outside_is_called(OutsideParty party, string end)
    {
        var mobile = MobileWorld.CreateUsual();
        mobile.Calls.SetOutside(Other, party);
        await using Bench bench = Make(mobile);

        string said = bench.Send($"ATD{Other};\r") + bench.After(TimeSpan.FromSeconds(61));

        Assert.Equal(Ok + end, said);
        string state = party == OutsideParty.Answers ? $"\r\n+CLCC: 1,0,0,0,0,\"{Other}\",145\r\n" : "";
        Assert.Equal(state + Ok, bench.Send("AT+CLCC\r"));
        Assert.Equal(Ok, bench.Send("ATH\r"));
        Assert.Equal(Ok, bench.Send("AT+CLCC\r"));
    }

    [Fact]
    public async Task Two_modules_call_each_other()
    {
        var mobile = MobileWorld.CreateUsual();
        await using Bench caller = Make(mobile);
        await using Bench called = Make(mobile, Other);

        Assert.Equal(Ok, caller.Send($"ATD{Other};\r"));
        Assert.Equal("\r\nRING\r\n", called.Take());
        Assert.Equal($"\r\n+CLCC: 1,0,3,0,0,\"{Other}\",145\r\n{Ok}", caller.Send("AT+CLCC\r"));
        Assert.Equal("\r\nNO CARRIER\r\n", called.Send($"ATD{Me};\r")); // One call at a time.
        Assert.Equal(Ok, called.Send("ATA\r"));
        Assert.Equal($"\r\n+CLCC: 1,0,0,0,0,\"{Other}\",145\r\n{Ok}", caller.Send("AT+CLCC\r"));
        Assert.Equal(Ok, caller.Send("AT+CHUP\r"));
        Assert.Equal("\r\nNO CARRIER\r\n", called.Take());
    }

    [Fact]
    public async Task The_phonebook_is_on_the_card()
    {
        await using Bench bench = Make();

        Assert.Equal($"\r\n+CPBS: \"SM\",0,100\r\n{Ok}", bench.Send("AT+CPBS?\r"));
        Assert.Equal("\r\n+CME ERROR: 22\r\n", bench.Send("AT+CPBR=1\r"));
        bench.Given("AT+CPBW=,\"+12025550123\",145,\"Ada\"", "AT+CPBW=7,\"10086\",129,\"Operator\"");
        Assert.Equal(
            $"\r\n+CPBR: 1,\"+12025550123\",145,\"Ada\"\r\n+CPBR: 7,\"10086\",129,\"Operator\"\r\n{Ok}",
            bench.Send("AT+CPBR=1,100\r"));
        Assert.Equal($"\r\n+CPBF: 7,\"10086\",129,\"Operator\"\r\n{Ok}", bench.Send("AT+CPBF=\"Op\"\r"));
        Assert.Equal("\r\n+CME ERROR: 22\r\n", bench.Send("AT+CPBF=\"Zoe\"\r"));
        bench.Given("AT+CPBW=7");
        Assert.Equal("\r\n+CME ERROR: 22\r\n", bench.Send("AT+CPBR=7\r"));
        Assert.Equal($"\r\n+CNUM: \"\",\"{Me}\",145\r\n{Ok}", bench.Send("AT+CNUM\r"));
    }

    [Theory]
    [InlineData("AT+CPBW=1,\"12x4\",129,\"A\"", "27")]
    [InlineData("AT+CPBW=1,\"123456789012345678901\",129,\"A\"", "26")]
    [InlineData("AT+CPBW=1,\"1234\",129,\"A name that is longer\"", "24")]
    [InlineData("AT+CPBR=101", "21")]
    public async Task A_wrong_entry_is_refused(string line, string error)
    {
        await using Bench bench = Make();

        Assert.Equal($"\r\n+CME ERROR: {error}\r\n", bench.Send(line + "\r"));
    }
}
