namespace ModemDriver.Simulator.Tests;

public class MobileWorldTests
{
    [Fact]
    public async Task What_networks_do_they_do_to_every_module_of_the_world()
    {
        var world = new SimulatedWorld();
        await using Bench first = In(world);
        await using Bench second = In(world);
        Assert.Contains("\"10.74.149.48\"", first.Send("AT+CGPADDR\r"), StringComparison.Ordinal);
        Assert.Contains("\"10.74.149.49\"", second.Send("AT+CGPADDR\r"), StringComparison.Ordinal);

        world.Mobile.DeactivateContexts();
        Assert.Equal("\r\n+CGEV: NW PDN DEACT 1\r\n", first.Take());
        Assert.Equal("\r\n+CGEV: NW PDN DEACT 1\r\n", second.Take());
        world.Mobile.Detach();

        Assert.Equal("\r\n+CGEV: NW DETACH\r\n", first.Take());
        Assert.Equal("\r\n+CGEV: NW DETACH\r\n", second.Take());
        Assert.Equal("\r\n+CGATT: 0\r\n\r\nOK\r\n", first.Send("AT+CGATT?\r"));
        Assert.EndsWith("\r\n+CGEV: ME PDN ACT 1,0\r\n", first.Send("AT+CGATT=1\r"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_goes_takes_its_modules_along_and_another_takes_them()
    {
        var world = new SimulatedWorld();
        await using Bench bench = In(world);

        world.Mobile.RemoveOperator("46000");
        Assert.Contains("+NO Service", bench.Take(), StringComparison.Ordinal);
        Assert.Equal("\r\n+CEREG: 0,3\r\n\r\nOK\r\n", bench.Send("AT+CEREG?\r"));
        world.Mobile.AddOperator(new MobileOperator { Code = "46001", Admission = MobileAdmission.Roaming });

        Assert.Contains("+E_UTRAN Service", bench.Take(), StringComparison.Ordinal);
        Assert.Equal("\r\n+CEREG: 0,5\r\n\r\nOK\r\n", bench.Send("AT+CEREG?\r"));
    }

    [Fact]
    public async Task A_module_moves_to_the_cell_that_is_stronger()
    {
        var world = new SimulatedWorld();
        await using Bench bench = In(world);
        bench.Send("AT+CEREG=2\r");

        world.Mobile.AddCell(new MobileCell { Operator = "46000", Id = 0x1234567, AreaCode = 0xAB, Signal = new(-70, -7, 25) });

        Assert.Equal("\r\n+CEREG: 1,\"00AB\",\"01234567\",7\r\n", bench.Take());
        Assert.Equal("\r\n+CESQ: 99,99,255,255,26,71\r\n\r\nOK\r\n", bench.Send("AT+CESQ\r"));
    }

    [Theory]
    [InlineData("4600")]
    [InlineData("4600000")]
    [InlineData("CMCC0")]
    public void A_code_has_five_or_six_digits(string code) =>
        Assert.Throws<ArgumentException>(() => new MobileWorld().AddOperator(new MobileOperator { Code = code }));

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void A_cause_has_eight_bits(int cause) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MobileWorld().DenyRegistration(cause));

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public void A_cause_within_them_is_taken(int cause)
    {
        var world = new MobileWorld();
        world.DenyRegistration(cause);

        Assert.Equal(cause, world.DenialCause);
    }

    [Fact]
    public async Task An_older_module_takes_what_there_is_of_gsm()
    {
        var mobile = new MobileWorld();
        mobile.AddOperator(new MobileOperator { Code = "46000" });
        mobile.AddCell(new MobileCell { Operator = "46000", Technology = MobileTechnology.Gsm });
        var world = new SimulatedWorld { Mobile = mobile };
        await using var older = new Bench("air820", options => options with { World = world }).Quiet();
        await using Bench newer = In(world);

        Assert.Equal("\r\n+COPS: 0,2,\"46000\",0\r\n\r\nOK\r\n", older.Send("AT+COPS?\r"));
        Assert.Equal("\r\n+COPS: 0\r\n\r\nOK\r\n", newer.Send("AT+COPS?\r"));
    }

    private static Bench In(SimulatedWorld world) =>
        new Bench("air780", options => options with { World = world }).Quiet();
}
