using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>The MQTT client of an ESP32 under TLS: what it sends, what it verifies, what it lacks.</summary>
public sealed class MqttTlsTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_name_and_protocols_are_what_was_set()
    {
        var hello = new TaskCompletionSource<(string Name, string Protocol)>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new InMemoryNetwork();
        network.Serve("10.0.0.1", 8883, peer => ServeAsync(peer, hello));
        await using var module = new ModemSimulator(
            new SimulatorOptions { Personality = "esp-at-esp32", Network = network });
        await using var wire = new WireReader(module.OpenStream());
        foreach (string line in new[]
        {
            "ATE0", "AT+CWJAP=\"ModemDriver\",\"simulated!\"", "AT+MQTTUSERCFG=0,2,\"dev1\",\"\",\"\",0,0,\"\"",
            "AT+MQTTSNI=0,\"broker.example\"", "AT+MQTTALPN=0,2,\"other\",\"mqtt\"",
        })
        {
            _ = await wire.ExchangeAsync(line + "\r\n", Ok, Token);
        }

        string answer = await wire.ExchangeAsync("AT+MQTTCONN=0,\"10.0.0.1\",8883,0\r\n", Ok, Token);

        Assert.Equal("+MQTTCONNECTED:0,2,\"10.0.0.1\",\"8883\",\"\",0\r\n" + Ok, answer);
        Assert.Equal(
            ("broker.example", "mqtt"), await hello.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token));
    }

    [Theory]
    [InlineData(3, false, false, 0x6009)] // no authority
    [InlineData(5, true, false, 0x6009)] // no certificate
    [InlineData(4, false, true, 0x600B)] // nobody listens
    [InlineData(5, true, true, 0x600B)]
    [InlineData(2, false, false, 0x600B)]
    public async Task A_slot_that_is_needed_must_not_be_empty(int scheme, bool hasAuthority, bool hasClient, int code)
    {
        TestCertificates known = TestCertificates.Shared;
        await using var bench = new Bench("esp-at-esp32", options => options with
        {
            Certificates = new ModuleCertificates
            {
                Authorities = hasAuthority
                    ? new Dictionary<int, X509Certificate2> { [0] = known.Authority }
                    : new Dictionary<int, X509Certificate2>(),
                Clients = hasClient
                    ? new Dictionary<int, X509Certificate2> { [0] = known.Client }
                    : new Dictionary<int, X509Certificate2>(),
            },
        }).Online();
        bench.Command("AT+SYSLOG=1");
        Assert.Equal(Ok, bench.Command($"AT+MQTTUSERCFG=0,{scheme},\"dev1\",\"\",\"\",0,0,\"\""));

        Assert.Equal(
            $"ERR CODE:0x010a{code:x4}\r\n" + Error, bench.Command("AT+MQTTCONN=0,\"192.168.1.10\",8883,0"));
    }

    [Theory]
    [InlineData("AT+MQTTALPN=0,6,\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"", Error)]
    [InlineData("AT+MQTTALPN=0,2,\"a\"", Error)]
    [InlineData("AT+MQTTALPN=0,0", Ok)]
    [InlineData("AT+MQTTALPN=0,5,\"a\",\"b\",\"c\",\"d\",\"e\"", Ok)]
    [InlineData("AT+MQTTSNI=0,5", Error)]
    [InlineData("AT+MQTTSNI=1,\"a\"", Error)]
    [InlineData("AT+MQTTSNI=0,\"a\"", Ok)]
    public async Task Names_want_a_configuration_and_their_form(string line, string answer)
    {
        await using var bench = new Bench("esp-at-esp32").Online();
        Assert.Equal(Error, bench.Command(line));
        bench.Command("AT+MQTTUSERCFG=0,5,\"dev1\",\"\",\"\",0,0,\"\"");

        Assert.Equal(answer, bench.Command(line));
    }

    private static async Task ServeAsync(Stream peer, TaskCompletionSource<(string Name, string Protocol)> hello)
    {
        await using var tls = new SslStream(peer, leaveInnerStreamOpen: true);
        string name = "";
        await tls.AuthenticateAsServerAsync(
            (_, client, _, _) =>
            {
                name = client.ServerName;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificate = TestCertificates.Shared.Server,
                    ApplicationProtocols = [new SslApplicationProtocol("mqtt")],
                });
            },
            null,
            Token);
        hello.SetResult((name, Encoding.ASCII.GetString(tls.NegotiatedApplicationProtocol.Protocol.Span)));
        var first = new byte[1];
        await tls.ReadExactlyAsync(first, Token);
        Assert.Equal(0x10, first[0]);
        await tls.WriteAsync("\u0020\u0002\0\0"u8.ToArray(), Token);
        var rest = new byte[1024];
        while (await tls.ReadAsync(rest, Token) > 0)
        {
            // The rest of CONNECT, and the end.
        }
    }
}
