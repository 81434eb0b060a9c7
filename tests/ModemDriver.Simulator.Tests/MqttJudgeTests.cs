using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Simulator.Tests;

/// <summary>A broker that no one here wrote judges the module's MQTT.</summary>
public sealed class MqttJudgeTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mosquitto_takes_and_returns_every_quality_of_service()
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(null, false, Token);
        await using var module = new ModemSimulator(new SimulatorOptions());
        await using WireReader wire = await OnlineAsync(module);
        await TellAsync(wire, "AT+MQTTUSERCFG=0,1,\"dev1\",\"user\",\"secret\",0,0,\"\"");
        await TellAsync(wire, $"AT+MQTTCONN=0,\"127.0.0.1\",{broker.Port},0");
        await TellAsync(wire, "AT+MQTTSUB=0,\"t/#\",2");
        for (int qos = 0; qos <= 2; qos++)
        {
            string data = $"message {qos}\0\r\n\u00ff";
            _ = await wire.ExchangeAsync($"AT+MQTTPUBRAW=0,\"t/{qos}\",{data.Length},{qos},0\r\n", ">", Token);

            // The message may come back before the module has said that it is gone.
            string first = await wire.ExchangeAsync(data, "\r\n", Token);
            string all = first + await wire.ExpectAsync(
                first.StartsWith("+MQTTPUB", StringComparison.Ordinal) ? data + "\r\n" : "+MQTTPUB:OK\r\n", Token);
            Assert.Contains($"+MQTTSUBRECV:0,\"t/{qos}\",{data.Length},{data}\r\n", all, StringComparison.Ordinal);
            Assert.Contains("+MQTTPUB:OK\r\n", all, StringComparison.Ordinal);
        }

        await TellAsync(wire, "AT+MQTTUNSUB=0,\"t/#\"");
        await TellAsync(wire, "AT+MQTTCLEAN=0");
        Assert.Null(module.Failure);
    }

    [Fact]
    public async Task Mosquitto_refuses_a_wrong_password_and_publishes_the_will_of_who_vanishes()
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(null, false, Token);
        await using var mourned = new ModemSimulator(new SimulatorOptions());
        await using WireReader wire = await OnlineAsync(mourned);
        await TellAsync(wire, "AT+MQTTUSERCFG=0,1,\"dev1\",\"user\",\"wrong\",0,0,\"\"");
        Assert.Equal(Error, await AskAsync(wire, $"AT+MQTTCONN=0,\"127.0.0.1\",{broker.Port},0"));
        await TellAsync(wire, "AT+MQTTPASSWORD=0,\"secret\"");
        await TellAsync(wire, "AT+MQTTCONNCFG=0,30,0,\"gone\",\"dev1\",1,0");
        await TellAsync(wire, $"AT+MQTTCONN=0,\"127.0.0.1\",{broker.Port},0");
        await using var mourner = new ModemSimulator(new SimulatorOptions());
        await using WireReader other = await OnlineAsync(mourner);
        await TellAsync(other, "AT+MQTTUSERCFG=0,1,\"dev2\",\"user\",\"secret\",0,0,\"\"");
        await TellAsync(other, $"AT+MQTTCONN=0,\"127.0.0.1\",{broker.Port},0");
        await TellAsync(other, "AT+MQTTSUB=0,\"gone\",1");

        mourned.PowerOff();

        Assert.Equal("+MQTTSUBRECV:0,\"gone\",4,dev1\r\n", await other.ExpectAsync("dev1\r\n", Token));
    }

    [Theory]
    [InlineData(2, false, false, TestCertificates.ServerName, true)]
    [InlineData(3, false, false, TestCertificates.ServerName, false)]
    [InlineData(3, false, true, TestCertificates.ServerName, true)]
    [InlineData(2, true, true, TestCertificates.ServerName, false)]
    [InlineData(3, true, true, TestCertificates.ServerName, false)]
    [InlineData(4, true, false, TestCertificates.ServerName, true)]
    [InlineData(5, true, false, TestCertificates.ServerName, false)]
    [InlineData(5, true, true, TestCertificates.ServerName, true)]
    [InlineData(5, true, true, "other.example", false)]
    [InlineData(4, true, true, "other.example", true)]
    public async Task An_ESP32_speaks_TLS_to_Mosquitto(
        int scheme, bool wantsCertificate, bool knowsAuthority, string name, bool connects)
    {
        Mosquitto.SkipUnlessInstalled();
        TestCertificates certificates = TestCertificates.Shared;
        await using Mosquitto broker = await Mosquitto.StartAsync(certificates, wantsCertificate, Token);
        await using var module = new ModemSimulator(new SimulatorOptions
        {
            Personality = "esp-at-esp32",
            Certificates = new ModuleCertificates
            {
                Authorities = new Dictionary<int, X509Certificate2>
                {
                    [0] = knowsAuthority ? certificates.Authority : certificates.OtherAuthority,
                },
                Clients = new Dictionary<int, X509Certificate2> { [0] = certificates.Client },
            },
        });
        await using WireReader wire = await OnlineAsync(module);
        await TellAsync(wire, "AT+CIPSNTPCFG=1,0");
        while ((await AskAsync(wire, "AT+CIPSNTPTIME?")).Contains(" 1970", StringComparison.Ordinal))
        {
            // The answer of the time server is on its way; each question has its own deadline.
        }

        await TellAsync(wire, $"AT+MQTTUSERCFG=0,{scheme},\"dev1\",\"\",\"\",0,0,\"\"");
        await TellAsync(wire, $"AT+MQTTSNI=0,\"{name}\"");

        string answer = await AskAsync(wire, $"AT+MQTTCONN=0,\"127.0.0.1\",{broker.Port},0");

        Assert.Equal(
            connects ? $"+MQTTCONNECTED:0,{scheme},\"127.0.0.1\",\"{broker.Port}\",\"\",0\r\n" + Ok : Error, answer);
        if (connects)
        {
            await TellAsync(wire, "AT+MQTTPUB=0,\"t\",\"under TLS\",1,0");
        }

        Assert.Null(module.Failure);
    }

    private static async Task<WireReader> OnlineAsync(ModemSimulator module)
    {
        var wire = new WireReader(module.OpenStream());
        await TellAsync(wire, "ATE0");
        await TellAsync(wire, $"AT+CWJAP=\"{SimulatedWorld.DefaultSsid}\",\"{SimulatedWorld.DefaultPassword}\"");
        return wire;
    }

    private static async Task TellAsync(WireReader wire, string command) =>
        Assert.EndsWith(Ok, await AskAsync(wire, command), StringComparison.Ordinal);

    private static async Task<string> AskAsync(WireReader wire, string command)
    {
        string said = await wire.ExchangeAsync(command + "\r\n", "\r\n", Token);
        while (!said.EndsWith(Ok, StringComparison.Ordinal) && !said.EndsWith(Error, StringComparison.Ordinal))
        {
            said += await wire.ExpectAsync("\r\n", Token);
        }

        return said;
    }
}
