using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Diagnostics;
using ModemDriver.EndToEnd.Tests.Http;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;
using MQTTnet;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>The MQTT client inside the module, against a broker and a second client that were not written here.</summary>
public sealed class ModuleMqttTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    private static readonly byte[][] Awkward =
    [
        AllBytes,
        [.. AllBytes.Reverse()],
        "plain, \"quoted\", and\\or \\22 \\5C"u8.ToArray(),
        "\r\nOK\r\n\r\nERROR\r\n+CME ERROR: 3\r\nCLOSED\r\n> "u8.ToArray(),
        "\n"u8.ToArray(),
        "\0"u8.ToArray(),
        "\x1a\x1b+++"u8.ToArray(),
        "+MSUB: \"t\",3 byte,abc\r\n+MQTTSUBRECV:0,\"t\",3,abc\r\n"u8.ToArray(),
        [],
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Modules => new()
    {
        { "esp-at", [] },
        { "esp-at-2.1", ["mqtt-prompt=later", "mqtt-clean-order=ok-first"] },
        { "esp-at-2.3", [] },
        { "esp-at-esp32", ["mqtt-long-message=whole"] },
        { "air780", [] },
        { "air780", ["mqtt-default=cached", "mqtt-closed=plain"] },
        { "air820", [] },
    };

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task All_bytes_go_both_ways_at_every_quality_of_service(string module, string[] switches)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        await using Rig rig = await OpenAsync(module, switches);
        await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(OptionsFor(broker), Token).Within(Token);
        await using var peer = await Peer.ConnectAsync(broker.Port, "out/#");
        await using IAsyncEnumerator<ModuleMqttMessage> messages = mqtt.ReadMessagesAsync(Token).GetAsyncEnumerator(Token);
        foreach (ModuleMqttQos qos in Enum.GetValues<ModuleMqttQos>())
        {
            await mqtt.SubscribeAsync($"in/{qos}/+", qos, Token).Within(Token);
            foreach (byte[] payload in Awkward)
            {
                await mqtt.PublishAsync($"out/{qos}", payload, qos, cancellationToken: Token).Within(Token);
                MqttApplicationMessage sent = await peer.Received.Reader.ReadAsync(Token).Within(Token);
                Assert.Equal((int)qos, (int)sent.QualityOfServiceLevel);
                Assert.Equal(payload, sent.Payload.ToArray());

                await peer.PublishAsync($"in/{qos}/a, \"b\"", payload, qos);
                Assert.True(await messages.MoveNextAsync().Within(Token));
                Assert.Equal($"in/{qos}/a, \"b\"", messages.Current.Topic);
                Assert.Equal(payload, messages.Current.Payload.ToArray());
            }

            await mqtt.UnsubscribeAsync($"in/{qos}/+", Token).Within(Token);
        }

        Assert.Equal(0, mqtt.LostMessages);
        await mqtt.DisconnectAsync().Within(Token);
        Assert.False(await messages.MoveNextAsync().Within(Token));
        Assert.Null(mqtt.LostReason);
    }

    [Theory]
    [InlineData("esp-at", 512 - 5 - 3)]
    [InlineData("esp-at-esp32", 4_100)]
    [InlineData("air780", 4_100)]
    [InlineData("air820", 2_384)]
    public async Task The_longest_message_arrives_and_a_longer_one_is_refused(string module, int most)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        await using Rig rig = await OpenAsync(module);
        await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(OptionsFor(broker), Token).Within(Token);
        await using var peer = await Peer.ConnectAsync(broker.Port, "out");
        byte[] payload = [.. Enumerable.Range(0, most).Select(at => (byte)at)];

        await mqtt.PublishAsync("out", payload, cancellationToken: Token).Within(Token);
        Assert.Equal(payload, (await peer.Received.Reader.ReadAsync(Token).Within(Token)).Payload.ToArray());
        if (module != "esp-at-esp32")
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => mqtt.PublishAsync("out", new byte[most + 1], cancellationToken: Token).Within(Token));
        }

        Assert.True(mqtt.IsConnected);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Cut_and_late_answers_change_nothing_and_links_work_beside_it(string module)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        foreach (Fault[] plan in (Fault[][])
            [
                [Fault.SplitOutput(1)],
                [Fault.SplitOutputRandomly(5)],
                [
                    Fault.LateAnswer("AT+MPUBEX", 1, TimeSpan.FromSeconds(1)),
                    Fault.LateAnswer("AT+MQTTPUBRAW", 1, TimeSpan.FromSeconds(1)),
                ],
            ])
        {
            await using Rig rig = await OpenAsync(module);
            foreach (Fault fault in plan)
            {
                rig.Module.Faults.Add(fault);
            }

            await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(OptionsFor(broker), Token).Within(Token);
            await mqtt.SubscribeAsync("loop", ModuleMqttQos.AtLeastOnce, Token).Within(Token);
            Task links = Task.Run(
                async () =>
                {
                    await using Stream link = await rig.Modem.ConnectAsync("127.0.0.1", broker.Port, Token).Within(Token);
                },
                Token);
            await using IAsyncEnumerator<ModuleMqttMessage> messages = mqtt.ReadMessagesAsync(Token).GetAsyncEnumerator(Token);
            foreach (byte[] payload in Awkward)
            {
                await mqtt.PublishAsync("loop", payload, ModuleMqttQos.AtLeastOnce, cancellationToken: Token).Within(Token);
                Assert.True(await messages.MoveNextAsync().Within(Token));
                Assert.Equal(payload, messages.Current.Payload.ToArray());
            }

            await links.Within(Token);
            Assert.Equal(0, mqtt.LostMessages);
        }
    }

    [Theory]
    [InlineData("esp-at", "mqtt-prompt=later")]
    [InlineData("air780", "mqtt-closed=prefixed")]
    [InlineData("air780", "mqtt-closed=plain")]
    public async Task A_broker_that_goes_is_told_and_another_session_can_be_had(string module, string setting)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Rig rig = await OpenAsync(module, [setting]);
        await using (Mosquitto broker = await Mosquitto.StartAsync(Token))
        {
            await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(OptionsFor(broker), Token).Within(Token);
            var lost = new TaskCompletionSource<ModuleMqttException>(TaskCreationOptions.RunContinuationsAsynchronously);
            mqtt.ConnectionLost += (_, reason) => lost.TrySetResult(reason);
            await broker.KillAsync();

            Assert.Equal(ModuleMqttFailure.ConnectionLost, (await lost.Task.Within(Token)).Reason);
            ModuleMqttException late = await Assert.ThrowsAsync<ModuleMqttException>(
                () => mqtt.PublishAsync("t", AllBytes, cancellationToken: Token).Within(Token));
            Assert.Equal(ModuleMqttFailure.ConnectionLost, late.Reason);
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => rig.Modem.ConnectModuleMqttAsync(OptionsFor(broker), Token).Within(Token));
        }

        await using Mosquitto next = await Mosquitto.StartAsync(Token);
        await using IModuleMqttClient again = await rig.Modem.ConnectModuleMqttAsync(OptionsFor(next), Token).Within(Token);
        await again.PublishAsync("t", AllBytes, ModuleMqttQos.ExactlyOnce, cancellationToken: Token).Within(Token);
    }

    [Theory]
    [InlineData("esp-at", "mqtt-failed-connect=error", ModuleMqttFailure.NoSession)]
    [InlineData("esp-at", "mqtt-failed-connect=disconnect-first", ModuleMqttFailure.NoSession)]
    [InlineData("air780", "mqtt-closed=plain", ModuleMqttFailure.SessionRefused)]
    public async Task A_wrong_password_is_refused_and_is_in_no_transcript(string module, string setting, ModuleMqttFailure reason)
    {
        Mosquitto.SkipUnlessInstalled();
        const string Right = "the-right-one";
        const string Wrong = "a-wrong-one";
        await using Mosquitto broker = await Mosquitto.StartAsync(Token, ("user", Right));
        await using var transcript = new StringWriter();
        await using Rig rig = await OpenAsync(module, [setting], options => options with { Tap = new WireTap(transcript) });
        ModuleMqttOptions options = OptionsFor(broker) with { User = "user", Password = Wrong };

        ModuleMqttException refused = await Assert.ThrowsAsync<ModuleMqttException>(
            () => rig.Modem.ConnectModuleMqttAsync(options, Token).Within(Token));
        Assert.Equal(reason, refused.Reason);
        Assert.DoesNotContain(Wrong, refused.ToString(), StringComparison.Ordinal);

        await using IModuleMqttClient mqtt = await rig.Modem
            .ConnectModuleMqttAsync(options with { Password = Right }, Token).Within(Token);
        await mqtt.PublishAsync("t", AllBytes, ModuleMqttQos.AtLeastOnce, cancellationToken: Token).Within(Token);
        await mqtt.DisposeAsync().AsTask().Within(Token);
        await rig.Modem.DisposeAsync().AsTask().Within(Token);
        string text = transcript.ToString();
        Assert.Contains(module == "esp-at" ? "AT+MQTTUSERCFG=" : "AT+MCONFIG=", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Right, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("air780", ModuleMqttFailure.NotReached)]
    [InlineData("esp-at-esp32", ModuleMqttFailure.NoSession)]
    public async Task Tls_of_the_module_reaches_a_broker_that_it_trusts_and_no_other(string module, ModuleMqttFailure reason)
    {
        Mosquitto.SkipUnlessInstalled();
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("broker.test");
        await using Mosquitto broker = await Mosquitto.StartAsync(Token, certificate: certificate);
        bool isLuat = module == "air780";
        await using Rig rig = await Rig.OpenAsync(module, simulate: options => options with
        {
            Network = new HostNetwork(),
            Certificates = new ModuleCertificates { Authorities = new Dictionary<int, X509Certificate2> { [0] = other.Root } },
        });
        ModuleMqttOptions options = OptionsFor(broker) with
        {
            Tls = isLuat
                ? new ModuleTlsOptions { AuthorityPem = other.Root.ExportCertificatePem(), ServerName = "broker.test" }
                : new ModuleTlsOptions(),
        };
        ModuleMqttException refused = await Assert.ThrowsAsync<ModuleMqttException>(
            () => rig.Modem.ConnectModuleMqttAsync(options, Token).Within(Token));
        Assert.Equal(reason, refused.Reason);

        options = options with
        {
            Tls = isLuat
                ? options.Tls! with { AuthorityPem = authority.Root.ExportCertificatePem() }
                : new ModuleTlsOptions { VerifyServer = false },
        };
        await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(options, Token).Within(Token);
        await mqtt.SubscribeAsync("t", cancellationToken: Token).Within(Token);
        await mqtt.PublishAsync("t", AllBytes, ModuleMqttQos.ExactlyOnce, cancellationToken: Token).Within(Token);
        await using IAsyncEnumerator<ModuleMqttMessage> messages = mqtt.ReadMessagesAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await messages.MoveNextAsync().Within(Token));
        Assert.Equal(AllBytes, messages.Current.Payload.ToArray());
    }

    [Fact]
    public async Task Kept_messages_are_fetched_as_they_come()
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        await using Rig rig = await OpenAsync("air780");
        await using IModuleMqttClient mqtt = await rig.Modem
            .ConnectModuleMqttAsync(OptionsFor(broker) with { KeepsOnModule = true }, Token).Within(Token);
        await mqtt.SubscribeAsync("in", ModuleMqttQos.ExactlyOnce, Token).Within(Token);
        await using var peer = await Peer.ConnectAsync(broker.Port, "none");
        await using IAsyncEnumerator<ModuleMqttMessage> messages = mqtt.ReadMessagesAsync(Token).GetAsyncEnumerator(Token);
        foreach (byte[] payload in Awkward)
        {
            await peer.PublishAsync("in", payload, ModuleMqttQos.AtLeastOnce);
            Assert.True(await messages.MoveNextAsync().Within(Token));
            Assert.Equal(payload, messages.Current.Payload.ToArray());
        }
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task The_will_is_published_when_the_module_goes_without_a_word(string module)
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(Token);
        await using var peer = await Peer.ConnectAsync(broker.Port, "gone");
        await using Rig rig = await OpenAsync(module);
        await using IModuleMqttClient mqtt = await rig.Modem.ConnectModuleMqttAsync(
            OptionsFor(broker) with { Will = new ModuleMqttWill("gone", "bye") { Qos = ModuleMqttQos.AtLeastOnce } }, Token)
            .Within(Token);
        rig.Module.Reset();

        MqttApplicationMessage will = await peer.Received.Reader.ReadAsync(Token).Within(Token);
        Assert.Equal("bye", will.ConvertPayloadToString());
        await rig.Modem.WaitForStateAsync(ModemState.Online, cancellationToken: Token).Within(Token);
    }

    private static Task<Rig> OpenAsync(
        string module, string[]? switches = null, Func<ModemOptions, ModemOptions>? drive = null) => Rig.OpenAsync(
        module,
        drive: drive,
        simulate: options => options with
        {
            Network = new HostNetwork(),
            Switches = (switches ?? []).Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
        });

    private static ModuleMqttOptions OptionsFor(Mosquitto broker) => new("127.0.0.1", "module") { Port = broker.Port };
}
