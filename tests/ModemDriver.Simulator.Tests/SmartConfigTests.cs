namespace ModemDriver.Simulator.Tests;

/// <summary>A module that is told its network by a telephone.</summary>
public class SmartConfigTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    private static readonly SmartConfigMessage Message = new()
    {
        Ssid = SimulatedWorld.DefaultSsid, Password = SimulatedWorld.DefaultPassword,
    };

    [Theory]
    [InlineData("esp-at", "")]
    [InlineData("esp-at", "=1")]
    [InlineData("esp-at-1.7", "=3")]
    public async Task It_joins_what_it_was_told_and_does_so_at_the_next_boot(string personality, string type)
    {
        await using Bench bench = new Bench(personality).Quiet();
        Assert.Equal(Ok, bench.Command("AT+CWSTARTSMART" + type));

        bench.Module.World.Send(Message);

        Assert.Equal(
            "smartconfig type:ESPTOUCH\r\nSmart get wifi info\r\nssid:ModemDriver\r\npassword:simulated!\r\n"
            + "WIFI CONNECTED\r\nWIFI GOT IP\r\nsmartconfig connected wifi\r\n",
            bench.Take());
        Assert.Equal(Ok, bench.Command("AT+CWSTOPSMART"));
        Assert.Equal(Ok + "\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.Command("AT+RST"));
    }

    [Theory]
    [InlineData("=2", SmartConfigProtocol.Touch, "")]
    [InlineData("=2", SmartConfigProtocol.AirKiss, "AIRKISS")]
    [InlineData("", SmartConfigProtocol.AirKiss, "AIRKISS")]
    [InlineData("", SmartConfigProtocol.TouchV2, "")]
    [InlineData("=4", SmartConfigProtocol.TouchV2, "ESPTOUCH_V2")]
    public async Task It_understands_the_protocols_that_it_was_told_to(
        string type, SmartConfigProtocol protocol, string shown)
    {
        await using Bench bench = new Bench("esp-at-esp32").Quiet();
        bench.Command("AT+CWSTARTSMART" + type);

        bench.Module.World.Send(Message with { Protocol = protocol, Data = "a,b" });

        string said = bench.Take();
        Assert.StartsWith(shown.Length == 0 ? "" : $"smartconfig type:{shown}\r\n", said, StringComparison.Ordinal);
        Assert.Equal(shown.Length == 0, said.Length == 0);
        Assert.Equal(shown == "ESPTOUCH_V2", said.Contains("+SCRD:3,a,b\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_network_that_is_not_there_is_not_joined()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Command("AT+CWSTARTSMART");

        bench.Module.World.Send(Message with { Ssid = "elsewhere" });

        Assert.EndsWith("password:simulated!\r\n", bench.Take(), StringComparison.Ordinal);
        Assert.Equal(Ok, bench.Command("AT+CWJAP?"));
    }

    [Fact]
    public async Task Nobody_listens_before_it_was_told_to_or_after_it_was_stopped()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Module.World.Send(Message);
        Assert.Equal("", bench.Take());
        bench.Command("AT+CWSTARTSMART");
        Assert.Equal(Ok, bench.Command("AT+CWSTOPSMART"));
        bench.Module.World.Send(Message);
        Assert.Equal("", bench.Take());
        bench.Command("AT+CWSTARTSMART");
        bench.Module.Reset();
        bench.Take();
        bench.Module.World.Send(Message);
        Assert.Equal("", bench.Take());
    }

    [Theory]
    [InlineData("AT+CWMODE=3", "AT+CWSTARTSMART")]
    [InlineData("AT+CWMODE=1", "AT+CWSTARTSMART=0")]
    [InlineData("AT+CWMODE=1", "AT+CWSTARTSMART=4")]
    [InlineData("AT+CWMODE=1", "AT+CWSTOPSMART=1")]
    public async Task What_cannot_be_is_refused(string before, string line)
    {
        await using Bench bench = new Bench().Quiet();
        Assert.Equal(Ok, bench.Command(before));

        Assert.Equal(Error, bench.Command(line));
    }
}
