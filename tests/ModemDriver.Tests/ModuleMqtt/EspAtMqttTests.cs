using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.ModuleMqtt;

/// <summary>MQTT by the client of an ESP-AT module, on the wire, byte by byte.</summary>
public sealed class EspAtMqttTests
{
    private const string Up = "+MQTTCONNECTED:0,1,\"192.168.1.10\",\"1883\",\"\",0\r\n\r\nOK\r\n";

    private static readonly Firmware Esp32 = Firmware.EspAt23 with
    {
        Version = "AT version:3.2.0.0(s-ec4f9a2 - ESP32 - Apr 10 2024 05:40:12)\r\n",
    };

    internal static readonly ModuleMqttOptions Options = new("192.168.1.10", "dev1")
    {
        User = "user",
        Password = "se,cret",
        KeepAlive = TimeSpan.FromSeconds(60),
        Will = new ModuleMqttWill("dev1/state", "offline") { Qos = ModuleMqttQos.AtLeastOnce, Retain = true },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_session_is_opened_used_and_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        IModuleMqttClient mqtt = Connect(d);

        Ends(d, () => mqtt.SubscribeAsync("dev1/cmd", cancellationToken: Token), "AT+MQTTSUB=0,\"dev1/cmd\",1");
        Ends(d, () => mqtt.PublishAsync("dev1/state", "on, \"really\" \\"u8.ToArray(), ModuleMqttQos.AtLeastOnce, true, Token),
            "AT+MQTTPUB=0,\"dev1/state\",\"on\\, \\\"really\\\" \\\\\",1,1");
        Ends(d, () => mqtt.PublishAsync("t", ReadOnlyMemory<byte>.Empty, cancellationToken: Token), "AT+MQTTPUB=0,\"t\",\"\",0,0");
        Ends(d, () => mqtt.UnsubscribeAsync("dev1/cmd", Token), "AT+MQTTUNSUB=0,\"dev1/cmd\"");

        Task closing = d.Do(() => mqtt.DisconnectAsync());
        d.Exchange("AT+MQTTCLEAN=0", "+MQTTDISCONNECTED:0\r\n\r\nOK\r\n");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        Assert.Null(mqtt.LostReason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q33")]
    public void What_a_line_cannot_carry_goes_by_its_count_and_a_message_may_come_before_the_prompt(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        IModuleMqttClient mqtt = Connect(d);
        Task publishing = d.Do(() => mqtt.PublishAsync("dev1/tele", "\0\x01\x02\r\n"u8.ToArray(), cancellationToken: Token));
        d.Hear("AT+MQTTPUBRAW=0,\"dev1/tele\",5,0,0");
        d.Say("\r\nOK\r\n");
        d.Say("+MQTTSUBRECV:0,\"dev1/cmd\",4,\r\n>!\r\n");
        d.HearNothing();
        d.Say("\r\n>");
        d.HearBytes("\0\x01\x02\r\n");
        Assert.False(publishing.IsCompleted);
        d.Say("+MQTTPUB:OK\r\n");
        Assert.True(publishing.IsCompletedSuccessfully, $"{publishing.Status} {publishing.Exception}");
        Assert.Equal("dev1/cmd = \r\n>!", MqttScenes.Read(d, mqtt));

        publishing = d.Do(() => mqtt.PublishAsync("t", "\n"u8.ToArray(), ModuleMqttQos.ExactlyOnce, cancellationToken: Token));
        d.Exchange("AT+MQTTPUBRAW=0,\"t\",1,2,0", "\r\nOK\r\n\r\n>");
        d.HearBytes("\n");
        d.Say("+MQTTPUB:FAIL\r\n");
        Assert.Equal(ModuleMqttFailure.Refused, Dialogue.FailureOf<ModuleMqttException>(publishing).Reason);
        Assert.True(mqtt.IsConnected);
        Close(d, mqtt);
    }

    [Theory, EverySplit]
    public void A_message_is_counted_whatever_it_holds_and_pieces_without_a_topic_go_on_with_it(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        IModuleMqttClient mqtt = Connect(d);
        d.Say("+MQTTSUBRECV:0,\"dev1/cmd\",8,a,\"b\"\r\nc\r\n");
        Assert.Equal("dev1/cmd = a,\"b\"\r\nc", MqttScenes.Read(d, mqtt));
        d.Say("+MQTTSUBRECV:0,\"q\"u,o\",20,\r\nOK\r\n+IPD,0,5:hello\r\n");
        Assert.Equal("q\"u,o = \r\nOK\r\n+IPD,0,5:hello", MqttScenes.Read(d, mqtt));
        d.Say("+MQTTSUBRECV:0,\"long\",3,abc\r\n+MQTTSUBRECV:0,\"\",2,de\r\n");
        Assert.Equal("long = abc", MqttScenes.Read(d, mqtt));
        Assert.Equal("long ... de", MqttScenes.Read(d, mqtt));
        Assert.Equal(0, mqtt.LostMessages);
        Close(d, mqtt);
    }

    [Fact]
    public void A_message_behind_pushed_payload_of_a_link_harms_neither()
    {
        Firmware pushing = Firmware.EspAt22 with { Steps = [.. Firmware.EspAt22.Steps.SkipLast(1), "AT+CIPRECVMODE=0"], IsPassive = false };
        Dialogue d = Dialogue.Online(Split.Whole, pushing, options => options with { ReceiveMode = ReceiveMode.Push });
        LinkStream link = d.Connected();
        IModuleMqttClient mqtt = Connect(d);
        d.Say("\r\n+IPD,4,5:hello+MQTTSUBRECV:0,\"t\",2,hi\r\n");
        Assert.Equal("hello", d.Read(link));
        Assert.Equal("t = hi", MqttScenes.Read(d, mqtt));
        Assert.Equal(0, mqtt.LostMessages);
    }

    [Fact]
    public void A_message_that_was_damaged_on_the_line_is_not_handed_out_and_is_counted()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        d.Say("+MQTTSUBRECV:0,\"t\",5,hell\r\n+MQTTSUBRECV:0,\"t\",2,hi\r\n");

        Assert.Equal("t = hi", Dialogue.ResultOf(reading));
        Assert.Equal(1, mqtt.LostMessages);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void No_byte_that_is_lost_or_doubled_on_the_line_changes_a_payload(int times)
    {
        const string First = "+MQTTSUBRECV:0,\"t\",20,data from tcp server\r\n";
        for (int at = 0; at < First.Length; at++)
        {
            Dialogue d = Dialogue.Online(Split.Whole);
            IModuleMqttClient mqtt = Connect(d);
            List<string> payloads = [];
            Task collecting = d.Do(() => MqttScenes.CollectAsync(mqtt, payloads));
            d.Say(First[..at] + new string(First[at], times) + First[(at + 1)..]);
            d.Pass(3.1);
            MqttScenes.Settle(d);
            d.Say("+MQTTSUBRECV:0,\"t\",2,ok\r\n");
            d.Pass(3.1);

            Assert.False(collecting.IsCompleted, $"{at}: {collecting.Exception}");
            Assert.Contains("ok", payloads);
            Assert.True(payloads.TrueForAll(payload => payload is "ok" or "data from tcp server"), $"{at}: {string.Join('|', payloads)}");
        }
    }

    [Fact]
    public void A_message_that_breaks_off_is_given_up()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d);
        d.Say("+MQTTSUBRECV:0,\"t\",9,hell");
        d.Pass(3.1);
        Assert.Equal(1, mqtt.LostMessages);
    }

