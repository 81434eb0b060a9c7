using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModemDriver.Cli.Demo;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class HttpTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modem-cli-").FullName;

    private string BodyFile => Path.Combine(_directory, "body");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_body_goes_to_a_file_and_the_report_to_standard_output()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var certificate = DemoCertificate.Create(IPAddress.Loopback, TimeProvider.System);
        await using DemoWebServer web = await DemoWebServer.StartAsync(IPAddress.Loopback, certificate, 300_000, token);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync(
            "http", "get", $"http://127.0.0.1:{web.HttpPort}/", "--port", simulated.Port, "--output", BodyFile, "--json");

        run.ShouldEnd(ExitCode.Ok);
        byte[] body = await File.ReadAllBytesAsync(BodyFile, token);
        Assert.Equal(web.BodyDigest, Convert.ToHexStringLower(SHA256.HashData(body)));
        JsonElement report = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(200, report.GetProperty("status").GetInt32());
        Assert.Equal(300_000, report.GetProperty("bytes").GetInt64());
    }

    [Theory]
    [InlineData("air780", 3356, ExitCode.Ok)]
    [InlineData("air820", 300_000, ExitCode.Ok)]
    [InlineData("air780", 3357, ExitCode.Refused)]
    [InlineData("esp-at", 100, ExitCode.Refused)]
    public async Task The_modules_own_client_fetches_what_it_can_hold(string personality, int length, object expected)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var certificate = DemoCertificate.Create(IPAddress.Loopback, TimeProvider.System);
        await using DemoWebServer web = await DemoWebServer.StartAsync(IPAddress.Loopback, certificate, length, token);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);

        ToolRun run = await ToolRun.StartAsync(
            "http", "get", $"http://127.0.0.1:{web.HttpPort}/", "--port", simulated.Port, "--output", BodyFile, "--on-module");

        run.ShouldEnd((ExitCode)expected);
        Assert.Equal(expected is ExitCode.Ok, File.Exists(BodyFile));
        if (expected is ExitCode.Ok)
        {
            Assert.Equal(
                web.BodyDigest, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(BodyFile, token))));
        }
        else
        {
            run.ShouldSay(personality == "esp-at" ? "OnBoardHttp" : "TooLong");
        }
    }

    [Fact]
    public async Task HTTPS_with_a_trusted_certificate_goes_to_standard_output()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var certificate = DemoCertificate.Create(IPAddress.Loopback, TimeProvider.System);
        string pem = Path.Combine(_directory, "ca.pem");
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), token);
        await using DemoWebServer web = await DemoWebServer.StartAsync(IPAddress.Loopback, certificate, 100_000, token);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();

        ToolRun run = await ToolRun.StartAsync(
            "http", "get", $"https://127.0.0.1:{web.HttpsPort}/", "--port", simulated.Port, "--cacert", pem);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(web.BodyDigest, Convert.ToHexStringLower(SHA256.HashData(run.OutBytes)));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task HTTPS_with_a_certificate_of_nobody_is_exit_code_1()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var certificate = DemoCertificate.Create(IPAddress.Loopback, TimeProvider.System);
        await using DemoWebServer web = await DemoWebServer.StartAsync(IPAddress.Loopback, certificate, 1000, token);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        string url = $"https://127.0.0.1:{web.HttpsPort}/";

        ToolRun strict = await ToolRun.StartAsync("http", "get", url, "--port", simulated.Port);
        ToolRun insecure = await ToolRun.StartAsync("http", "get", url, "--port", simulated.Port, "--insecure");

        strict.ShouldEnd(ExitCode.Refused);
        strict.ShouldSay("TLS", "--cacert");
        Assert.Empty(strict.OutBytes);
        insecure.ShouldEnd(ExitCode.Ok);
        Assert.Equal(1000, insecure.OutBytes.Length);
    }

    [Fact]
    public async Task An_answer_other_than_2xx_is_exit_code_1_and_writes_nothing()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var web = new LoopbackServer((client, token) => AnswerAsync(
            client, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnope", token));

        ToolRun run = await ToolRun.StartAsync(
            "http", "get", $"http://127.0.0.1:{web.Port}/", "--port", simulated.Port, "--output", BodyFile);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("404 Not Found", "nothing was written");
        Assert.False(File.Exists(BodyFile));
    }

    [Fact]
    public async Task A_body_that_ends_early_is_exit_code_1()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var web = new LoopbackServer((client, token) => AnswerAsync(
            client, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\nConnection: close\r\n\r\nonly this", token));

        ToolRun run = await ToolRun.StartAsync("http", "get", $"http://127.0.0.1:{web.Port}/", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay();
        Assert.Equal("only this", Encoding.ASCII.GetString(run.OutBytes));
    }

    [Fact]
    public async Task A_file_without_certificates_is_a_wrong_command_line()
    {
        await File.WriteAllTextAsync(BodyFile, "no PEM", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.StartAsync(
            "http", "get", "https://127.0.0.1/", "--port", "/dev/x", "--cacert", BodyFile);

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay(BodyFile, "no certificate");
    }

    private static async Task AnswerAsync(Stream client, string answer, CancellationToken token)
    {
        using var reader = new StreamReader(client, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(token) is { Length: > 0 })
        {
            // The request ends with an empty line.
        }

        await client.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
    }
}
