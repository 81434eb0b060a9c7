using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.ModuleMqtt;

/// <summary>MQTT by the client of a Luat module, on the wire, byte by byte.</summary>
public sealed class LuatMqttTests
{
    internal static readonly ModuleMqttOptions Options =
        new("broker.test", "Client01") { User = "root", Password = "secret", KeepAlive = TimeSpan.FromSeconds(60) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_session_is_opened_used_and_closed(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IModuleMqttClient mqtt = Connect(d, Options);
        Assert.True(mqtt.IsConnected);

        Ends(d, () => mqtt.SubscribeAsync("mqtt/pub", ModuleMqttQos.AtMostOnce, Token), "AT+MSUB=\"mqtt/pub\",0", "SUBACK");
        Ends(d, () => mqtt.PublishAsync("mqtt/sub", "data from 4G module"u8.ToArray(), cancellationToken: Token),
            "AT+MPUB=\"mqtt/sub\",0,0,\"data from 4G module\"");
        Ends(d, () => mqtt.PublishAsync("mqtt/sub", "a \"quoted\" word, C:\\ and\r\n"u8.ToArray(), ModuleMqttQos.AtLeastOnce, true, Token),
            "AT+MPUB=\"mqtt/sub\",1,1,\"a \\22quoted\\22 word, C:\\5C and\\0D\\0A\"", "PUBACK");
        Ends(d, () => mqtt.PublishAsync("mqtt/sub", "x"u8.ToArray(), ModuleMqttQos.ExactlyOnce, cancellationToken: Token),
            "AT+MPUB=\"mqtt/sub\",2,0,\"x\"", "PUBREC", "PUBCOMP");
        Ends(d, () => mqtt.PublishAsync("mqtt/sub", ReadOnlyMemory<byte>.Empty, retain: true, cancellationToken: Token),
            "AT+MPUB=\"mqtt/sub\",0,1,\"\"");
        Ends(d, () => mqtt.UnsubscribeAsync("mqtt/pub", Token), "AT+MUNSUB=\"mqtt/pub\"", "UNSUBACK");

        Task closing = d.Do(() => mqtt.DisconnectAsync());
        d.Exchange("AT+MDISCONNECT");
        d.Exchange("AT+MIPCLOSE");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        Assert.False(mqtt.IsConnected);
        Assert.Null(mqtt.LostReason);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void What_a_line_cannot_carry_goes_by_its_count(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IModuleMqttClient mqtt = Connect(d, Options);
        string bytes = "\n\0\x1a\x1b\xff>\r\nOK\r\n";
        Task publishing = d.Do(() => mqtt.PublishAsync(
            "t", System.Text.Encoding.Latin1.GetBytes(bytes), ModuleMqttQos.AtLeastOnce, cancellationToken: Token));
        d.Exchange("AT+MPUBEX=\"t\",1,0,12", "\r\n>");
        d.HearBytes(bytes);
        d.Say("\r\nOK\r\n");
        Assert.False(publishing.IsCompleted);
        d.Say("\r\nPUBACK\r\n");
        Assert.True(publishing.IsCompletedSuccessfully, $"{publishing.Exception}");
        Close(d, mqtt);
    }

    [Theory, EverySplit]
    public void A_message_is_counted_whatever_it_holds_and_wherever_it_comes(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IModuleMqttClient mqtt = Connect(d, Options);
        d.Say("\r\n+MSUB: \"mqtt/pub\",20 byte,data from tcp server\r\n");
        Assert.Equal("mqtt/pub = data from tcp server", MqttScenes.Read(d, mqtt));
        d.Say("\r\n+MSUB: \"a\"b, c\",23 byte,\r\nOK\r\n\r\n+CME ERROR: 3\r\n\r\n");
        Assert.Equal("a\"b, c = \r\nOK\r\n\r\n+CME ERROR: 3\r\n", MqttScenes.Read(d, mqtt));
        d.Say("\r\n+MSUB: empty,0 byte,\r\n");
        Assert.Equal("empty = ", MqttScenes.Read(d, mqtt));

        // In the middle of the answer to a command, which it is no part of.
        Task<CommandResponse> asking = d.Do(() => d.Modem.SendAsync("AT+CGATT?"));
        d.Exchange("AT+CGATT?", "\r\n+MSUB: \"t\",6 byte,\r\nOK\r\n\r\n\r\n+CGATT: 1\r\n\r\nOK\r\n");
        Assert.Equal(["+CGATT: 1"], Dialogue.ResultOf(asking).Lines);
        Assert.Equal("t = \r\nOK\r\n", MqttScenes.Read(d, mqtt));
        Assert.Equal(0, mqtt.LostMessages);
        Close(d, mqtt);
    }

    [Theory]
    [InlineData("\r\n+MSUB: \"t\",5 byte,hell\r\n")] // a byte was lost
    [InlineData("\r\n+MSUB: \"t\",5 byte,helloo\r\n")] // one came too much
    [InlineData("\r\n+MSUB: \"t\",5 bite,hello\r\n")] // the header was damaged
    public void A_message_that_was_damaged_on_the_line_is_not_handed_out_and_is_counted(string damaged)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d, Options);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        d.Say(damaged);
        MqttScenes.Settle(d);
        d.Say("\r\n+MSUB: \"t\",3 byte,new\r\n");

        Assert.Equal("t = new", Dialogue.ResultOf(reading));
        Assert.Equal(1, mqtt.LostMessages);
        MqttScenes.Settle(d);
        Close(d, mqtt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void No_byte_that_is_lost_or_doubled_on_the_line_changes_a_payload(int times)
    {
        const string First = "\r\n+MSUB: \"t\",20 byte,data from tcp server\r\n";
        for (int at = 0; at < First.Length; at++)
        {
            Dialogue d = LuatScenes.Online(Split.Whole);
            IModuleMqttClient mqtt = Connect(d, Options);
            List<string> payloads = [];
            Task collecting = d.Do(() => MqttScenes.CollectAsync(mqtt, payloads));
            d.Say(First[..at] + new string(First[at], times) + First[(at + 1)..]);
            d.Pass(3.1);
            MqttScenes.Settle(d);
            d.Say("\r\n+MSUB: \"t\",2 byte,ok\r\n");
            d.Pass(3.1);

            Assert.False(collecting.IsCompleted, $"{at}: {collecting.Exception}");
            Assert.Contains("ok", payloads);
            Assert.True(payloads.TrueForAll(payload => payload is "ok" or "data from tcp server"), $"{at}: {string.Join('|', payloads)}");
        }
    }

    [Theory]
    [InlineData("\r\nCLOSED\r\n", true)]
    [InlineData("\r\n7,CLOSED\r\n", true)]
    [InlineData("\r\n7, CLOSED\r\n", true)]
    [InlineData("\r\nCLOSED\r\n", false)]
    [Trait("Quirk", "L27")]
    public void A_connection_that_ends_is_told_with_its_reason_and_links_stay(string word, bool isMultiple)
    {
        Dialogue d = isMultiple ? LuatScenes.Online(Split.Whole) : LuatScenes.OnlineSingle(Split.Whole);
        string[] links = [];
        if (isMultiple)
        {
            Task<LinkStream> opening = d.Do(() => d.Modem.ConnectAsync(new LinkRequest("10.0.0.2", 80) { LinkId = 0 }, Token));
            d.Exchange("AT+CIPSTART=0,\"TCP\",\"10.0.0.2\",80", "\r\nOK\r\n\r\n0, CONNECT OK\r\n");
            Assert.True(opening.IsCompletedSuccessfully, $"{opening.Status} {opening.Exception}");
            links = ["0 Open 10.0.0.2:80"];
        }

        IModuleMqttClient mqtt = Connect(d, Options, isMultiple ? "7, CONNECT OK" : "CONNECT OK");
        List<ModuleMqttException> told = [];
        mqtt.ConnectionLost += (_, reason) => told.Add(reason);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        d.Say(word);

        Assert.Equal(ModuleMqttFailure.ConnectionLost, Assert.Single(told).Reason);
        Assert.Equal(ModuleMqttFailure.ConnectionLost, Dialogue.FailureOf<ModuleMqttException>(reading).Reason);
        Assert.Equal(ModuleMqttFailure.ConnectionLost, mqtt.LostReason?.Reason);
        Assert.False(mqtt.IsConnected);
        Task late = d.Do(() => mqtt.PublishAsync("t", "x"u8.ToArray(), cancellationToken: Token));
        Assert.Equal(ModuleMqttFailure.ConnectionLost, Dialogue.FailureOf<ModuleMqttException>(late).Reason);

        Task closing = d.Do(() => mqtt.DisposeAsync().AsTask());
        d.Exchange("AT+MDISCONNECT", "\r\nERROR\r\n");
        d.Exchange("AT+MIPCLOSE", "\r\n+CME ERROR: 767\r\n");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        d.EndsWith(ModemState.Online, links);

        // And another one can be had.
        Close(d, Connect(d, Options), links);
    }

    [Fact]
    public void A_context_that_is_lost_ends_the_connection()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d, Options);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        d.Say("\r\n+PDP DEACT\r\n");

        Assert.Equal(ModuleMqttFailure.ConnectionLost, Dialogue.FailureOf<ModuleMqttException>(reading).Reason);
        Assert.Equal(ModuleMqttFailure.ConnectionLost, mqtt.LostReason?.Reason);
    }

