using static ModemDriver.Simulator.Tests.LuatBench;

namespace ModemDriver.Simulator.Tests;

public class LuatBootTests
{
    private const string Banner = "^boot.rom\u0001'v\u0002\u0081\u007f'!\\n";

    private const string Found = "\r\n^MODE: 17,17\r\n\r\n+E_UTRAN Service\r\n\r\n+CGEV: ME PDN ACT 5\r\n\r\n+NITZ: ";

    [Theory]
    [InlineData("rdy-sms", "\r\nRDY\r\n\r\nSMS READY\r\n" + Found)]
    [InlineData("rdy-sms-uart", "\r\nRDY\r\n\r\nSMS READY\r\n\r\nUART Boot Completed\r\n" + Found)]
    [InlineData("rdy", "\r\nRDY\r\n" + Found)]
    public async Task The_older_generation_boots_in_one_of_these_orders(string order, string texts)
    {
        await using var bench = Make("air820", "boot-order", order);

        bench.Module.Reset();

        Assert.StartsWith(texts, bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_message_store_speaks_behind_the_registration()
    {
        await using var bench = Make("air820", "boot-order", "late-sms");

        bench.Module.Reset();
        string said = bench.Take();

        Assert.StartsWith("\r\nRDY\r\n" + Found, said, StringComparison.Ordinal);
        Assert.EndsWith("\r\nSMS READY\r\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local", "+NITZ: 00/01/01,08:00:00+32,0\r\n")]
    [InlineData("utc", "+NITZ: 2000/01/01,00:00:00+0,0\r\n")]
    [InlineData("empty", "+NITZ: 2000/01/01,00:00:00+0, \r\n")]
    public async Task The_time_is_told_in_one_of_these_forms(string form, string line)
    {
        await using var bench = Make("air780", "nitz-form", form);

        Assert.Equal(Ok, bench.Send("AT+RESET\r")[..Ok.Length]);
        bench.Module.Reset();

        Assert.EndsWith(line, bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_by_command_answers_first_and_forgets()
    {
        await using var bench = Make("air780", "first-lines-lost", "0").Given("AT+CREG=2", "AT+CIPQSEND=1");

        Assert.StartsWith(Ok + Banner + "\r\nRDY\r\n", bench.Send("AT+CFUN=1,1\r"), StringComparison.Ordinal);

        Assert.Equal("ATE0\r" + Ok, bench.Send("ATE0\r"));
        Assert.Equal("\r\n+CREG: 0,1\r\n" + Ok, bench.Send("AT+CREG?\r"));
        Assert.Equal("\r\n+CIPQSEND: 0\r\n" + Ok, bench.Send("AT+CIPQSEND?\r"));
        Assert.Equal("\r\n*EXINFO: 3\r\n" + Ok, bench.Send("AT*EXINFO?\r"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    public async Task So_many_lines_are_lost_after_a_boot(string lost)
    {
        await using var bench = Make("air780", "first-lines-lost", lost);
        bench.Module.Reset();
        bench.Take();

        for (int i = 0; i < int.Parse(lost, System.Globalization.CultureInfo.InvariantCulture); i++)
        {
            Assert.Equal("", bench.Send("AT\r"));
        }

        Assert.Equal("AT\r" + Ok, bench.Send("AT\r"));
    }

    [Fact]
    public async Task What_is_stored_outlives_a_reset_until_the_factory_comes_back()
    {
        await using var bench = Make("air780", "first-lines-lost", "0")
            .Given("AT+CMEE=2;&W", "AT+CIPHEAD=1", "AT+CIPRXGET=5", "AT+CIPSCONT", "AT+FSCREATE=a.txt");
        bench.Module.Reset();
        bench.Take();

        Assert.Equal("\r\n+CMEE :2\r\n" + Ok, bench.Send("AT+CMEE?\r"));
        Assert.Equal("\r\n+CIPHEAD: 1\r\n" + Ok, bench.Send("AT+CIPHEAD?\r"));
        Assert.Equal("\r\n+CIPRXGET: 5\r\n" + Ok, bench.Send("AT+CIPRXGET?\r"));
        Assert.Equal("\r\na.txt\r\n" + Ok, bench.Send("AT+FSLS=\"/\"\r"));
        bench.Given("AT+RSTSET");
        bench.Module.Reset();
        bench.Take();
        Assert.EndsWith("\r\n+CMEE :1\r\n" + Ok, bench.Send("AT+CMEE?\r"), StringComparison.Ordinal);
        Assert.EndsWith("\r\n+CIPHEAD: 0\r\n" + Ok, bench.Send("AT+CIPHEAD?\r"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AT+CPOWD=1", "\r\nNORMAL POWER DOWN\r\n")]
    [InlineData("AT+CPOWD=0", "")]
    public async Task A_module_that_is_switched_off_says_nothing_more(string line, string said)
    {
        await using var bench = Make("air780");

        Assert.Equal(said, bench.Send(line + "\r"));
        Assert.Equal("", bench.Send("AT\r"));
        bench.Module.Reset();
        Assert.StartsWith(Banner, bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_name_is_stored_and_used_at_once()
    {
        var mobile = new MobileWorld();
        mobile.AddOperator(new MobileOperator
        {
            Code = "46000", Apns = [new MobileApn("private") { User = "u", Password = "p" }],
        });
        mobile.AddCell(new MobileCell { Operator = "46000" });
        await using var bench = new Bench(
            "air780", options => options with { World = new SimulatedWorld { Mobile = mobile } }).Quiet();

        Assert.StartsWith(Ok + "\r\n^MODE: 0,0\r\n", bench.Send("AT+CPNETAPN=2,private,u,p,1\r"), StringComparison.Ordinal);
        Assert.Equal("\r\n+CGDCONT: 1,\"IP\",\"private\",\"10.74.149.49\"\r\n" + Ok, bench.Send("AT+CGDCONT?\r"));
        bench.Module.Reset();
        bench.Take();
        bench.Send("AT\r");
        Assert.EndsWith("\r\n+CGDCONT: 1,\"IP\",\"private\",\"10.74.149.50\"\r\n" + Ok, bench.Send("AT+CGDCONT?\r"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("air820", "AT+CGMM", "\r\nAir820UG\r\n")]
    [InlineData("air820", "AT+CGMR", "\r\nRevision: AirM2M_720U_V301849_LTE_AT\r\n")]
    [InlineData("air724", "ATI", "\r\nAirM2M_720U_V301849_LTE_AT\r\n")]
    [InlineData("air780ep", "AT+CGMM", "\r\n+CGMM: \"Air780EP\"\r\n")]
    [InlineData("air780ep", "AT+CGMI", "\r\n+CGMI: \"AirM2M\"\r\n")]
    [InlineData("air780ep", "AT^HVER", "\r\n^HVER: EC718\r\n")]
    [InlineData("air780", "AT+CGSN", "\r\n866714047310326\r\n")]
    [InlineData("air780", "AT+CIMI", "\r\n460041112345678\r\n")]
    [InlineData("air780", "AT+CCID", "\r\n898604A11123C0012345\r\n")]
    [InlineData("air780", "AT*GETIP=1", "\r\n+GETIP: 10.74.149.48,10.74.149.1\r\n")]
    [InlineData("air820", "AT+CGDCONT?", "\r\n+CGDCONT: 5,\"IP\",\"cmiot\",\"10.74.149.48\",0,0\r\n")]
    public async Task A_module_names_itself(string personality, string line, string answer)
    {
        await using var bench = Make(personality);

        Assert.Equal(answer + Ok, bench.Send(line + "\r"));
    }
}
