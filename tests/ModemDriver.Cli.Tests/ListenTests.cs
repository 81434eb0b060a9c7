using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed partial class ListenTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_peer_gets_standard_input_and_its_bytes_go_to_standard_output()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var tool = new RunningTool(
            "hello\r\n", "listen", "--port", simulated.Port, "8080", "--linger", "30", "--max", "1", "--json");
        using Socket peer = await ConnectAsync(simulated, tool);

        byte[] heard = new byte[7];
        await ReadAsync(peer, heard);
        await peer.SendAsync("good bye"u8.ToArray(), token);
        peer.Shutdown(SocketShutdown.Both);

        Assert.Equal(ExitCode.Ok, await tool.Run.WaitAsync(Deadline, token));
        Assert.Equal("hello\r\n", Encoding.ASCII.GetString(heard));
        Assert.Equal("good bye", Encoding.ASCII.GetString(tool.Output.ToArray()));
        string json = tool.Errors[tool.Errors.IndexOf('{', StringComparison.Ordinal)..];
        JsonElement link = JsonDocument.Parse(json).RootElement.GetProperty("links")[0];
        Assert.Equal(8, link.GetProperty("bytesReceived").GetInt64());
        Assert.Equal(7, link.GetProperty("bytesSent").GetInt64());
        Assert.StartsWith("127.0.0.1:", link.GetProperty("peer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_peer_gets_its_own_bytes_back()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using var tool = new RunningTool(
            "", "listen", "--port", simulated.Port, "8080", "--echo", "--count", "2", "--json");
        using Socket first = await ConnectAsync(simulated, tool);
        using Socket second = await ConnectAsync(simulated, tool);

        await first.SendAsync("one"u8.ToArray(), token);
        await second.SendAsync("two!"u8.ToArray(), token);
        byte[] heardFirst = new byte[3];
        byte[] heardSecond = new byte[4];
        await ReadAsync(first, heardFirst);
        await ReadAsync(second, heardSecond);
        first.Shutdown(SocketShutdown.Both);
        second.Shutdown(SocketShutdown.Both);

        Assert.Equal(ExitCode.Ok, await tool.Run.WaitAsync(Deadline, token));
        Assert.Equal("one", Encoding.ASCII.GetString(heardFirst));
        Assert.Equal("two!", Encoding.ASCII.GetString(heardSecond));
        JsonElement links = JsonDocument.Parse(tool.Out).RootElement.GetProperty("links");
        Assert.Equal([3, 4], links.EnumerateArray().Select(link => link.GetProperty("bytesReceived").GetInt64()).Order());
    }

    [Fact]
    public async Task A_module_that_cannot_verify_says_what_would_allow_it()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "esp-at-1.7");

        ToolRun run = await ToolRun.StartAsync("tcp", "--port", simulated.Port, "127.0.0.1", "9", "--module-tls");

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("ModuleTlsVerification", "--insecure allows it");
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    public async Task Lines_become_datagrams_and_answers_are_shown_with_their_sender(string personality)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);
        using var echo = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)echo.Client.LocalEndPoint!).Port; // it is bound
        Task echoing = EchoAsync(echo, 2, token);

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream("one\r\n\ntwo"u8.ToArray()), [],
            ["udp", "--port", simulated.Port, "127.0.0.1", $"{port}", "--linger", "60", "--count", "2", "--json"]);

        run.ShouldEnd(ExitCode.Ok);
        await echoing.WaitAsync(Deadline, token);
        JsonElement report = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(2, report.GetProperty("sent").GetInt32());
        Assert.Equal(0, report.GetProperty("dropped").GetInt32());
        Assert.Equal(
            [$"127.0.0.1:{port} one", $"127.0.0.1:{port} two"],
            report.GetProperty("received").EnumerateArray().Select(datagram =>
                $"{datagram.GetProperty("sender").GetString()} {Encoding.ASCII.GetString(datagram.GetProperty("base64").GetBytesFromBase64())}"));
    }

    [Fact]
    public async Task A_datagram_is_one_line_whatever_it_holds()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        using var echo = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)echo.Client.LocalEndPoint!).Port; // it is bound
        Task echoing = EchoAsync(echo, 1, token);

        ToolRun run = await ToolRun.StartAsync(
            new MemoryStream("a\\b\nc\0"u8.ToArray()), [],
            ["udp", "--port", simulated.Port, "127.0.0.1", $"{port}", "--linger", "60", "--count", "1", "--whole"]);

        run.ShouldEnd(ExitCode.Ok);
        await echoing.WaitAsync(Deadline, token);
        Assert.Equal($"127.0.0.1:{port} a\\\\b\\x0ac\\x00", run.Out.TrimEnd());
    }

    private static async Task EchoAsync(UdpClient echo, int count, CancellationToken token)
    {
        for (int i = 0; i < count; i++)
        {
            UdpReceiveResult datagram = await echo.ReceiveAsync(token);
            await echo.SendAsync(datagram.Buffer, datagram.RemoteEndPoint, token);
        }
    }

    private static async Task<Socket> ConnectAsync(SimulatedPort simulated, RunningTool tool)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await Task.WhenAny(tool.Listening, tool.Run).WaitAsync(Deadline, token);
        Assert.True(tool.Listening.IsCompleted, $"it has ended: {tool.Errors}");
        int port = int.Parse(HostPort().Match(simulated.Errors).Groups[1].Value, CultureInfo.InvariantCulture);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), token).AsTask().WaitAsync(Deadline, token);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        CancellationToken token = TestContext.Current.CancellationToken;
        await stream.ReadExactlyAsync(buffer, token).AsTask().WaitAsync(Deadline, token);
    }

    [GeneratedRegex(@"port 8080 is 127\.0\.0\.1:(\d+)")]
    private static partial Regex HostPort();

    /// <summary>The tool while it runs, in this process.</summary>
    private sealed class RunningTool : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly StringWriter _out = new(CultureInfo.InvariantCulture);
        private readonly SignalWriter _error = new();

        public RunningTool(string input, params string[] arguments) => Run = ModemTool.RunAsync(
            arguments,
            new ToolContext
            {
                OpenInput = () => new MemoryStream(Encoding.ASCII.GetBytes(input)),
                OpenOutput = () => Output,
                Out = _out,
                Error = _error,
                IsErrorTerminal = false,
                Variable = _ => null,
                Time = TimeProvider.System,
            },
            _stop.Token);

        public Task<ExitCode> Run { get; }

        public MemoryStream Output { get; } = new();

        public string Out => _out.ToString();

        public string Errors => _error.ToString();

        public Task Listening => _error.Listening;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Run.WaitAsync(Deadline);
            _stop.Dispose();
            await _out.DisposeAsync();
            await _error.DisposeAsync();
        }
    }

    /// <summary>Tells when the tool says that the module listens.</summary>
    private sealed class SignalWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Listening => _listening.Task;

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            if (value?.StartsWith("Listening on", StringComparison.Ordinal) == true)
            {
                _listening.TrySetResult();
            }

            return Task.CompletedTask;
        }
    }
}
