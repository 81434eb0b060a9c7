using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Simulator.Tests;

/// <summary>TLS of the module's own, against a real TLS server.</summary>
public sealed class LuatTlsTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Start = "AT+CIPSTART=\"TCP\",\"10.0.0.1\",443";

    private static readonly TestCertificates Certificates = TestCertificates.Shared;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_level_nothing_is_verified_and_data_goes_both_ways()
    {
        await using ModemSimulator module = Module();
        await using WireReader wire = await QuietAsync(module);
        await GiveAsync(wire, "AT+CIPSSL=1");

        Assert.EndsWith("CONNECT OK\r\n", await wire.ExchangeAsync(Start + "\r\n", "CONNECT OK\r\n", Token), StringComparison.Ordinal);
        _ = await wire.ExchangeAsync("AT+CIPSEND=4\r\n", "> ", Token);
        _ = await wire.ExchangeAsync("ping", "SEND OK\r\n", Token);
        Assert.Contains("you: ping\r\n", await wire.ExpectAsync("you: ping\r\n", Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, TestCertificates.ServerName, "CONNECT OK\r\n")]
    [InlineData(false, "other.example", "STATE: IP STATUS\r\n\r\nCONNECT FAIL\r\n")]
    [InlineData(true, TestCertificates.ServerName, "STATE: IP STATUS\r\n\r\nCONNECT FAIL\r\n")]
    public async Task A_server_is_verified_by_the_file_and_the_name(bool isStranger, string name, string said)
    {
        await using ModemSimulator module = Module();
        await using WireReader wire = await QuietAsync(module);
        X509Certificate2 authority = isStranger ? Certificates.OtherAuthority : Certificates.Authority;
        await WriteFileAsync(wire, "ca.crt", authority.ExportCertificatePem());
        await GiveAsync(wire, "AT+SSLCFG=\"cacert\",0,\"ca.crt\"", "AT+SSLCFG=\"seclevel\",0,1",
            $"AT+SSLCFG=\"hostname\",0,\"{name}\"", "AT+CIPSSL=1");

        Assert.EndsWith(said, await wire.ExchangeAsync(Start + "\r\n", said, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_connect_that_fails()
    {
        await using ModemSimulator module = Module();
        await using WireReader wire = await QuietAsync(module);
        await GiveAsync(wire, "AT+SSLCFG=\"cacert\",0,\"no.crt\"", "AT+SSLCFG=\"seclevel\",0,1", "AT+CIPSSL=1");

        Assert.EndsWith("CONNECT FAIL\r\n", await wire.ExchangeAsync(Start + "\r\n", "CONNECT FAIL\r\n", Token), StringComparison.Ordinal);
        Assert.Contains("OK", await wire.ExchangeAsync("AT\r\n", Ok, Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AT+SSLCFG=\"seclevel\",0", "\r\n+SSLCFG: \"seclevel\",0,\r\n" + Ok)]
    [InlineData("AT+SSLCFG=\"seclevel\",6,1", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+SSLCFG=\"seclevel\",0,3", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+SSLCFG=\"premaster\",0,1", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+SSLCFG=\"hostname\",88,\"a.b\";+SSLCFG=\"hostname\",88", "\r\n+SSLCFG: \"hostname\",88,\"a.b\"\r\n" + Ok)]
    [InlineData("AT+SSLCFG=\"hostname\",0,\"a.b\";+SSLCFG=\"hostname\",0,;+SSLCFG=\"hostname\",0", "\r\n+SSLCFG: \"hostname\",0,\r\n" + Ok)]
    [InlineData("AT+FSDEL=no.crt", "\r\n+CME ERROR: 62\r\n")]
    [InlineData("AT+FSWRITE=\"no.crt\",0,4,10", "\r\n+CME ERROR: 62\r\n")]
    [InlineData("AT+FSMEM", "\r\n+FSMEM: 262144 bytes\r\n" + Ok)]
    public async Task Settings_and_files_are_checked(string line, string answer)
    {
        await using var bench = new Bench("air780").Quiet();

        Assert.Equal(answer, bench.Send(line + "\r"));
    }

    [Theory]
    [InlineData("bare", "\r\n>")]
    [InlineData("blank", "\r\n> ")]
    [InlineData("line", "\r\n>\r\n")]
    public async Task A_file_is_written_appended_and_read(string prompt, string shown)
    {
        await using var bench = LuatBench.Make("air780", "fswrite-prompt", prompt).Given("AT+FSCREATE=a.txt");

        Assert.Equal(shown, bench.Send("AT+FSWRITE=a.txt,0,4,10\r\n"));
        Assert.Equal(Ok, bench.Send("ab\r\n"));
        bench.Send("AT+FSWRITE=a.txt,1,2,10\r\n");
        Assert.Equal(Ok, bench.Send("cd"));
        Assert.Equal("\r\nab\r\ncd\r\n" + Ok, bench.Send("AT+FSREAD=a.txt,0,100,0\r"));
        Assert.Equal("\r\ncd\r\n" + Ok, bench.Send("AT+FSREAD=a.txt,1,100,4\r"));
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(20)));
        Assert.Equal(Ok, bench.Send("AT+FSDEL=a.txt\r"));
    }

    private static ModemSimulator Module()
    {
        var network = new InMemoryNetwork();
        network.Serve("10.0.0.1", 443, ServeAsync);
        return new ModemSimulator(new SimulatorOptions { Personality = "air780", Network = network });
    }

    private static async Task ServeAsync(InMemoryPeer peer)
    {
        await using var tls = new SslStream(peer, leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = Certificates.Server }, CancellationToken.None);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return; // What the test is about.
        }

        var buffer = new byte[100];
        int count = await tls.ReadAsync(buffer, CancellationToken.None);
        await tls.WriteAsync((byte[])[.. "you: "u8, .. buffer.AsSpan(0, count)], CancellationToken.None);
        _ = await tls.ReadAsync(buffer, CancellationToken.None);
    }

    private static async Task<WireReader> QuietAsync(ModemSimulator module)
    {
        var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", Ok, Token);
        return wire;
    }

    private static async Task GiveAsync(WireReader wire, params string[] lines)
    {
        foreach (string line in lines)
        {
            Assert.Equal(Ok, await wire.ExchangeAsync(line + "\r\n", Ok, Token));
        }
    }

    private static async Task WriteFileAsync(WireReader wire, string name, string text)
    {
        await GiveAsync(wire, $"AT+FSCREATE=\"{name}\"");
        _ = await wire.ExchangeAsync($"AT+FSWRITE=\"{name}\",0,{text.Length},10\r\n", ">", Token);
        _ = await wire.ExchangeAsync(text, Ok, Token);
    }
}
