namespace ModemDriver.Simulator.Tests;

public class CellularNetworkTests
{
    private const string Ok = "\r\nOK\r\n";

    [Theory]
    [InlineData("AT+CREG?", "\r\n+CREG: 0,1\r\n")]
    [InlineData("AT+CREG=2;+CREG?", "\r\n+CREG: 2,1,\"1863\",\"0183db22\",7\r\n")]
    [InlineData("AT+CGREG=2;+CGREG?", "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n")]
    [InlineData("AT+CEREG=5;+CEREG?", "\r\n+CEREG: 5,1,\"1863\",\"0183db22\",7\r\n")]
    [InlineData("AT+COPS?", "\r\n+COPS: 0,2,\"46000\",7\r\n")]
    [InlineData("AT+COPS=3,0;+COPS?", "\r\n+COPS: 0,0,\"CHINA MOBILE\",7\r\n")]
    [InlineData("AT+COPS=3,1;+COPS?", "\r\n+COPS: 0,1,\"CMCC\",7\r\n")]
    [InlineData("AT+CSQ", "\r\n+CSQ: 26,0\r\n")]
    [InlineData("AT+CESQ", "\r\n+CESQ: 99,99,255,255,22,55\r\n")]
    [InlineData("AT+CFUN?", "\r\n+CFUN: 1\r\n")]
    [InlineData("AT+CGACT?", "\r\n+CGACT: 1,1\r\n")]
    [InlineData("AT+CGPADDR", "\r\n+CGPADDR: 1,\"10.74.149.48\"\r\n")]
    [InlineData("AT+CGCONTRDP=1", "\r\n+CGCONTRDP: 1,5,\"cmiot\",\"10.74.149.48.255.255.255.255\",\"\",\"10.74.0.1\",\"10.74.0.2\"\r\n")]
    [InlineData("AT+CMEE?", "\r\n+CMEE :1\r\n")]
    [InlineData("AT+IFC?", "\r\n+IFC: 0, 0\r\n")]
    [InlineData("AT+CCLK?", "\r\n+CCLK: \"00/01/01,08:00:00+32\"\r\n")]
    public async Task A_registered_module_says_so(string line, string answer)
    {
        await using var bench = new Bench("air780").Quiet();

        Assert.Equal(answer + Ok, bench.Send(line + "\r"));
    }

