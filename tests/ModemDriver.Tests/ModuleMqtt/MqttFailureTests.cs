using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.ModuleMqtt;

/// <summary>What the module's MQTT client loses, refuses or does not answer.</summary>
public sealed class MqttFailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3601)]
    [InlineData(0)]
    [InlineData(double.MaxValue)]
    public void A_reply_limit_that_no_timer_takes_is_refused_before_a_byte_is_sent(double seconds)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        TimeSpan limit = seconds == double.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        ModuleMqttOptions options = LuatMqttTests.Options with { ReplyLimit = limit };
        Assert.Throws<ArgumentOutOfRangeException>(() => d.Do(() => (object)d.Modem.ConnectModuleMqttAsync(options, Token)));
        d.HearNothing();
    }

    [Fact]
    public void A_reply_limit_of_an_hour_is_taken()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options with { ReplyLimit = TimeSpan.FromHours(1) });
        Task subscribing = d.Do(() => mqtt.SubscribeAsync("t", cancellationToken: Token));
        d.Exchange("AT+MSUB=\"t\",1", "\r\nOK\r\n\r\nSUBACK\r\n");
        Assert.True(subscribing.IsCompletedSuccessfully, $"{subscribing.Exception}");
        LuatMqttTests.Close(d, mqtt);
    }

    [Fact]
    public void An_acknowledgement_that_does_not_come_ends_the_connection_so_that_no_late_one_is_taken_for_another()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options with { ReplyLimit = TimeSpan.FromSeconds(5) });
        Task first = d.Do(() => mqtt.PublishAsync("t", "1"u8.ToArray(), ModuleMqttQos.AtLeastOnce, cancellationToken: Token));
        Task second = d.Do(() => mqtt.PublishAsync("t", "2"u8.ToArray(), ModuleMqttQos.AtLeastOnce, cancellationToken: Token));
        d.Exchange("AT+MPUB=\"t\",1,0,\"1\"");
        d.Pass(5);

        Assert.Equal(ModuleMqttFailure.NoAnswer, Dialogue.FailureOf<ModuleMqttException>(first).Reason);
        Assert.Equal(ModuleMqttFailure.NoAnswer, Dialogue.FailureOf<ModuleMqttException>(second).Reason);
        d.Say("\r\nPUBACK\r\n");
        Assert.False(mqtt.IsConnected);

        // The module still has its session, and would go on acknowledging. What comes until that is ended is counted.
        d.Say("\r\n+MSUB: \"t\",2 byte,hi\r\n");
        Assert.Equal(1, mqtt.LostMessages);
        LuatMqttTests.End(d);
        d.EndsWith(ModemState.Online);
        Assert.True(d.Do(() => mqtt.DisposeAsync().AsTask()).IsCompletedSuccessfully);
        d.HearNothing();
        LuatMqttTests.Close(d, LuatMqttTests.Connect(d, LuatMqttTests.Options));
    }

    [Fact]
    public void A_piece_whose_beginning_was_damaged_goes_on_with_no_other_message()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = EspAtMqttTests.Connect(d);
        Task<string> reading = d.Do(() => MqttScenes.ReadAsync(mqtt));
        d.Say("+MQTTSUBRECV:0,\"before\",2,hi\r\n");
        Assert.Equal("before = hi", Dialogue.ResultOf(reading));

        d.Say("+MQTTSUBRECV:0,\"long\",9,abc");
        d.Pass(3.1);
        MqttScenes.Settle(d);
        d.Say("+MQTTSUBRECV:0,\"\",2,de\r\n+MQTTSUBRECV:0,\"\",2,fg\r\n+MQTTSUBRECV:0,\"new\",1,x\r\n+MQTTSUBRECV:0,\"\",1,y\r\n");
        Assert.Equal("new = x", MqttScenes.Read(d, mqtt));
        Assert.Equal("new ... y", MqttScenes.Read(d, mqtt));
        Assert.Equal(3, mqtt.LostMessages);
        EspAtMqttTests.Close(d, mqtt);
    }

    [Fact]
    public void A_piece_of_a_message_that_began_before_the_session_is_nobodys()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = EspAtMqttTests.Connect(d);
        d.Say("+MQTTSUBRECV:0,\"\",2,de\r\n+MQTTSUBRECV:0,\"t\",1,x\r\n");
        Assert.Equal("t = x", MqttScenes.Read(d, mqtt));
        Assert.Equal(1, mqtt.LostMessages);
        EspAtMqttTests.Close(d, mqtt);
    }

    [Fact]
    public void A_piece_whose_beginning_found_no_room_goes_on_with_no_other_message()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = EspAtMqttTests.Connect(d, EspAtMqttTests.Options with { ReceiveBufferBytes = 4096 });
        d.Say($"+MQTTSUBRECV:0,\"t\",4000,{new string('a', 4000)}\r\n");
        d.Say($"+MQTTSUBRECV:0,\"long\",512,{new string('b', 512)}\r\n+MQTTSUBRECV:0,\"\",2,cc\r\n");
        Assert.StartsWith("t = aaa", MqttScenes.Read(d, mqtt), StringComparison.Ordinal);
        d.Say("+MQTTSUBRECV:0,\"u\",1,x\r\n");
        Assert.Equal("u = x", MqttScenes.Read(d, mqtt));
        Assert.Equal(2, mqtt.LostMessages);
        EspAtMqttTests.Close(d, mqtt);
    }

    [Fact]
    public void Kept_messages_whose_fetch_was_refused_are_fetched_again_and_not_counted_as_lost()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options with { KeepsOnModule = true });

        // Nothing was told of yet: that may be why.
        d.Exchange("AT+MQTTMSGGET", "\r\nERROR\r\n");
        d.Say("\r\n+MSUB: 0\r\n\r\n+MSUB: 1\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\n+MSUB: \"t\",1 byte,1\r\n\r\n+MSUB: \"t\",1 byte,2\r\n\r\nOK\r\n");
        Assert.Equal("t = 1", MqttScenes.Read(d, mqtt));
        Assert.Equal("t = 2", MqttScenes.Read(d, mqtt));
        Assert.Equal(0, mqtt.LostMessages);
        Assert.True(mqtt.IsConnected);
        LuatMqttTests.Close(d, mqtt);
    }

    [Fact]
    public void Kept_messages_that_are_not_handed_out_twice_end_the_session_of_the_module_too()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options with { KeepsOnModule = true });
        d.Exchange("AT+MQTTMSGGET");
        d.Say("\r\n+MSUB: 0\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\nERROR\r\n");
        LuatMqttTests.End(d);
        Assert.Equal(ModuleMqttFailure.ConnectionLost, mqtt.LostReason?.Reason);
        Assert.Equal(0, mqtt.LostMessages);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_message_that_is_told_of_while_more_are_fetched_than_were_told_of_is_not_left_lying()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options with { KeepsOnModule = true });
        d.Exchange("AT+MQTTMSGGET");
        d.Say("\r\n+MSUB: 0\r\n");
        d.Exchange(
            "AT+MQTTMSGGET",
            "\r\n+MSUB: \"t\",1 byte,1\r\n\r\n+MSUB: \"t\",1 byte,2\r\n\r\n+MSUB: 2\r\n\r\nOK\r\n");
        d.Exchange("AT+MQTTMSGGET", "\r\n+MSUB: \"t\",1 byte,3\r\n\r\nOK\r\n");
        Assert.Equal(["t = 1", "t = 2", "t = 3"], Enumerable.Range(0, 3).Select(_ => MqttScenes.Read(d, mqtt)).ToArray());
        Assert.Equal(0, mqtt.LostMessages);
        LuatMqttTests.Close(d, mqtt);
    }

    [Theory]
    [InlineData("\r\n+MSUB: \"t\",6 byte,\r\nOK\r\n\r\n")]
    [InlineData("+MQTTSUBRECV:0,\"t\",6,\r\nOK\r\n\r\n")]
    public void A_message_that_comes_while_it_is_not_known_who_is_there_is_no_answer(string message)
    {
        Dialogue d = new(Split.Whole);
        d.Hear(string.Empty);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        d.Exchange("ATE0", "ATE0\r\n\r\nOK\r\n");
        d.Hear("AT+GMR");
        d.Say(message);
        d.HearNothing();
    }

    [Fact]
    public void Counted_bytes_of_which_the_module_says_nothing_may_have_been_published()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options);
        Task publishing = d.Do(() => mqtt.PublishAsync("t", "\0\x01"u8.ToArray(), cancellationToken: Token));
        d.Exchange("AT+MPUBEX=\"t\",0,0,2", "\r\n>");
        d.HearBytes("\0\x01");
        d.Pass(31);

        ModuleMqttException failure = Dialogue.FailureOf<ModuleMqttException>(publishing);
        Assert.Equal(ModuleMqttFailure.NoAnswer, failure.Reason);
        Assert.Contains("may have been published", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ModuleMqttFailure.NoAnswer, mqtt.LostReason?.Reason);
    }

    [Fact]
    public void What_is_published_and_the_will_stand_in_no_failure()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IModuleMqttClient mqtt = LuatMqttTests.Connect(d, LuatMqttTests.Options);
        Task publishing = d.Do(() => mqtt.PublishAsync("topic", "private text"u8.ToArray(), cancellationToken: Token));
        d.Exchange("AT+MPUB=\"topic\",0,0,\"private text\"", "\r\nERROR\r\n");
        ModuleMqttException refused = Dialogue.FailureOf<ModuleMqttException>(publishing);
        Assert.Equal(ModuleMqttFailure.Refused, refused.Reason);
        Assert.Contains("topic", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("private", refused.ToString(), StringComparison.Ordinal);
        LuatMqttTests.Close(d, mqtt);

        ModuleMqttOptions options = LuatMqttTests.Options with { Will = new ModuleMqttWill("gone", "last words") };
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        LuatMqttTests.End(d);
        d.Exchange("AT+MCONFIG=\"Client01\",\"root\",\"secret\",0,0,\"gone\",\"last words\"", "\r\nERROR\r\n");
        LuatMqttTests.End(d);
        CommandFailedException failed = Dialogue.FailureOf<CommandFailedException>(connecting);
        Assert.DoesNotContain("last words", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_published_and_the_will_stand_in_no_failure_of_an_esp_at_module()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        IModuleMqttClient mqtt = EspAtMqttTests.Connect(d);
        Task publishing = d.Do(() => mqtt.PublishAsync("topic", "private text"u8.ToArray(), cancellationToken: Token));
        d.Exchange("AT+MQTTPUB=0,\"topic\",\"private text\",0,0", "\r\nERROR\r\n");
        ModuleMqttException refused = Dialogue.FailureOf<ModuleMqttException>(publishing);
        Assert.Contains("topic", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("private", refused.ToString(), StringComparison.Ordinal);
        EspAtMqttTests.Close(d, mqtt);

        ModuleMqttOptions options = new("192.168.1.10", "dev1") { Will = new ModuleMqttWill("gone", "last words") };
        Task<IModuleMqttClient> connecting = d.Do(() => d.Modem.ConnectModuleMqttAsync(options, Token));
        d.Exchange("AT+MQTTCLEAN=0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\"");
        d.Exchange("AT+MQTTCONNCFG=0,120,0,\"gone\",\"last words\",0,0", "\r\nERROR\r\n");
        d.Exchange("AT+MQTTCLEAN=0");
        CommandFailedException failed = Dialogue.FailureOf<CommandFailedException>(connecting);
        Assert.DoesNotContain("last words", failed.ToString(), StringComparison.Ordinal);
    }
}
