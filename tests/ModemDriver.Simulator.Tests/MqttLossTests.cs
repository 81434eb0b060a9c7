namespace ModemDriver.Simulator.Tests;

/// <summary>The MQTT client when something is missing, goes or comes back, and what builds differ in.</summary>
public sealed class MqttLossTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Lost = "+MQTTDISCONNECTED:0\r\n";
    private const string Back = "+MQTTCONNECTED:0,1,\"192.168.1.10\",\"1883\",\"\",1\r\n";

    [Theory]
    [InlineData("on", false, true)]
    [InlineData("on", true, false)]
    [InlineData("off", false, false)]
    public async Task A_lost_broker_is_sought_again(string resubscribes, bool hasSession, bool isSubscribed)
    {
        await using Bench bench = With("mqtt-resubscribes", resubscribes);
        var broker = new MqttBroker(bench);
        string introduction = broker.Connect(reconnects: 1, settings: "0,1,\"\",\"\"");
        broker.Subscribe("dev1/cmd", 1);
        broker.Peer.Dispose();
        Assert.Equal(Lost, bench.Take());

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(2.9)));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(0.2)));
        Assert.Equal(introduction, broker.Accept());
        Assert.Equal(Back, broker.Answer($"\u0020\u0002{(hasSession ? '\u0001' : '\0')}\0"));

        Assert.Equal(
            isSubscribed ? MqttBroker.Packet(0x82, "\0\u0002" + MqttBroker.Text("dev1/cmd") + "\u0001") : "",
            System.Text.Encoding.Latin1.GetString(broker.Peer.TakeReceived()));
        Assert.Equal(
            "+MQTTCONN:0,6,1,\"192.168.1.10\",\"1883\",\"\",1\r\n" + Ok, bench.Command("AT+MQTTCONN?"));
    }

    [Fact]
    public async Task A_broker_that_stays_away_is_tried_for_ever_until_the_client_is_cleaned()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1);
        bench.Network.Refuse(MqttBroker.Address, 1883);
        broker.Peer.Dispose();
        Assert.Equal(Lost, bench.After(TimeSpan.FromMinutes(1)));
        Assert.Equal("\r\nERROR\r\n", bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,1"));

        broker = new MqttBroker(bench);
        _ = bench.After(TimeSpan.FromSeconds(4));
        _ = broker.Accept();
        Assert.Equal(Back, broker.Answer(MqttBroker.Accepted));
        broker.Peer.Reset();
        Assert.Equal(Lost, bench.Take());
        Assert.Equal(Ok, bench.Command("AT+MQTTCLEAN=0"));
        Assert.Equal("", bench.After(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task What_was_not_acknowledged_goes_out_again_in_the_same_session()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1, settings: "0,1,\"\",\"\"");
        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"x\",1,0"));
        Assert.Equal(MqttBroker.Publish(2, "t", 1, "x"), broker.Read());
        broker.Peer.Reset();
        Assert.Equal(Lost + Error, bench.Take());
        _ = bench.After(TimeSpan.FromSeconds(3.1));
        _ = broker.Accept();
        Assert.Equal(Back, broker.Answer("\u0020\u0002\u0001\0"));

        Assert.Equal(MqttBroker.Publish(2 | 8, "t", 1, "x"), broker.Read());
        Assert.Equal("", broker.Answer("\u0040\u0002\0\u0001"));
        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"y\",2,0"));
        _ = broker.Read();
        Assert.Equal("", broker.Answer("\u0050\u0002\0\u0002"));
        broker.Peer.Reset();
        Assert.Equal(Lost + Error, bench.Take());
        _ = bench.After(TimeSpan.FromSeconds(3.1));
        _ = broker.Accept();
        Assert.Equal(Back, broker.Answer("\u0020\u0002\u0001\0"));
        Assert.Equal("\u0062\u0002\0\u0002", broker.Read());
    }

    [Fact]
    public async Task A_clean_session_forgets_what_was_not_acknowledged()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1, settings: "0,0,\"\",\"\"");
        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"x\",1,0"));
        broker.Peer.Reset();
        Assert.Equal(Lost + Error, bench.Take());
        _ = bench.After(TimeSpan.FromSeconds(3.1));
        _ = broker.Accept();
        Assert.Equal(Back, broker.Answer(MqttBroker.Accepted));

        Assert.True(broker.IsSilent);
    }

    [Fact]
    public async Task The_air_takes_the_connection_along_and_brings_it_back()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1);
        AccessPoint lost = bench.Module.World.AccessPoints[0];

        _ = bench.Module.World.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        Assert.Equal("WIFI DISCONNECT\r\n" + Lost, bench.Take());
        Assert.True(broker.IsBroken);
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
        bench.Module.World.AddAccessPoint(lost);
        Assert.Equal("WIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromSeconds(6)));
        _ = broker.Accept();
        Assert.Equal(Back, broker.Answer(MqttBroker.Accepted));
    }

    [Theory]
    [InlineData("disconnect-first", Lost + Ok)]
    [InlineData("ok-first", Ok + Lost)]
    public async Task The_answer_to_a_clean_has_one_of_two_orders(string order, string answer)
    {
        await using Bench bench = With("mqtt-clean-order", order);
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1);

        Assert.Equal(answer, bench.Command("AT+MQTTCLEAN=0"));

        Assert.Equal(MqttBroker.Farewell, broker.Read());
        Assert.Equal("", bench.Read(broker.Peer));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("split", "+MQTTSUBRECV:0,\"a\",512,{0}\r\n+MQTTSUBRECV:0,\"a\",512,{0}\r\n+MQTTSUBRECV:0,\"a\",1,x\r\n")]
    [InlineData(
        "split-without-topic",
        "+MQTTSUBRECV:0,\"a\",512,{0}\r\n+MQTTSUBRECV:0,\"\",512,{0}\r\n+MQTTSUBRECV:0,\"\",1,x\r\n")]
    [InlineData("whole", "+MQTTSUBRECV:0,\"a\",1025,{0}{0}x\r\n")]
    public async Task A_long_message_comes_in_pieces_or_whole(string value, string expected)
    {
        await using Bench bench = With("mqtt-long-message", value);
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(
            expected.Replace("{0}", new string('x', 512), StringComparison.Ordinal),
            broker.Answer(MqttBroker.Publish(0, "a", 0, new string('x', 1025))));
        Assert.Equal(
            $"+MQTTSUBRECV:0,\"a\",512,{new string('y', 512)}\r\n",
            broker.Answer(MqttBroker.Publish(0, "a", 0, new string('y', 512))));
    }

    [Fact]
    public async Task An_ESP32_gives_a_long_message_whole()
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(
            $"+MQTTSUBRECV:0,\"a\",1025,{new string('x', 1025)}\r\n",
            broker.Answer(MqttBroker.Publish(0, "a", 0, new string('x', 1025))));
    }

    [Theory]
    [InlineData("with-ok", "\r\nOK\r\n\r\n>", "+MQTTSUBRECV:0,\"a\",1,m\r\n", "")]
    [InlineData("later", "\r\nOK\r\n", "+MQTTSUBRECV:0,\"a\",1,m\r\n", "\r\n>")]
    public async Task A_message_may_slip_in_before_the_prompt(string value, string first, string message, string then)
    {
        await using Bench bench = With("mqtt-prompt", value);
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(first, bench.Command("AT+MQTTPUBRAW=0,\"t\",1,0,0"));
        Assert.Equal(message, broker.Answer(MqttBroker.Publish(0, "a", 0, "m")));
        Assert.Equal(then, bench.After(TimeSpan.FromMilliseconds(25)));
        Assert.Equal("+MQTTPUB:OK\r\n", bench.Send("x"));
    }

    [Theory]
    [InlineData("error", Error)]
    [InlineData("disconnect-first", Lost + Error)]
    public async Task A_failed_connect_says_one_or_the_other(string value, string answer)
    {
        await using Bench bench = With("mqtt-failed-connect", value);
        const string Connect = "AT+MQTTCONN=0,\"192.168.1.10\",1883,1";
        _ = bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\"");

        Assert.Equal(answer, bench.Command(Connect)); // Nobody listens.
        bench.Network.BlackHole(MqttBroker.Address, 1883);
        Assert.Equal("", bench.Command(Connect));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(14.9)));
        Assert.Equal(answer, bench.After(TimeSpan.FromSeconds(0.2)));
        bench.Network.Refuse(MqttBroker.Address, 1883);
        var broker = new MqttBroker(bench);
        Assert.Equal("", bench.Command(Connect));
        _ = broker.Accept();
        Assert.Equal(answer, broker.Answer("\u0020\u0002\0\u0005")); // not authorized
        Assert.Equal("", bench.Command(Connect));
        _ = broker.Accept();
        Assert.Equal(answer, broker.Answer("\u0020\u00ff\u00ff\u00ff\u00ff")); // no length

        // It does not go on by itself, and may be told again.
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(10)));
        Assert.StartsWith("+MQTTCONN:0,1,", bench.Command("AT+MQTTCONN?"), StringComparison.Ordinal);
        _ = broker.Connect();
    }

    [Fact]
    public async Task A_slow_line_holds_the_broker_back_and_loses_nothing()
    {
        await using var bench = new Bench("esp-at", options => options with { Unpaced = false, BitRate = 9600 });
        foreach (string line in new[] { "ATE0", "AT+CWJAP=\"ModemDriver\",\"simulated!\"" })
        {
            bench.Host.Send(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"));
            _ = bench.Until("\r\nOK\r\n", TimeSpan.FromMilliseconds(1));
            _ = bench.Take();
        }

        var broker = new MqttBroker(bench);
        bench.Host.Send("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\"\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        bench.Host.Send("AT+MQTTCONN=0,\"192.168.1.10\",1883,0\r\n"u8);
        _ = bench.After(TimeSpan.FromMilliseconds(100));
        _ = broker.Accept();
        _ = broker.Answer(MqttBroker.Accepted);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();

        // Twenty messages of 500 bytes: eleven seconds of line.
        string[] data = [.. Enumerable.Range(1, 20).Select(i => new string((char)('a' + i), 500))];
        _ = broker.Answer(string.Concat(data.Select((text, i) => MqttBroker.Publish(2, "t", i + 1, text))));
        int acknowledged = broker.Peer.TakeReceived().Length / 4;
        Assert.InRange(acknowledged, 1, 8);
        string said = bench.After(TimeSpan.FromSeconds(12));

        Assert.Equal(string.Concat(data.Select(text => $"+MQTTSUBRECV:0,\"t\",500,{text}\r\n")), said);
        Assert.Equal(20 - acknowledged, broker.Peer.TakeReceived().Length / 4);
        Assert.Equal(0, bench.Module.LostBytes);
    }

    [Fact]
    public async Task A_fault_fails_a_raw_publish_that_has_arrived()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        bench.Module.Faults.Add(Faults.Fault.SendFail(1));
        bench.Command("AT+MQTTPUBRAW=0,\"t\",1,0,0");

        Assert.Equal("+MQTTPUB:FAIL\r\n", bench.Send("x"));
        Assert.Equal(MqttBroker.Publish(0, "t", 0, "x"), broker.Read());
        bench.Command("AT+MQTTPUBRAW=0,\"t\",1,0,0");
        Assert.Equal("+MQTTPUB:OK\r\n", bench.Send("x"));
    }

    [Fact]
    public async Task Without_an_address_there_is_no_connection()
    {
        await using var bench = new Bench().Quiet();
        _ = bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\"");
        _ = new MqttBroker(bench);

        Assert.Equal(Error, bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,1"));
    }

    private static Bench With(string name, string value) => new Bench("esp-at", options => options with
    {
        Switches = new Dictionary<string, string> { [name] = value },
    }).Online();
}
