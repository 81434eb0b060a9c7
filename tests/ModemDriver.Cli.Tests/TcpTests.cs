using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class TcpTests
{
    [Fact]
    public async Task A_mebibyte_goes_to_an_echo_and_back_unchanged_without_an_SSID()
    {
        byte[] data = RandomNumberGenerator.GetBytes(1024 * 1024);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var echo = new LoopbackServer(LoopbackServer.EchoAsync);

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream(data), [],
            ["tcp", "--port", simulated.Port, "127.0.0.1", $"{echo.Port}", "--linger", "1", "--json"]);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(run.OutBytes));
        JsonElement report = JsonDocument.Parse(run.Error).RootElement;
        Assert.Equal(data.Length, report.GetProperty("bytesSent").GetInt64());
        Assert.Equal(data.Length, report.GetProperty("bytesReceived").GetInt64());
    }

    [Fact]
    public async Task As_a_process_it_passes_every_byte_through_its_streams()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] data = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var echo = new LoopbackServer(LoopbackServer.EchoAsync);
        await using ToolProcess tool = ToolProcess.Start(
            "tcp", "--port", simulated.Port, "127.0.0.1", $"{echo.Port}", "--linger", "0.5");

        await tool.Input.WriteAsync(data, token);
        tool.Input.Close();
        using var output = new MemoryStream();
        await tool.Output.CopyToAsync(output, token);

        Assert.Equal("", await tool.ShouldEndAsync(ExitCode.Ok));
        Assert.Equal(data, output.ToArray());
    }

    [Fact]
    public async Task What_a_peer_says_before_it_closes_is_printed()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var greeter = new LoopbackServer(
            async (client, token) => await client.WriteAsync("good bye\r\n"u8.ToArray(), token));

        ToolRun run = await ToolRun.StartAsync(
            new NeverEnding(), [], ["tcp", "--port", simulated.Port, "127.0.0.1", $"{greeter.Port}"]);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal("good bye\r\n", Encoding.ASCII.GetString(run.OutBytes));
    }

    [Fact]
    public async Task A_peer_that_closes_as_soon_as_it_has_everything_is_no_failure()
    {
        byte[] request = RandomNumberGenerator.GetBytes(50_000);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var server = new LoopbackServer(async (client, token) =>
        {
            byte[] received = new byte[request.Length];
            await client.ReadExactlyAsync(received, token);
            await client.WriteAsync(SHA256.HashData(received), token);
        });

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream(request), [], ["tcp", "--port", simulated.Port, "127.0.0.1", $"{server.Port}"]);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal(SHA256.HashData(request), run.OutBytes);
    }

    [Fact]
    public async Task A_peer_that_refuses_is_exit_code_1()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        using var refusing = new RefusingPort();

        ToolRun run = await ToolRun.StartAsync("tcp", "--port", simulated.Port, "127.0.0.1", $"{refusing.Port}");

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay($"127.0.0.1:{refusing.Port}", "Check that the other end can be reached");
    }

    [Fact]
    public async Task A_module_without_a_network_says_how_to_join_one()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");

        ToolRun run = await ToolRun.StartAsync("tcp", "--port", simulated.Port, "127.0.0.1", "9");

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("--ssid", "MODEM_WIFI_PASSWORD");
    }

    [Fact]
    public async Task The_password_comes_from_the_environment_and_is_shown_nowhere()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--no-join");
        await using var echo = new LoopbackServer(LoopbackServer.EchoAsync);
        var variables = new Dictionary<string, string> { [CommonOptions.PasswordVariable] = "simulated!" };

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream([1, 2, 3]), variables,
            ["tcp", "--port", simulated.Port, "--ssid", "ModemDriver", "--log", "wire", "--linger", "0.2", "127.0.0.1", $"{echo.Port}"]);

        run.ShouldEnd(ExitCode.Ok);
        Assert.Equal<byte>([1, 2, 3], run.OutBytes);
        Assert.Contains("CWJAP", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("simulated!", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A terminal at which nobody types.</summary>
    private sealed class NeverEnding : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