    [Fact]
    public async Task The_engineering_line_has_thirty_fields_and_the_sinr_of_the_cell()
    {
        await using var bench = new Bench("air780").Quiet();

        string[] lines = bench.Send("AT+EEMGINFO?\r").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["+EEMGINFO: 3,2", "OK"], lines[..2]);
        string[] fields = lines[2].Split(": ")[1].Split(", ");
        Assert.Equal(30, fields.Length);
        Assert.Equal(("55", "22", "15"), (fields[11], fields[12], fields[13]));
    }

    [Theory]
    [InlineData("millivolts", "3968")]
    [InlineData("standard", "0,82")]
    [InlineData("both", "0,82,3968")]
    public async Task The_supply_is_told_in_three_forms(string form, string answer)
    {
        await using var bench = new Bench("air780", options => options with
        {
            Switches = new Dictionary<string, string> { ["battery-form"] = form },
        }).Quiet();

        Assert.Equal($"\r\n+CBC: {answer}\r\n" + Ok, bench.Send("AT+CBC\r"));
    }

    [Fact]
    public async Task The_engineering_line_may_be_in_dBm()
    {
        await using var bench = new Bench("air780", options => options with
        {
            Switches = new Dictionary<string, string> { ["engineering-scale"] = "dbm" },
        }).Quiet();

        string[] lines = bench.Send("AT+EEMGINFO?\r").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        string[] fields = lines[2].Split(": ")[1].Split(", ");
        Assert.Equal(("-86", "-9", "15"), (fields[11], fields[12], fields[13]));
    }

    [Fact]
    public async Task Signals_follow_their_script()
    {
        var mobile = new MobileWorld();
        mobile.AddOperator(new MobileOperator { Code = "46000" });
        mobile.AddCell(new MobileCell
        {
            Operator = "46000",
            SignalScript =
            [
                new(TimeSpan.FromSeconds(1), new CellSignal(-110, -15, -2)),
                new(TimeSpan.FromSeconds(2), null),
                new(TimeSpan.FromSeconds(3), new CellSignal(-86, -9, 15)),
            ],
        });
        await using var bench = In(mobile);
        bench.Send("AT+CEREG=1\r");

        Assert.Equal("\r\n+CESQ: 99,99,255,255,22,55\r\n" + Ok, bench.Send("AT+CESQ\r"));
        bench.After(TimeSpan.FromSeconds(1.2));
        Assert.Equal("\r\n+CESQ: 99,99,255,255,10,31\r\n" + Ok, bench.Send("AT+CESQ\r"));
        Assert.Contains("\r\n+CEREG: 2\r\n", bench.After(TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
        Assert.Equal("\r\n+CSQ: 99,99\r\n" + Ok, bench.Send("AT+CSQ\r"));
        Assert.EndsWith("\r\n+CEREG: 1\r\n", bench.After(TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_takes_its_time_and_shows_its_steps()
    {
        await using var bench = new Bench("air780", options => options with
        {
            Timings = ModuleTimings.Typical, StartPowered = false,
            Switches = new Dictionary<string, string> { ["first-lines-lost"] = "0" },
        });
        bench.Module.PowerOn();
        bench.After(TimeSpan.FromSeconds(1.1));
        bench.Send("AT+CEREG=1\r");
        Assert.EndsWith(Ok, bench.After(TimeSpan.FromSeconds(0.1)), StringComparison.Ordinal);

        Assert.Contains("\r\n+CEREG: 2\r\n", bench.After(TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
        Assert.Contains(
            "\r\n^MODE: 17,17\r\n\r\n+E_UTRAN Service\r\n\r\n+CGEV: ME PDN ACT 1,0\r\n\r\n+CEREG: 1\r\n",
            bench.After(TimeSpan.FromSeconds(3)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denial_says_why_and_ends_when_it_is_taken_back()
    {
        await using var bench = new Bench("air780").Quiet();
        bench.Send("AT+CEREG=3\r");

        bench.Module.World.Mobile.DenyRegistration(11);
        Assert.EndsWith("\r\n+CEREG: 3,,,,0,11\r\n", Before(bench.Take(), "\r\n+PDP"), StringComparison.Ordinal);
        Assert.Equal("\r\n+CEREG: 3,3,,,,0,11\r\n" + Ok, bench.Send("AT+CEREG?\r"));
        bench.Module.World.Mobile.AllowRegistration();

        Assert.EndsWith("\r\n+CEREG: 1,\"1863\",\"0183db22\",7\r\n", bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_roam_and_forbidden_networks_turn_away()
    {
        var mobile = new MobileWorld();
        mobile.AddOperator(new MobileOperator { Code = "310260", LongName = "T-Mobile", Admission = MobileAdmission.Roaming });
        mobile.AddOperator(new MobileOperator { Code = "46001", LongName = "CHN-UNICOM", ShortName = "UNICOM", Admission = MobileAdmission.Forbidden });
        mobile.AddCell(new MobileCell { Operator = "310260" });
        mobile.AddCell(new MobileCell { Operator = "46001", Id = 7, Signal = new(-70, -8, 20) });
        await using var bench = In(mobile);

        Assert.Equal("\r\n+CEREG: 0,5\r\n" + Ok, bench.Send("AT+CEREG?\r"));
        Assert.Equal("\r\n+COPS: (3,\"CHN-UNICOM\",\"UNICOM\",\"46001\",7),(2,\"T-Mobile\",\"\",\"310260\",7),,(0,1,2,3,4),(0,1,2)\r\n" + Ok, bench.Send("AT+COPS=?\r"));
        Assert.EndsWith("\r\n+CME ERROR: 111\r\n", bench.Send("AT+COPS=1,2,\"46001\"\r"), StringComparison.Ordinal);
        Assert.EndsWith("\r\n+CME ERROR: 30\r\n", bench.Send("AT+COPS=1,2,\"00101\"\r"), StringComparison.Ordinal);
        Assert.StartsWith(Ok, bench.Send("AT+COPS=0\r"), StringComparison.Ordinal);
        Assert.Equal("\r\n+CEREG: 0,5\r\n" + Ok, bench.Send("AT+CEREG?\r"));
    }

    [Fact]
    public async Task A_search_takes_minutes_and_any_character_ends_it()
    {
        await using var bench = new Bench("air780", options => options with { Timings = ModuleTimings.Typical });
        bench.Send("ATE0\r");
        bench.After(TimeSpan.FromSeconds(1));

        bench.Send("AT+COPS=?\r");
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(80)));
        Assert.StartsWith("\r\n+COPS: (2,\"CHINA MOBILE\"", bench.After(TimeSpan.FromSeconds(11)), StringComparison.Ordinal);
        bench.Send("AT+COPS=?\r\n");
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
        Assert.Equal(Ok, bench.Send(" "));
    }

    [Fact]
    public async Task Names_may_come_in_ucs2()
    {
        await using var bench = new Bench("air780", options => options with
        {
            Switches = new Dictionary<string, string> { ["operator-names"] = "ucs2" },
        }).Quiet();

        Assert.Contains("\"0043004D00430043\"", bench.Send("AT+COPS=?\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coverage_that_is_lost_leaves_a_link_standing_for_a_while()
    {
        await using var bench = new Bench("air780", options => options with
        {
            Timings = ModuleTimings.Instant with
            {
                Cellular = CellularTimings.Instant with { ContextHold = TimeSpan.FromSeconds(30) },
            },
        }).Quiet();
        InMemoryListener server = bench.Network.Listen("10.0.0.2", 80);
        bench.Send("AT+CIPSTART=TCP,10.0.0.2,80\r");
        InMemoryPeer peer = bench.Accept(server);

        bench.Module.World.Mobile.LoseCoverage();
        Assert.Equal("\r\n^MODE: 0,0\r\n\r\n+NO Service\r\n", bench.Take());
        bench.Write(peer, "late");
        bench.Send("AT+CIPSEND=2\r\n");
        Assert.Equal("\r\nSEND OK\r\n", bench.Send("up"));
        Assert.Equal("\r\n+CIPACK: 2,0,2\r\n" + Ok, bench.Send("AT+CIPACK\r"));
        bench.After(TimeSpan.FromSeconds(20));
        bench.Module.World.Mobile.RestoreCoverage();

        Assert.EndsWith("\r\n+E_UTRAN Service\r\nlate\r\n", bench.Take(), StringComparison.Ordinal);
        Assert.Equal("up", bench.Read(peer));
        bench.Module.World.Mobile.LoseCoverage();
        Assert.EndsWith("\r\n+CGEV: ME PDN DEACT 1\r\n\r\n+PDP DEACT\r\n", bench.After(TimeSpan.FromSeconds(31)), StringComparison.Ordinal);
        Assert.Equal(Ok + "\r\nSTATE: PDP DEACT\r\n", bench.Send("AT+CIPSTATUS\r"));
    }

    [Theory]
    [InlineData("AT+CSTT=\"private\",\"u\",\"p\"", Ok)]
    [InlineData("AT+CSTT=\"private\",\"u\",\"wrong\"", "\r\n+PDP: DEACT\r\n\r\n+CME ERROR: 65535\r\n")]
    [InlineData("AT+CSTT=\"nosuch\"", "\r\n+PDP: DEACT\r\n\r\n+CME ERROR: 65535\r\n")]
    [InlineData("AT+CSTT=\"\",\"\",\"\"", Ok)]
    public async Task A_network_takes_the_names_that_it_knows(string line, string answer)
    {
        var mobile = new MobileWorld();
        mobile.AddOperator(new MobileOperator
        {
            Code = "46000", Apns = [new MobileApn("private") { User = "u", Password = "p" }],
        });
        mobile.AddCell(new MobileCell { Operator = "46000" });
        await using var bench = In(mobile);
        Assert.Equal(Ok, bench.Send(line + "\r"));

        Assert.Equal(answer, bench.Send("AT+CIICR\r"));
    }

    [Fact]
    public async Task Detaching_takes_the_stack_down()
    {
        await using var bench = new Bench("air780").Quiet();
        bench.Send("AT+CSTT\r");
        bench.Send("AT+CIICR\r");
        bench.Send("AT+CIFSR\r");

        Assert.Equal(Ok + "\r\n+PDP DEACT\r\n", bench.Send("AT+CGATT=0\r"));
        Assert.Equal("\r\n+CGATT: 0\r\n" + Ok, bench.Send("AT+CGATT?\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+CIFSR\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+CSTT\r"));
        Assert.Equal(Ok + "\r\n+CGEV: ME PDN ACT 1,0\r\n", bench.Send("AT+CGATT=1\r"));
        Assert.Equal("\r\nSHUT OK\r\n", bench.Send("AT+CIPSHUT\r"));
        Assert.Equal(Ok, bench.Send("AT+CSTT\r"));
    }

    private static Bench In(MobileWorld mobile) => new Bench(
        "air780", options => options with { World = new SimulatedWorld { Mobile = mobile } }).Quiet();

    private static string Before(string text, string mark) => text.Split(mark)[0];
}