    [Fact]
    public void A_broker_that_is_not_reached_and_one_that_refuses_are_told_apart()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<IModuleMqttClient> connecting = Begin(d, Options);
        d.Exchange("AT+MIPSTART=\"broker.test\",\"1883\"", "\r\nOK\r\n");
        d.Pass(70);
        d.Say("\r\n7, CONNECT FAIL\r\n");
        End(d);
        Assert.Equal(ModuleMqttFailure.NotReached, Dialogue.FailureOf<ModuleMqttException>(connecting).Reason);

        connecting = Begin(d, Options);
        d.Exchange("AT+MIPSTART=\"broker.test\",\"1883\"", "\r\nOK\r\n\r\n7, CONNECT OK\r\n");
        Task<CommandResponse> asking = d.Do(() => d.Modem.SendAsync("AT+CSQ"));
        d.Exchange("AT+MCONNECT=1,60", "\r\nOK\r\n");

        // Another command waits: the ERROR is not its answer.
        d.HearNothing();
        d.Say("\r\nERROR\r\n");
        d.Exchange("AT+CSQ", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n");
        Assert.Equal(["+CSQ: 20,0"], Dialogue.ResultOf(asking).Lines);
        End(d);
        ModuleMqttException refused = Dialogue.FailureOf<ModuleMqttException>(connecting);
        Assert.Equal(ModuleMqttFailure.SessionRefused, refused.Reason);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_caller_that_goes_leaves_its_exchange_its_place()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d, Options);
        using var caller = new CancellationTokenSource();
        Task first = d.Do(() => mqtt.PublishAsync("t", "1"u8.ToArray(), ModuleMqttQos.AtLeastOnce, cancellationToken: caller.Token));
        Task second = d.Do(() => mqtt.PublishAsync("t", "2"u8.ToArray(), ModuleMqttQos.AtLeastOnce, cancellationToken: Token));
        d.Exchange("AT+MPUB=\"t\",1,0,\"1\"");
        d.Do(caller.Cancel);
        Assert.True(first.IsCanceled);
        d.HearNothing();
        d.Say("\r\nPUBACK\r\n");
        d.Exchange("AT+MPUB=\"t\",1,0,\"2\"", "\r\nOK\r\n\r\nPUBACK\r\n");
        Assert.True(second.IsCompletedSuccessfully, $"{second.Exception}");
        Close(d, mqtt);
    }

    [Fact]
    public void A_connection_that_is_given_up_is_ended_and_another_one_can_be_had()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        using var caller = new CancellationTokenSource();
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(Options, caller.Token));
        End(d);
        d.Exchange("AT+MCONFIG=\"Client01\",\"root\",\"secret\"");
        d.Exchange("AT+MQTTMODE=0");
        d.Exchange("AT+MQTTMSGSET=0");
        d.Exchange("AT+MIPSTART=\"broker.test\",\"1883\"");
        d.Do(caller.Cancel);

        Assert.True(connecting.IsCanceled);
        End(d);
        Close(d, Connect(d, Options));
    }

    [Fact]
    public void Kept_messages_are_fetched_and_those_that_were_overwritten_are_counted()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = Connect(d, Options with { KeepsOnModule = true });
        d.Exchange("AT+MQTTMSGGET", "\r\n+MSUB: \"old\",3 byte,abc\r\n\r\nOK\r\n");
        Assert.Equal("old = abc", MqttScenes.Read(d, mqtt));
        Assert.Equal(0, mqtt.LostMessages);

        d.Say("\r\n+MSUB: 0\r\n\r\n+MSUB: 1\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\n+MSUB: \"mqtt/topic\",9 byte,SSSSddddd\r\n\r\n+MSUB: mqtt/topic,2 byte,\r\n\r\n\r\nOK\r\n");

        // Only the first was told of when it was asked: whether the second one fetched was the second told of is not known.
        d.Exchange("AT+MQTTMSGGET");
        Assert.Equal("mqtt/topic = SSSSddddd", MqttScenes.Read(d, mqtt));
        Assert.Equal("mqtt/topic = \r\n", MqttScenes.Read(d, mqtt));

        // Five were told of while a command kept the line.
        Task<CommandResponse> asking = d.Do(() => d.Modem.SendAsync("AT+CSQ"));
        d.Hear("AT+CSQ");
        d.Say("\r\n+MSUB: 0\r\n\r\n+MSUB: 1\r\n\r\n+MSUB: 2\r\n\r\n+MSUB: 3\r\n\r\n+MSUB: 0\r\n\r\nOK\r\n");
        Assert.True(asking.IsCompletedSuccessfully);
        d.Exchange("AT+MQTTMSGGET", string.Concat("2345".Select(c => $"\r\n+MSUB: \"t\",1 byte,{c}\r\n")) + "\r\nOK\r\n");
        Assert.Equal("t = 2", MqttScenes.Read(d, mqtt));
        Assert.Equal(1, mqtt.LostMessages);
        Close(d, mqtt);
    }

    [Fact]
    public void Without_numbers_links_and_mqtt_exclude_each_other()
    {
        Dialogue d = LuatScenes.OnlineSingle(Split.Whole);
        IModuleMqttClient mqtt = Connect(d, Options, "CONNECT OK");
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.ConnectAsync("10.0.0.2", 80, Token)));
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.OpenTransparentAsync("10.0.0.2", 80, Token)));
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.ConnectModuleMqttAsync(Options, Token)));
        Close(d, mqtt);

        Task<LinkStream> opening = d.Do(() => d.Modem.ConnectAsync("10.0.0.2", 80, Token));
        d.Exchange("AT+CIPSTART=\"TCP\",\"10.0.0.2\",80", "\r\nOK\r\n\r\nCONNECT OK\r\n");
        Assert.True(opening.IsCompletedSuccessfully, $"{opening.Status} {opening.Exception}");
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.ConnectModuleMqttAsync(Options, Token)));
    }

    [Fact]
    public void A_will_and_tls_are_told_before_the_connection()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        ModuleMqttOptions options = Options with
        {
            Port = 8883,
            CleanSession = false,
            Tls = new ModuleTlsOptions { VerifyServer = false },
            Will = new ModuleMqttWill("gone", "bye") { Qos = ModuleMqttQos.AtLeastOnce, Retain = true },
        };
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        End(d);
        d.Exchange("AT+MCONFIG=\"Client01\",\"root\",\"secret\",1,1,\"gone\",\"bye\"");
        d.Exchange("AT+MQTTMODE=0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTMSGSET=0");
        d.Exchange("AT+SSLCFG=\"sslversion\",88,3");
        d.Exchange("AT+SSLCFG=\"seclevel\",88,0");
        d.Exchange("AT+SSLCFG=\"hostname\",88,\"broker.test\"");
        d.Exchange("AT+SSLCFG=\"negotiatetimeout\",88,60");
        d.Exchange("AT+SSLMIPSTART=\"broker.test\",\"8883\"", "\r\nOK\r\n\r\n7, CONNECT OK\r\n");
        d.Exchange("AT+MCONNECT=0,60", "\r\nOK\r\n\r\nCONNACK OK\r\n");
        Close(d, Dialogue.ResultOf(connecting));
    }

    [Fact]
    public void What_the_module_cannot_take_is_refused_before_a_byte_is_sent()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Refused(options => options with { User = "a\"b" });
        Refused(options => options with { Password = "a\"b" });
        Refused(options => options with { ClientId = "a\r\nAT+CFUN=0" });
        Refused(options => options with { Will = new ModuleMqttWill("t", "a\\b") });
        IModuleMqttClient mqtt = Connect(d, Options);
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.PublishAsync("t", new byte[4101], cancellationToken: Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.PublishAsync("a\"b", default, cancellationToken: Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => mqtt.SubscribeAsync(new string('t', 257), cancellationToken: Token)));
        Assert.True(mqtt.IsConnected);
        Close(d, mqtt);

        void Refused(Func<ModuleMqttOptions, ModuleMqttOptions> change)
        {
            ArgumentException refused = Dialogue.FailureOf<ArgumentException>(
                d.Do(() => d.Modem.ConnectModuleMqttAsync(change(Options), Token)));
            Assert.DoesNotContain("a\"b", refused.Message, StringComparison.Ordinal);
            d.HearNothing();
        }
    }

    internal static IModuleMqttClient Connect(Dialogue d, ModuleMqttOptions options, string connected = "CONNECT OK")
    {
        Task<IModuleMqttClient> connecting = Begin(d, options);
        d.Exchange("AT+MIPSTART=\"broker.test\",\"1883\"", $"\r\nOK\r\n\r\n{connected}\r\n");
        d.Exchange("AT+MCONNECT=1,60", "\r\nOK\r\n");
        Assert.False(connecting.IsCompleted);
        d.Say("\r\nCONNACK OK\r\n");
        return Dialogue.ResultOf(connecting);
    }

    private static Task<IModuleMqttClient> Begin(Dialogue d, ModuleMqttOptions options)
    {
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        End(d);
        d.Exchange("AT+MCONFIG=\"Client01\",\"root\",\"secret\"");
        d.Exchange("AT+MQTTMODE=0");
        d.Exchange(options.KeepsOnModule ? "AT+MQTTMSGSET=1" : "AT+MQTTMSGSET=0");
        return connecting;
    }

    internal static void End(Dialogue d)
    {
        d.Exchange("AT+MDISCONNECT", "\r\n+CME ERROR: 767\r\n");
        d.Exchange("AT+MIPCLOSE", "\r\n+CME ERROR: 767\r\n");
    }

    private static void Ends(Dialogue d, Func<Task> call, string line, params string[] words)
    {
        Task task = d.Do(call);
        d.Exchange(line);
        foreach (string word in words)
        {
            Assert.False(task.IsCompleted);
            d.Say($"\r\n{word}\r\n");
        }

        Assert.True(task.IsCompletedSuccessfully, $"{task.Status} {task.Exception}");
    }

    internal static void Close(Dialogue d, IModuleMqttClient mqtt, params string[] links)
    {
        Task closing = d.Do(() => mqtt.DisposeAsync().AsTask());
        d.Exchange("AT+MDISCONNECT");
        d.Exchange("AT+MIPCLOSE");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        d.EndsWith(ModemState.Online, links);
    }
}
