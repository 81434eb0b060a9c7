using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;

namespace ModemDriver.Simulator.Tests;

/// <summary>TLS on the module, against a real TLS server: what is verified, shown and refused, and in which words.</summary>
public sealed class TlsTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";
    private const string Start = "AT+CIPSTART=\"SSL\",\"10.0.0.1\",443";

    private static readonly TestCertificates Certificates = TestCertificates.Shared;

    private readonly InMemoryNetwork _network = new();
    private readonly Channel<(string Name, string Protocol, string Client)> _hellos =
        Channel.CreateUnbounded<(string Name, string Protocol, string Client)>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at", ">")]
    [InlineData("esp-at-2.0", ">")]
    [InlineData("esp-at-esp32", ">")]
    [InlineData("esp-at-1.7", "> ")]
    public async Task Data_goes_both_ways_without_any_setting(string personality, string prompt)
    {
        await using ModemSimulator module = Module(personality);
        await using WireReader wire = await OnlineAsync(module);

        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, Start));
        _ = await wire.ExchangeAsync("AT+CIPSEND=4\r\n", prompt, Token);
        Assert.Equal("\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n", await wire.ExchangeAsync("ping", "SEND OK\r\n", Token));
        Assert.Equal("\r\n+IPD,9:you: ping", await wire.ExpectAsync("you: ping", Token));
        Assert.Contains(
            "+CIPSTATUS:0,\"SSL\",\"10.0.0.1\",443,", await AskAsync(wire, "AT+CIPSTATUS"), StringComparison.Ordinal);
        Assert.Equal("CLOSED\r\n" + Ok, await AskAsync(wire, "AT+CIPCLOSE"));
        Assert.Equal(("", "", ""), await HelloAsync());
    }

    [Fact]
    public async Task A_server_is_verified_by_the_authority_in_the_slot_and_by_the_clock()
    {
        await using ModemSimulator module = Module("esp-at", new ModuleCertificates
        {
            Authorities = new Dictionary<int, X509Certificate2>
            {
                [0] = Certificates.Authority, [1] = Certificates.OtherAuthority,
            },
        });
        await using WireReader wire = await OnlineAsync(module);
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCCONF=2,0,0"));

        // It is 1970 until a time server was asked.
        Assert.Equal(Error, await AskAsync(wire, Start));
        await KnowTimeAsync(wire);
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, Start));
        Assert.Equal("CLOSED\r\n" + Ok, await AskAsync(wire, "AT+CIPCLOSE"));
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCCONF=2,0,1"));
        Assert.Equal(Error, await AskAsync(wire, Start));
        Assert.StartsWith(
            "+CIPSSLCCONF:0,2,0,1\r\n+CIPSSLCCONF:1,0,0,0\r\n", await AskAsync(wire, "AT+CIPSSLCCONF?"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestCertificates.ServerName, "CONNECT\r\n" + Ok)]
    [InlineData("other.example", Error)]
    public async Task A_server_must_have_the_name_that_was_asked_for(string name, string answer)
    {
        await using ModemSimulator module = Module("esp-at", new ModuleCertificates
        {
            Authorities = new Dictionary<int, X509Certificate2> { [0] = Certificates.Authority },
        });
        await using WireReader wire = await OnlineAsync(module);
        await KnowTimeAsync(wire);
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCCONF=2,0,0"));
        Assert.Equal(Ok, await AskAsync(wire, $"AT+CIPSSLCCN=\"{name}\""));

        Assert.Equal(answer, await AskAsync(wire, Start));
    }

    [Fact]
    public async Task A_link_shows_its_certificate_its_server_name_and_its_protocols()
    {
        await using ModemSimulator module = Module("esp-at", new ModuleCertificates
        {
            Clients = new Dictionary<int, X509Certificate2> { [1] = Certificates.Client },
        });
        await using WireReader wire = await OnlineAsync(module);
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCCONF=1,1"));
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCSNI=\"www.example.com\""));
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLCALPN=2,\"mqtt\",\"echo\""));
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, Start));

        Assert.Equal(("www.example.com", "echo", "CN=client"), await HelloAsync());
        Assert.StartsWith(
            "+CIPSSLCSNI:0,\"www.example.com\"\r\n+CIPSSLCSNI:1,\"\"\r\n", await AskAsync(wire, "AT+CIPSSLCSNI?"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "+CIPSSLCALPN:0,\"mqtt\",\"echo\"\r\n+CIPSSLCALPN:1\r\n", await AskAsync(wire, "AT+CIPSSLCALPN?"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off", "")]
    [InlineData("on", "tls.example")]
    public async Task Builds_differ_in_whether_the_host_is_sent_as_the_server_name(string value, string name)
    {
        _network.AddName("tls.example", "10.0.0.1");
        await using ModemSimulator module = Module("esp-at", switches: ("sni-from-host", value));
        await using WireReader wire = await OnlineAsync(module);
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, "AT+CIPSTART=\"SSL\",\"tls.example\",443"));

        Assert.Equal(name, (await HelloAsync()).Name);
    }

    [Theory]
    [InlineData("AT+CIPSSLCCONF=2,0,0", "NO CA FOUND\r\n")]
    [InlineData("AT+CIPSSLCCONF=1,0,0", "NO CERT FOUND\r\n")]
    [InlineData("AT+CIPSSLCCONF=1,1,0", "NO PRVT_KEY FOUND\r\n")]
    public async Task An_empty_slot_is_told_of(string setting, string text)
    {
        var flash = new ModuleCertificates
        {
            Clients = new Dictionary<int, X509Certificate2> { [1] = Certificates.KeylessClient },
        };
        await using ModemSimulator late = Module("esp-at", flash);
        await using WireReader lateWire = await OnlineAsync(late);
        Assert.Equal(Ok, await AskAsync(lateWire, setting));
        Assert.Equal(text + Error, await AskAsync(lateWire, Start));
        Assert.Equal(Ok, await AskAsync(lateWire, "AT+CIPSSLCCONF=0"));
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(lateWire, Start));

        await using ModemSimulator early = Module("esp-at", flash, ("missing-certificate", "at-cipsslcconf"));
        await using WireReader earlyWire = await OnlineAsync(early);
        Assert.Equal(text + Error, await AskAsync(earlyWire, setting));
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(earlyWire, Start));
    }

    [Theory]
    [InlineData("esp-at", Error)]
    [InlineData("esp-at-1.7", "ssl reach max\r\n" + Error)]
    [InlineData("esp-at-esp32", "1,CONNECT\r\n" + Ok)]
    public async Task An_ESP8266_has_one_TLS_link_at_a_time(string personality, string answer)
    {
        await using ModemSimulator module = Module(personality);
        await using WireReader wire = await OnlineAsync(module);
        _ = await AskAsync(wire, "AT+CIPMUX=1");
        Assert.Equal("0,CONNECT\r\n" + Ok, await AskAsync(wire, "AT+CIPSTART=0,\"SSL\",\"10.0.0.1\",443"));

        Assert.Equal(answer, await AskAsync(wire, "AT+CIPSTART=1,\"SSL\",\"10.0.0.1\",443"));
    }

    [Theory]
    [InlineData("error", Error)]
    [InlineData("closed-ok", "CLOSED\r\n" + Ok)]
    public async Task A_peer_that_closes_in_the_handshake(string value, string answer)
    {
        _network.Serve("10.0.0.2", 443, _ => Task.CompletedTask);
        await using ModemSimulator module = Module("esp-at", switches: ("closed-in-handshake", value));
        await using WireReader wire = await OnlineAsync(module);

        Assert.Equal(answer, await AskAsync(wire, "AT+CIPSTART=\"SSL\",\"10.0.0.2\",443"));
        Assert.Equal("STATUS:2\r\n" + Ok, await AskAsync(wire, "AT+CIPSTATUS"));
    }

    [Fact]
    public async Task A_real_socket_carries_much_data_under_TLS()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var pattern = new byte[300_000];
        new Random(5).NextBytes(pattern);
        Task serving = ServeAsync();
        await using var module = new ModemSimulator(new SimulatorOptions());
        await using WireReader wire = await OnlineAsync(module);
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, $"AT+CIPSTART=\"SSL\",\"127.0.0.1\",{port}"));
        _ = await AskAsync(wire, "AT+CIPMODE=1");
        _ = await wire.ExchangeAsync("AT+CIPSEND\r\n", ">", Token);
        var got = new byte[pattern.Length];
        await Task.WhenAll(wire.Stream.WriteAsync(pattern, Token).AsTask(), wire.Stream.ReadExactlyAsync(got, Token).AsTask())
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Token);

        Assert.Equal(pattern, got);
        await module.DisposeAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Null(module.Failure);

        async Task ServeAsync()
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(Token);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(Certificates.Server);
            var copy = new byte[pattern.Length];
            await tls.ReadExactlyAsync(copy, Token);
            await tls.WriteAsync(copy, Token);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_is_an_error()
    {
        _network.Serve("10.0.0.2", 443, async peer =>
        {
            await peer.WriteAsync("220 smtp.example ready\r\n"u8.ToArray(), Token);
            await peer.Ended;
        });
        await using ModemSimulator module = Module("esp-at");
        await using WireReader wire = await OnlineAsync(module);

        Assert.Equal(Error, await AskAsync(wire, "AT+CIPSTART=\"SSL\",\"10.0.0.2\",443"));
    }

    [Fact]
    public async Task NonOS_fails_when_the_certificates_do_not_fit_its_buffer()
    {
        var big = new InMemoryNetwork();
        big.Serve("10.0.0.1", 443, peer => EchoAsync(peer, Big()));
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "esp-at-1.7", Network = big });
        await using WireReader wire = await OnlineAsync(module);
        Assert.Equal(Error, await AskAsync(wire, Start, afterwards: "CLOSED\r\n"));
        Assert.Equal(Error, await AskAsync(wire, "AT+CIPSSLSIZE=2047"));
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSSLSIZE=4096"));
        Assert.Equal("CONNECT\r\n" + Ok, await AskAsync(wire, Start));

        Assert.Equal("must close ssl link\r\n" + Error, await AskAsync(wire, "AT+CIPSSLSIZE=4096"));
    }

    [Theory]
    [InlineData("encrypted", 38)]
    [InlineData("plain", 9)]
    public async Task A_passive_link_announces_the_length_of_what_came(string value, int announced)
    {
        await using ModemSimulator module = Module("esp-at", switches: ("tls-passive-length", value));
        await using WireReader wire = await OnlineAsync(module);
        _ = await AskAsync(wire, "AT+CIPRECVMODE=1");
        _ = await AskAsync(wire, Start);
        _ = await wire.ExchangeAsync("AT+CIPSEND=4\r\n", ">", Token);
        _ = await wire.ExchangeAsync("ping", "SEND OK\r\n", Token);
        Assert.Equal($"\r\n+IPD,{announced}\r\n", await wire.ExpectAsync($"{announced}\r\n", Token));

        Assert.Equal("+CIPRECVDATA:9,you: ping" + Ok, await AskAsync(wire, $"AT+CIPRECVDATA={announced}"));
        Assert.Equal(Error, await AskAsync(wire, "AT+CIPRECVDATA=29"));
    }

    [Theory]
    [InlineData("esp-at", "\r\nOK\r\n\r\n>")]
    [InlineData("esp-at-2.1", Error)]
    [InlineData("esp-at-1.7", "not TCP\r\n" + Error)]
    public async Task Transparent_mode_over_TLS_is_for_newer_firmware(string personality, string answer)
    {
        await using ModemSimulator module = Module(personality);
        await using WireReader wire = await OnlineAsync(module);
        _ = await AskAsync(wire, Start);
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPMODE=1"));
        string said = await wire.ExchangeAsync("AT+CIPSEND\r\n", answer, Token);
        Assert.Equal(answer, said);
        if (answer != Error && !answer.EndsWith(Error, StringComparison.Ordinal))
        {
            Assert.Equal("you: data", await wire.ExchangeAsync("data", "data", Token));
        }
    }

    [Theory]
    [InlineData("esp-at", Ok)]
    [InlineData("esp-at-2.1", Error)]
    [InlineData("esp-at-1.7", Error)]
    public async Task A_saved_link_may_be_TLS_with_newer_firmware(string personality, string answer)
    {
        await using ModemSimulator module = Module(personality);
        await using WireReader wire = await OnlineAsync(module);
        Assert.Equal(answer, await AskAsync(wire, "AT+SAVETRANSLINK=1,\"10.0.0.1\",443,\"SSL\""));
        if (answer == Ok)
        {
            Assert.Equal(Ok, await AskAsync(wire, "AT+SYSMSG=4")); // Or the moment of the connect would not be known.
            _ = await wire.ExchangeAsync("AT+RST\r\n", "\r\nready\r\n\r\n>", Token);
            _ = await wire.ExpectAsync("\nCONNECT\r\n", Token);
            Assert.Equal("you: data", await wire.ExchangeAsync("data", "data", Token));
        }
    }

    [Fact]
    public async Task A_saved_TLS_link_without_its_authority_does_not_come_up_and_does_no_harm()
    {
        int attempts = 0;
        await using var bench = new Bench(change: options => options with
        {
            Trace = line => attempts += line == "! TLS: NO CA FOUND" ? 1 : 0,
        }).Online();
        bench.Network.Listen("10.0.0.1", 443);
        Assert.Equal(Ok, bench.Command("AT+CIPSSLCCONF=2,0,0"));
        Assert.Equal(Ok, bench.Command("AT+SAVETRANSLINK=1,\"10.0.0.1\",443,\"SSL\""));
        Assert.Equal(Ok + "\r\nready\r\n\r\n>", bench.Command("AT+RST"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(1)));
        Assert.InRange(attempts, 8, 10);
        bench.Send("+++");
        bench.After(TimeSpan.FromSeconds(1));

        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("esp-at-2.0", "AT+CIPSSLCCONF?", Error)]
    [InlineData("esp-at-2.0", "AT+CIPSSLCSNI?", Error)]
    [InlineData("esp-at-1.6", "AT+CIPSSLCCONF=1", Error)]
    [InlineData("esp-at-1.6", "AT+CIPSSLSIZE=4096", Ok)]
    [InlineData("esp-at-1.7", "AT+CIPSSLCCONF=1", Ok)]
    [InlineData("esp-at-1.7", "AT+CIPSSLCCONF?", "+CIPSSLCCONF:0\r\n" + Ok)]
    [InlineData("esp-at-1.7", "AT+CIPSSLCSNI?", Error)]
    [InlineData("esp-at", "AT+CIPSSLSIZE=4096", Error)]
    [InlineData("esp-at", "AT+CIPSSLCCONF=4", Error)]
    [InlineData("esp-at", "AT+CIPSSLCALPN=2,\"mqtt\"", Error)]
    [InlineData("esp-at", "AT+CIPSSLCALPN=0", Ok)]
    [InlineData("esp-at", "AT+CIPSSLCCN", Error)]
    public async Task Releases_differ(string personality, string line, string answer)
    {
        await using var bench = new Bench(personality).Quiet();

        Assert.Equal(answer, bench.Command(line));
    }

    [Fact]
    public async Task The_policy_is_stored_and_the_names_are_not()
    {
        await using var bench = new Bench().Quiet();
        bench.Command("AT+SYSSTORE=0");
        bench.Command("AT+CIPMUX=1");
        Assert.Equal(Ok, bench.Command("AT+CIPSSLCCONF=5,3,1,1"));
        Assert.Equal(Ok, bench.Command("AT+CIPSSLCSNI=5,\"a.example\""));
        bench.Command("AT+RST");
        bench.Quiet();

        Assert.EndsWith("+CIPSSLCCONF:4,3,1,1\r\n" + Ok, bench.Command("AT+CIPSSLCCONF?"), StringComparison.Ordinal);
        Assert.EndsWith("+CIPSSLCSNI:4,\"\"\r\n" + Ok, bench.Command("AT+CIPSSLCSNI?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ESP32_serves_TLS_with_the_certificate_of_its_flash()
    {
        await using ModemSimulator without = Module("esp-at-esp32");
        await using WireReader withoutWire = await OnlineAsync(without);
        _ = await AskAsync(withoutWire, "AT+CIPMUX=1");
        Assert.Equal("NO CERT FOUND\r\n" + Error, await AskAsync(withoutWire, "AT+CIPSERVER=1,443,\"SSL\""));
        await using ModemSimulator module = Module(
            "esp-at-esp32", new ModuleCertificates { Server = Certificates.Server });
        await using WireReader wire = await OnlineAsync(module);
        _ = await AskAsync(wire, "AT+CIPMUX=1");
        Assert.Equal(Ok, await AskAsync(wire, "AT+CIPSERVER=1,443,\"SSL\""));
        Assert.Equal("+CIPSERVER:1,443,\"SSL\",0\r\n" + Ok, await AskAsync(wire, "AT+CIPSERVER?"));

        string address = (await AskAsync(wire, "AT+CIPSTA?")).Split('"')[1];
        await using var client = new SslStream(
            _network.Connect(address, 443), false, (_, certificate, _, _) => certificate is not null);
        await client.AuthenticateAsClientAsync("module").WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token);
        Assert.Equal("0,CONNECT\r\n", await wire.ExpectAsync("\r\n", Token));
        await client.WriteAsync("hello"u8.ToArray(), Token);
        Assert.Equal("\r\n+IPD,0,5:hello", await wire.ExpectAsync("hello", Token));
    }

    private ModemSimulator Module(
        string personality, ModuleCertificates? flash = null, (string Name, string Value)? switches = null)
    {
        _network.Serve("10.0.0.1", 443, peer => EchoAsync(peer, Certificates.Server));
        return new ModemSimulator(new SimulatorOptions
        {
            Personality = personality,
            Network = _network,
            Certificates = flash ?? new ModuleCertificates(),
            Switches = switches is (string name, string value)
                ? new Dictionary<string, string> { [name] = value }
                : [],
        });
    }

    /// <summary>A TLS server that says what it hears.</summary>
    private async Task EchoAsync(Stream peer, X509Certificate2 certificate)
    {
        await using var tls = new SslStream(peer, leaveInnerStreamOpen: true);
        try
        {
            string name = "";
            await tls.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    name = hello.ServerName;
                    return ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = true,
                        ApplicationProtocols = [new SslApplicationProtocol("echo")],
                        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is null or { Subject.Length: > 0 },
                    });
                },
                null,
                Token);
            await _hellos.Writer.WriteAsync((
                name,
                Encoding.ASCII.GetString(tls.NegotiatedApplicationProtocol.Protocol.Span),
                tls.RemoteCertificate?.Subject ?? ""), Token);
            var buffer = new byte[1024];
            for (int count; (count = await tls.ReadAsync(buffer, Token)) > 0;)
            {
                await tls.WriteAsync(Encoding.ASCII.GetBytes("you: " + Encoding.ASCII.GetString(buffer, 0, count)), Token);
            }
        }
        catch (Exception refused) when (refused is IOException
            or System.Security.Authentication.AuthenticationException)
        {
            // The module did not like the server, which is what the test is about.
        }
    }

    /// <summary>What the server has learned of its next client.</summary>
    private async Task<(string Name, string Protocol, string Client)> HelloAsync() =>
        await _hellos.Reader.ReadAsync(Token).AsTask().WaitAsync(
            TimeSpan.FromSeconds(20), TimeProvider.System, Token);

    private static X509Certificate2 Big()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=big", key, System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        for (int i = 0; i < 60; i++)
        {
            names.AddDnsName($"host{i}.long-name-of-a-domain.example");
        }

        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static async Task KnowTimeAsync(WireReader wire)
    {
        _ = await AskAsync(wire, "AT+CIPSNTPCFG=1,0");
        while ((await AskAsync(wire, "AT+CIPSNTPTIME?")).Contains(" 1970", StringComparison.Ordinal))
        {
            // The answer of the time server is on its way; each question has its own deadline.
        }
    }

    private static async Task<WireReader> OnlineAsync(ModemSimulator module)
    {
        var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", Token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", Token);
        return wire;
    }

    /// <summary>A command, and all of its answer.</summary>
    private static async Task<string> AskAsync(WireReader wire, string line, string afterwards = "")
    {
        string said = await wire.ExchangeAsync(line + "\r\n", "\r\n", Token);
        while (!said.EndsWith(Ok, StringComparison.Ordinal) && !said.EndsWith(Error, StringComparison.Ordinal))
        {
            said += await wire.ExpectAsync("\r\n", Token);
        }

        if (afterwards.Length > 0)
        {
            Assert.Equal(afterwards, await wire.ExpectAsync(afterwards, Token));
        }

        return said;
    }
}
