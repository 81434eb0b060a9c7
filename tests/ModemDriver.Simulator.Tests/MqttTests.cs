namespace ModemDriver.Simulator.Tests;

/// <summary>The module's MQTT client: its connection, both directions, and what it says by itself. The broker's end is
/// written down byte by byte.</summary>
public sealed class MqttTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Prompt = "\r\nOK\r\n\r\n>";
    private const string Lost = "+MQTTDISCONNECTED:0\r\n";

    [Fact]
    public async Task A_client_introduces_itself_as_it_was_told()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        Assert.Equal(Ok, bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"user\",\"secret\",0,0,\"/p\""));
        Assert.Equal(Ok, bench.Command("AT+MQTTCONNCFG=0,60,0,\"dev1/state\",\"off\\,line\",1,1"));
        Assert.Equal("", bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,1"));

        // User, password, will with retain and QoS 1, clean session; 60 seconds.
        Assert.Equal(
            MqttBroker.Packet(0x10, "\0\u0004MQTT\u0004\u00ee\0\u003c" + MqttBroker.Text("dev1")
                + MqttBroker.Text("dev1/state") + MqttBroker.Text("off,line")
                + MqttBroker.Text("user") + MqttBroker.Text("secret")),
            broker.Accept());
        Assert.Equal("+MQTTCONNECTED:0,1,\"192.168.1.10\",\"1883\",\"/p\",1\r\n" + Ok, broker.Answer(MqttBroker.Accepted));
    }

    [Theory]
    [InlineData("", "\u0002\0\u0078")] // clean session, 120 seconds
    [InlineData("0,1,\"\",\"\"", "\0\0\u0078")]
    [InlineData("7200,0,\"\",\"\"", "\u0002\u001c\u0020")]
    [InlineData("10,0,\"\",\"ignored\",2,1", "\u0002\0\u000a")]
    [InlineData("10,0,\"w\",\"m\",2", "\u0016\0\u000a")]
    public async Task What_is_not_set_is_not_sent(string settings, string flagsAndKeepAlive)
    {
        await using var bench = new Bench().Online();

        string introduction = new MqttBroker(bench).Connect(settings: settings);

        string will = settings.Contains("\"w\"", StringComparison.Ordinal)
            ? MqttBroker.Text("w") + MqttBroker.Text("m")
            : "";
        Assert.Equal(
            MqttBroker.Packet(0x10, "\0\u0004MQTT\u0004" + flagsAndKeepAlive + MqttBroker.Text("dev1") + will),
            introduction);
    }

    [Fact]
    public async Task The_state_is_told_at_every_step()
    {
        await using var bench = new Bench().Online();
        string Asked() => bench.Command("AT+MQTTCONN?");
        Assert.Equal("+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n" + Ok, Asked());
        Assert.Equal("+MQTTSUB:0,0,\"\",0\r\n" + Ok, bench.Command("AT+MQTTSUB?"));
        _ = bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\"");
        Assert.Equal("+MQTTCONN:0,1,1,\"\",\"\",\"\",0\r\n" + Ok, Asked());
        _ = bench.Command("AT+MQTTCONNCFG=0,0,0,\"\",\"\"");
        Assert.Equal("+MQTTCONN:0,2,1,\"\",\"\",\"\",0\r\n" + Ok, Asked());
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        Assert.Equal("+MQTTCONN:0,4,1,\"192.168.1.10\",\"1883\",\"\",0\r\n" + Ok, Asked());
        broker.Subscribe("a/#", 1);
        broker.Subscribe("b", 0, id: 2);
        Assert.Equal("+MQTTCONN:0,6,1,\"192.168.1.10\",\"1883\",\"\",0\r\n" + Ok, Asked());
        Assert.Equal("+MQTTSUB:0,6,\"a/#\",1\r\n+MQTTSUB:0,6,\"b\",0\r\n" + Ok, bench.Command("AT+MQTTSUB?"));
        foreach ((string topic, int id) in new[] { ("a/#", 3), ("b", 4) })
        {
            Assert.Equal("", bench.Command($"AT+MQTTUNSUB=0,\"{topic}\""));
            Assert.Equal(MqttBroker.Packet(0xA2, MqttBroker.Number(id) + MqttBroker.Text(topic)), broker.Read());
            Assert.Equal(Ok, broker.Answer(MqttBroker.Packet(0xB0, MqttBroker.Number(id))));
        }

        Assert.StartsWith("+MQTTCONN:0,5,", Asked(), StringComparison.Ordinal);
        broker.Peer.Dispose();
        Assert.Equal(Lost, bench.Take());
        Assert.Equal("+MQTTCONN:0,3,1,\"192.168.1.10\",\"1883\",\"\",0\r\n" + Ok, Asked());
        Assert.Equal(Ok, bench.Command("AT+MQTTCLEAN=0"));
        Assert.StartsWith("+MQTTCONN:0,0,", Asked(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publish_is_done_when_its_quality_of_service_is_served()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(Ok, bench.Command("AT+MQTTPUB=0,\"t\",\"on\\, \\\"really\\\"\",,1"));
        Assert.Equal(MqttBroker.Publish(1, "t", 0, "on, \"really\""), broker.Read());

        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"once or more\",1,0"));
        Assert.Equal(MqttBroker.Publish(2, "t", 1, "once or more"), broker.Read());
        Assert.Equal("\r\nbusy p...\r\n", bench.Command("AT"));
        Assert.Equal(Ok, broker.Answer("\u0040\u0002\0\u0001"));

        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"once\",2,0"));
        Assert.Equal(MqttBroker.Publish(4, "t", 2, "once"), broker.Read());
        Assert.Equal("", broker.Answer("\u0050\u0002\0\u0002"));
        Assert.Equal("\u0062\u0002\0\u0002", broker.Read());
        Assert.Equal(Ok, broker.Answer("\u0070\u0002\0\u0002"));
    }

    [Fact]
    public async Task A_raw_publish_takes_any_bytes_and_nothing_gives_it_up()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(Prompt, bench.Command("AT+MQTTPUBRAW=0,\"t\",9,1,0"));
        Assert.Equal("", bench.Send("\0\u0001\u00ff\r\n\\"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(50)));
        Assert.Equal("", bench.Send("+++"));
        Assert.Equal(MqttBroker.Publish(2, "t", 1, "\0\u0001\u00ff\r\n\\+++"), broker.Read());
        Assert.Equal("+MQTTPUB:OK\r\n", broker.Answer("\u0040\u0002\0\u0001"));

        Assert.Equal(Prompt, bench.Command("AT+MQTTPUBRAW=0,\"t\",2,0,0"));
        broker.Peer.Reset();
        Assert.Equal(Lost, bench.Take());
        Assert.Equal("+MQTTPUB:FAIL\r\n", bench.Send("hi"));
        Assert.Equal(Error, bench.Command("AT+MQTTPUBRAW=0,\"t\",2,0,0"));
    }

    [Theory]
    [InlineData("esp-at", 0, 506, true)] // 512 with type, length and topic
    [InlineData("esp-at", 0, 507, false)]
    [InlineData("esp-at", 1, 505, false)]
    [InlineData("esp-at-esp32", 0, 32_768, true)]
    [InlineData("esp-at-esp32", 0, 32_769, false)]
    public async Task A_raw_publish_has_a_longest_length(string personality, int qos, int length, bool isTaken)
    {
        await using var bench = new Bench(personality).Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();

        Assert.Equal(isTaken ? Prompt : Error, bench.Command($"AT+MQTTPUBRAW=0,\"t\",{length},{qos},0"));
    }

    [Fact]
    public async Task A_message_is_said_and_acknowledged()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        broker.Subscribe("#", 2);

        Assert.Equal(
            "+MQTTSUBRECV:0,\"a\",8,a,\"b\"\r\nc\r\n", broker.Answer(MqttBroker.Publish(0, "a", 0, "a,\"b\"\r\nc")));
        Assert.Equal("+MQTTSUBRECV:0,\"a\",0,\r\n", broker.Answer(MqttBroker.Publish(1, "a", 0, "")));
        Assert.True(broker.IsSilent);
        Assert.Equal("+MQTTSUBRECV:0,\"a\",2,hi\r\n", broker.Answer(MqttBroker.Publish(2, "a", 7, "hi")));
        Assert.Equal("\u0040\u0002\0\u0007", broker.Read());

        // QoS 2: what comes again under the same number is the same, until it was released.
        string once = MqttBroker.Publish(4, "a", 8, "hi");
        Assert.Equal("+MQTTSUBRECV:0,\"a\",2,hi\r\n", broker.Answer(once));
        Assert.Equal("", broker.Answer(once));
        Assert.Equal("\u0050\u0002\0\u0008\u0050\u0002\0\u0008", broker.Read());
        Assert.Equal("", broker.Answer("\u0062\u0002\0\u0008"));
        Assert.Equal("\u0070\u0002\0\u0008", broker.Read());
        Assert.Equal("+MQTTSUBRECV:0,\"a\",2,hi\r\n", broker.Answer(once));
    }

    [Fact]
    public async Task Packets_may_be_cut_and_glued_anywhere()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        string packets = MqttBroker.Publish(0, "a", 0, new string('x', 200)) + MqttBroker.Publish(0, "b", 0, "y");
        string expected = $"+MQTTSUBRECV:0,\"a\",200,{new string('x', 200)}\r\n+MQTTSUBRECV:0,\"b\",1,y\r\n";

        Assert.Equal(expected, broker.Answer(packets));
        Assert.Equal(expected, string.Concat(packets.Select(one => broker.Answer($"{one}"))));
    }

    [Fact]
    public async Task A_command_fails_when_the_broker_does_not_answer_within_ten_seconds()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(settings: "0,0,\"\",\"\"");

        Assert.Equal("", bench.Command("AT+MQTTPUB=0,\"t\",\"x\",1,0"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(9)));
        Assert.Equal(Error, bench.After(TimeSpan.FromSeconds(2)));
        Assert.Equal("", bench.Command("AT+MQTTSUB=0,\"t\",1"));
        Assert.Equal(Error, bench.After(TimeSpan.FromSeconds(11)));
        Assert.Equal("", bench.Command("AT+MQTTSUB=0,\"t\",1"));
        _ = broker.Read();
        Assert.Equal(Error, broker.Answer(MqttBroker.Packet(0x90, MqttBroker.Number(3) + "\u0080")));
        Assert.Equal("+MQTTSUB:0,4,\"\",0\r\n" + Ok, bench.Command("AT+MQTTSUB?"));
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_command_fails_it()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        Assert.Equal("", bench.Command("AT+MQTTSUB=0,\"t\",1"));

        broker.Peer.Reset();

        Assert.Equal(Lost + Error, bench.Take());
    }

    [Fact]
    public async Task Ten_topics_are_the_most_and_one_that_is_known_is_no_news()
    {
        await using var bench = new Bench("esp-at", options => options with
        {
            Switches = new Dictionary<string, string> { ["log-on-at-port"] = "on" },
        }).Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        for (int i = 0; i < 10; i++)
        {
            broker.Subscribe($"t/{i}", 0, i + 1);
        }

        Assert.Equal(Error, bench.Command("AT+MQTTSUB=0,\"t/10\",0"));
        Assert.Equal("ALREADY SUBSCRIBE\r\r\n" + Ok, bench.Command("AT+MQTTSUB=0,\"t/3\",0"));
        Assert.Equal("NO UNSUBSCRIBE\r\r\n" + Ok, bench.Command("AT+MQTTUNSUB=0,\"t/10\""));
        Assert.True(broker.IsSilent);
    }

    [Fact]
    public async Task A_client_says_that_it_is_alive_and_gives_a_silent_broker_up()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(settings: "20,0,\"\",\"\"");

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(9.9)));
        Assert.True(broker.IsSilent);
        _ = bench.After(TimeSpan.FromSeconds(0.2));
        Assert.Equal(MqttBroker.Ping, broker.Read());
        Assert.Equal("", broker.Answer(MqttBroker.Pong));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(11)));
        Assert.Equal(MqttBroker.Ping, broker.Read());
        Assert.Equal(Lost, bench.After(TimeSpan.FromSeconds(11)));
    }

    [Theory]
    [InlineData("esp-at", false)]
    [InlineData("esp-at-2.1", false)]
    [InlineData("esp-at-2.3", true)]
    [InlineData("esp-at-esp32", true)]
    public async Task Long_names_come_as_payload_where_the_release_has_that(string personality, bool hasLong)
    {
        await using var bench = new Bench(personality).Online();
        var broker = new MqttBroker(bench);
        string id = new('i', 1000);
        _ = bench.Command("AT+MQTTUSERCFG=0,1,\"\",\"\",\"\",0,0,\"\"");
        Assert.Equal(Ok, bench.Command("AT+MQTTCLIENTID=0,\"c\""));
        Assert.Equal(Ok, bench.Command("AT+MQTTUSERNAME=0,\"u\""));
        Assert.Equal(Ok, bench.Command("AT+MQTTPASSWORD=0,\"p\""));
        Assert.Equal(hasLong ? Prompt : Error, bench.Command("AT+MQTTLONGCLIENTID=0,1000"));
        if (hasLong)
        {
            Assert.Equal(Ok, bench.Send(id));
            Assert.Equal(Prompt, bench.Command("AT+MQTTLONGUSERNAME=0,3"));
            Assert.Equal(Ok, bench.Send("+++"));
            Assert.Equal(Prompt, bench.Command("AT+MQTTLONGPASSWORD=0,3"));
            Assert.Equal(Ok, bench.Send("\r\n\""));
            Assert.Equal(Error, bench.Command("AT+MQTTLONGCLIENTID=0,1025"));
        }

        _ = bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,0");

        string introduction = broker.Accept();
        Assert.EndsWith(
            hasLong
                ? MqttBroker.Text(id) + MqttBroker.Text("+++") + MqttBroker.Text("\r\n\"")
                : MqttBroker.Text("c") + MqttBroker.Text("u") + MqttBroker.Text("p"),
            introduction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    [InlineData("esp-at-2.0")]
    public async Task Older_releases_have_none_of_it(string personality)
    {
        await using var bench = new Bench(personality).Online();

        Assert.Equal(Error, bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\""));
        Assert.Equal(Error, bench.Command("AT+MQTTCONN?"));
    }

    [Theory]
    [InlineData("AT+MQTTCONN=0,\"192.168.1.10\",1883,0", 0x6001)]
    [InlineData("AT+MQTTCONNCFG=0,0,0,\"\",\"\"", 0x6001)]
    [InlineData("AT+MQTTCONNCFG=0,0,0", 0x6008)]
    [InlineData("AT+MQTTCONN=0,\"192.168.1.10\",1883", 0x6008)]
    [InlineData("AT+MQTTPUB=0,\"t\",\"x\",0", 0x6008)]
    [InlineData("AT+MQTTSUB=0,\"t\"", 0x6008)]
    [InlineData("AT+MQTTPUB=0,\"t\",\"x\",0,0", 0x6003)]
    [InlineData("AT+MQTTCLEAN=0", 0x6003)]
    [InlineData("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\"", 0x6008)]
    [InlineData("AT+MQTTUSERCFG=1,1,\"dev1\",\"\",\"\",0,0,\"\"", 0x6011)]
    [InlineData("AT+MQTTUSERCFG=0,2,\"dev1\",\"\",\"\",0,0,\"\"", 0x6013)]
    [InlineData("AT+MQTTUSERCFG=0,6,\"dev1\",\"\",\"\",0,0,\"\"", 0x6013)] // WebSocket
    [InlineData("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",1,0,\"\"", 0x601E)]
    [InlineData("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"a path of more than thirty-two bytes\"", 0x6029)]
    [InlineData("AT+MQTTSUB=0,\"t\",3", 0x6048)]
    [InlineData("AT+MQTTPUB=0,\"\",\"x\",0,0", 0x6042)]
    public async Task A_failure_has_its_number_in_the_log(string command, int code)
    {
        await using var bench = new Bench().Online();
        _ = bench.Command("AT+SYSLOG=1");

        Assert.Equal($"ERR CODE:0x010a{code:x4}\r\n" + Error, bench.Command(command));
    }

    [Theory]
    [InlineData("AT+MQTTCONNCFG=0,7201,0,\"\",\"\"", 0)]
    [InlineData("AT+MQTTCONNCFG=0,7200,2,\"\",\"\"", 0)]
    [InlineData("AT+MQTTCONNCFG=0,0,0,\"{0}\",\"m\",0,0", 128)]
    [InlineData("AT+MQTTCONNCFG=0,0,0,\"w\",\"{0}\",0,0", 64)]
    [InlineData("AT+MQTTCONNCFG=0,0,0,\"w\",\"m\",3,0", 0)]
    [InlineData("AT+MQTTCONNCFG=0,0,0,\"w\",\"m\",0,2", 0)]
    [InlineData("AT+MQTTUSERCFG=0,1,\"c\",\"{0}\",\"\",0,0,\"\"", 64)]
    [InlineData("AT+MQTTUSERCFG=0,1,\"c\",\"\",\"{0}\",0,0,\"\"", 64)]
    [InlineData("AT+MQTTUSERCFG=0,1,\"c\",\"\",\"\",0,0,\"{0}\"", 32)]
    [InlineData("AT+MQTTCONN=0,\"h\",65536,0", 0)]
    [InlineData("AT+MQTTCONN=0,\"h\",1883,2", 0)]
    public async Task A_parameter_has_its_bounds(string command, int longest)
    {
        await using var bench = new Bench().Online();
        Assert.Equal(Ok, bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\""));
        string With(int length) =>
            command.Replace("{0}", new string('x', length), StringComparison.Ordinal);

        Assert.Equal(Error, bench.Command(With(longest + 1)));
        if (longest > 0)
        {
            Assert.Equal(Ok, bench.Command(With(longest)));
        }
    }

    [Theory]
    [InlineData("AT+MQTTSUB=0,\"{0}\",0")]
    [InlineData("AT+MQTTPUB=0,\"{0}\",\"x\",0,0")]
    [InlineData("AT+MQTTPUBRAW=0,\"{0}\",1,0,0")]
    public async Task A_topic_has_at_most_128_bytes(string command)
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect();
        string With(int length) => command.Replace("{0}", new string('t', length), StringComparison.Ordinal);

        Assert.Equal(Error, bench.Command(With(129)));
        Assert.NotEqual(Error, bench.Command(With(128)));
    }

    [Fact]
    public async Task Settings_have_their_time()
    {
        await using var bench = new Bench().Online();
        _ = bench.Command("AT+SYSLOG=1");
        var broker = new MqttBroker(bench);
        _ = bench.Command("AT+MQTTUSERCFG=0,1,\"\",\"\",\"\",0,0,\"\"");
        Assert.Equal("ERR CODE:0x010a6015\r\n" + Error, bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,0"));
        _ = broker.Connect();

        Assert.Equal("ERR CODE:0x010a6004\r\n" + Error, bench.Command("AT+MQTTUSERCFG=0,1,\"x\",\"\",\"\",0,0,\"\""));
        Assert.Equal("ERR CODE:0x010a6004\r\n" + Error, bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,0"));
        Assert.Equal("ERR CODE:0x010a6002\r\n" + Error, bench.Command("AT+MQTTCLIENTID=0,\"x\""));
        broker.Peer.Dispose();
        Assert.Equal(Lost, bench.Take());
        Assert.Equal("ERR CODE:0x010a6051\r\n" + Error, bench.Command("AT+MQTTPUB=0,\"t\",\"x\",0,0"));

        // Once it was connected, only MQTTCLEAN makes room for another connection.
        Assert.Equal("ERR CODE:0x010a6002\r\n" + Error, bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",1883,0"));
        Assert.Equal(Ok, bench.Command("AT+MQTTCLEAN=0"));
        _ = broker.Connect();
    }

    [Fact]
    public async Task A_reset_takes_the_client_along()
    {
        await using var bench = new Bench().Online();
        var broker = new MqttBroker(bench);
        _ = broker.Connect(reconnects: 1);

        Assert.StartsWith(Ok + "\r\nready\r\n", bench.Command("AT+RST"), StringComparison.Ordinal);

        Assert.True(broker.IsBroken);
        _ = bench.After(TimeSpan.FromSeconds(20));
        Assert.EndsWith("+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n" + Ok, bench.Command("AT+MQTTCONN?"), StringComparison.Ordinal);
    }
}