    [Fact]
    public void A_connection_that_ends_is_told_with_its_reason()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d);
        List<ModuleMqttException> told = [];
        mqtt.ConnectionLost += (_, reason) => told.Add(reason);
        Task subscribing = d.Do(() => mqtt.SubscribeAsync("t", cancellationToken: Token));
        d.Exchange("AT+MQTTSUB=0,\"t\",1", "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");

        Assert.Equal(ModuleMqttFailure.ConnectionLost, Dialogue.FailureOf<ModuleMqttException>(subscribing).Reason);
        Assert.Equal(ModuleMqttFailure.ConnectionLost, Assert.Single(told).Reason);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        Assert.Equal(ModuleMqttFailure.ConnectionLost, Dialogue.FailureOf<ModuleMqttException>(reading).Reason);
        Close(d, mqtt);
    }

    [Fact]
    public void A_session_that_does_not_come_about_is_told_and_cleaned_up()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        Task<IModuleMqttClient> connecting = Begin(d, Options);
        d.Exchange("AT+MQTTCONN=0,\"192.168.1.10\",1883,0", "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
        d.Exchange("AT+MQTTCLEAN=0");

        ModuleMqttException failure = Dialogue.FailureOf<ModuleMqttException>(connecting);
        Assert.Equal(ModuleMqttFailure.NoSession, failure.Reason);
        Assert.DoesNotContain("cret", failure.ToString(), StringComparison.Ordinal);
        Close(d, Connect(d));
    }

    [Fact]
    public void Names_that_do_not_fit_a_line_go_by_their_count()
    {
        Dialogue d = Dialogue.Online(Split.Whole, Firmware.EspAt23);
        string password = new('p', 200);
        ModuleMqttOptions options = new("192.168.1.10", "dev1") { User = new string('u', 100), Password = password };
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        d.Exchange("AT+MQTTCLEAN=0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTUSERCFG=0,1,\"\",\"\",\"\",0,0,\"\"");
        AskedFor("CLIENTID", "dev1");
        AskedFor("USERNAME", options.User);
        AskedFor("PASSWORD", password);
        d.Exchange("AT+MQTTCONNCFG=0,120,0,\"\",\"\",0,0");
        d.Exchange("AT+MQTTCONN=0,\"192.168.1.10\",1883,0", Up);
        Close(d, Dialogue.ResultOf(connecting));

        void AskedFor(string what, string text)
        {
            d.Exchange($"AT+MQTTLONG{what}=0,{text.Length}", "\r\nOK\r\n\r\n>");
            d.HearBytes(text);
            d.Say("\r\nOK\r\n");
        }
    }

    [Fact]
    public void Tls_is_a_scheme_and_a_name_where_the_chip_has_it()
    {
        Dialogue d = Dialogue.Online(Split.Whole, Esp32);
        ModuleMqttOptions options = new("broker.test", "dev1") { Port = 8883, Tls = new ModuleTlsOptions { AuthoritySlot = 0 } };
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        d.Exchange("AT+MQTTCLEAN=0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTUSERCFG=0,3,\"dev1\",\"\",\"\",0,0,\"\"");
        d.Exchange("AT+MQTTSNI=0,\"broker.test\"");
        d.Exchange("AT+MQTTCONNCFG=0,120,0,\"\",\"\",0,0");
        d.Exchange("AT+MQTTCONN=0,\"broker.test\",8883,0", Up);
        IModuleMqttClient mqtt = Dialogue.ResultOf(connecting);

        // What the buffer of the ESP8266 cannot hold.
        Task publishing = d.Do(() => mqtt.PublishAsync("t", new byte[4100], cancellationToken: Token));
        d.Exchange("AT+MQTTPUBRAW=0,\"t\",4100,0,0", "\r\nOK\r\n\r\n>");
        d.HearBytes(new string('\0', 4100));
        d.Say("+MQTTPUB:OK\r\n");
        Assert.True(publishing.IsCompletedSuccessfully, $"{publishing.Exception}");
        Close(d, mqtt);
    }

    [Fact]
    public void What_the_firmware_lacks_fails_with_its_name_before_a_byte_is_sent()
    {
        Lacks(Firmware.NonOs17, Options, ModemFeature.OnBoardMqtt);
        Lacks(Firmware.EspAt20, Options, ModemFeature.OnBoardMqtt);
        Lacks(Firmware.EspAt22, Options with { KeepsOnModule = true }, ModemFeature.OnBoardMqttCache);
        Lacks(Firmware.EspAt22, Options with { Tls = new ModuleTlsOptions() }, ModemFeature.OnBoardMqttTls);
        Lacks(
            Esp32,
            Options with { Tls = new ModuleTlsOptions { PreSharedKey = new ModuleTlsPreSharedKey("key", "hint") } },
            ModemFeature.ModuleTlsPreSharedKey);

        static void Lacks(Firmware firmware, ModuleMqttOptions options, ModemFeature feature)
        {
            Dialogue d = Dialogue.Online(Split.Whole, firmware);
            Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
            Assert.Equal(feature, Dialogue.FailureOf<FeatureNotSupportedException>(connecting).Feature);
            d.EndsWith(ModemState.Online);
        }
    }

    [Fact]
    public void What_the_module_cannot_take_is_refused_before_a_byte_is_sent()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        Dialogue.FailureOf<ArgumentException>(
            d.Do(() => d.Modem.ConnectModuleMqttAsync(Options with { Password = new string('p', 65) }, Token)));
        IModuleMqttClient mqtt = Connect(d);
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.PublishAsync("t", new byte[507], cancellationToken: Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.PublishAsync("a\r\nAT", default, cancellationToken: Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.SubscribeAsync(new string('t', 129), cancellationToken: Token)));
        Close(d, mqtt);
    }

    internal static IModuleMqttClient Connect(Dialogue d, ModuleMqttOptions? options = null)
    {
        Task<IModuleMqttClient> connecting = Begin(d, options ?? Options);
        d.Exchange("AT+MQTTCONN=0,\"192.168.1.10\",1883,0", Up);
        return Dialogue.ResultOf(connecting);
    }

    private static Task<IModuleMqttClient> Begin(Dialogue d, ModuleMqttOptions options)
    {
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        d.Exchange("AT+MQTTCLEAN=0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTUSERCFG=0,1,\"dev1\",\"user\",\"se\\,cret\",0,0,\"\"");
        d.Exchange("AT+MQTTCONNCFG=0,60,0,\"dev1/state\",\"offline\",1,1");
        return connecting;
    }

    private static void Ends(Dialogue d, Func<Task> call, string line)
    {
        Task task = d.Do(call);
        d.Hear(line);
        Assert.False(task.IsCompleted);
        d.Say("\r\nOK\r\n");
        Assert.True(task.IsCompletedSuccessfully, $"{task.Status} {task.Exception}");
    }

    internal static void Close(Dialogue d, IModuleMqttClient mqtt)
    {
        Task closing = d.Do(() => mqtt.DisposeAsync().AsTask());
        d.Exchange("AT+MQTTCLEAN=0", "\r\nOK\r\n+MQTTDISCONNECTED:0\r\n");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        d.EndsWith(ModemState.Online);
    }
}
