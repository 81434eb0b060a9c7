namespace ModemDriver.Simulator.Tests;

public class CellularSimTests
{
    private const string Ok = "\r\nOK\r\n";

    [Fact]
    public async Task Three_wrong_pins_want_the_puk_and_the_counters_belong_to_the_card()
    {
        var card = new SimCard { IsPinEnabled = true };
        await using var bench = Locked(card);

        Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CPIN=\"1111\"\r"));
        Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CPIN=1112\r"));
        Assert.Equal("\r\n+CPINR: SIM PIN,1,3\r\n+CPINR: SIM PUK,10,10\r\n" + Ok, bench.Send("AT+CPINR\r"));
        bench.Module.Reset();
        bench.Take();
        bench.Send("AT\r");
        bench.Send("ATE0\r");
        Assert.Equal(1, card.PinTriesLeft);
        Assert.Equal("\r\n+CME ERROR: 12\r\n", bench.Send("AT+CPIN=\"1113\"\r"));
        Assert.Equal("\r\n+CPIN: SIM PUK\r\n" + Ok, bench.Send("AT+CPIN?\r"));
        Assert.Equal("\r\n+CME ERROR: 12\r\n", bench.Send("AT+CPIN=\"1234\"\r"));

        await using var other = Locked(card);
        Assert.Equal("\r\n+CPIN: SIM PUK\r\n" + Ok, other.Send("AT+CPIN?\r"));
        Assert.Equal("\r\n+CME ERROR: 16\r\n", other.Send("AT+CPIN=\"11111111\",\"4321\"\r"));
        Assert.Equal(9, card.PukTriesLeft);
        Assert.StartsWith("\r\n+CPIN: READY\r\n" + Ok, other.Send("AT+CPIN=\"12345678\",\"4321\"\r"), StringComparison.Ordinal);
        Assert.Equal("4321", card.Pin);
        Assert.Equal((3, 10), (card.PinTriesLeft, card.PukTriesLeft));
    }

    [Fact]
    public async Task Ten_wrong_puks_are_the_end_of_the_card()
    {
        var card = new SimCard { IsPinEnabled = true, PinTriesLeft = 0 };
        await using var bench = Locked(card);

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CPIN=\"11111111\",\"1234\"\r"));
        }

        Assert.Equal("\r\n+CME ERROR: 13\r\n", bench.Send("AT+CPIN=\"12345678\",\"1234\"\r"));
        Assert.Equal("\r\n+CME ERROR: 13\r\n", bench.Send("AT+CPIN?\r"));
        Assert.Equal("\r\n+CSIM: 4,\"6983\"\r\n" + Ok, bench.Send("AT+CSIM=10,\"002C000100\"\r"));
    }

    [Fact]
    public async Task The_question_for_the_pin_is_switched_and_the_pin_is_changed()
    {
        var card = new SimCard();
        await using var bench = Locked(card);

        Assert.Equal("\r\n+CLCK: 0\r\n" + Ok, bench.Send("AT+CLCK=\"SC\",2\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+CPWD=\"SC\",\"1234\",\"4321\"\r"));
        Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CLCK=\"SC\",1,\"9999\"\r"));
        Assert.Equal(Ok, bench.Send("AT+CLCK=\"SC\",1,\"1234\"\r"));
        Assert.Equal("\r\n+CLCK: 1\r\n" + Ok, bench.Send("AT+CLCK=\"SC\",2\r"));
        Assert.Equal("\r\n+CME ERROR: 16\r\n", bench.Send("AT+CPWD=\"SC\",\"9999\",\"4321\"\r"));
        Assert.Equal(Ok, bench.Send("AT+CPWD=\"SC\",\"1234\",\"4321\"\r"));
        Assert.Equal(("4321", true), (card.Pin, card.IsPinEnabled));
        bench.Module.Reset();
        Assert.Contains("\r\n+CPIN: SIM PIN\r\n", bench.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_pulled_takes_the_registration_along_and_a_new_one_needs_a_reset()
    {
        await using var bench = new Bench("air780").Quiet();
        bench.Send("AT+CREG=1\r");

        bench.Module.RemoveSim();
        Assert.Equal("\r\n^MODE: 0,0\r\n\r\n+NO Service\r\n\r\n+CREG: 0\r\n", bench.Take());
        Assert.Equal("\r\n+CME ERROR: 10\r\n", bench.Send("AT+CPIN?\r"));
        bench.Module.InsertSim(new SimCard());
        Assert.Equal("", bench.Take());
        Assert.Equal("\r\n+CME ERROR: 10\r\n", bench.Send("AT+CPIN?\r"));

        bench.Module.Reset();
        Assert.Contains("+CGEV: ME PDN ACT 1,0", bench.Take(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("line", "\r\n+CPIN: SIM REMOVED\r\n", "\r\n+CPIN: READY\r\n")]
    [InlineData("bare", "+CPIN: SIM REMOVED 0", "+CPIN: READY 0")]
    public async Task With_hot_plug_the_slot_tells_of_cards(string form, string removed, string ready)
    {
        await using var bench = new Bench("air780", options => options with
        {
            Switches = new Dictionary<string, string> { ["card-line"] = form },
        }).Quiet();
        Assert.Equal(Ok, bench.Send("AT+CSDT=1\r"));

        bench.Module.RemoveSim();
        Assert.EndsWith(removed, bench.Take(), StringComparison.Ordinal);
        bench.Module.InsertSim(new SimCard());

        Assert.StartsWith(ready, bench.Take(), StringComparison.Ordinal);
        Assert.Equal("\r\n+CEREG: 0,1\r\n" + Ok, bench.Send("AT+CEREG?\r"));
    }

    [Fact]
    public void No_code_of_a_card_stands_in_its_text() =>
        Assert.Equal("SIM 8986", new SimCard { Iccid = "8986" }.ToString());

    private static Bench Locked(SimCard card) =>
        new Bench("air780", options => options with { SimCard = card }).Quiet();
}
