using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class SimulateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("modem-cli-").FullName;

    private string Link => Path.Combine(_directory, "ttyESP");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(ToolProcess.Interrupt)]
    [InlineData(ToolProcess.Terminate)]
    public async Task A_signal_ends_it_well_and_leaves_no_link_behind(int signal)
    {
        await using ToolProcess tool = ToolProcess.Start("simulate", "--pty", Link, "--unpaced");
        Assert.Equal(Link, await tool.ReadLineAsync());
        Assert.StartsWith("/dev/pts/", new FileInfo(Link).LinkTarget, StringComparison.Ordinal);

        tool.Signal(signal);
        await tool.ShouldEndAsync(ExitCode.Ok);

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_signal_frees_the_TCP_port()
    {
        await using ToolProcess tool = ToolProcess.Start("simulate", "--tcp", "0", "--unpaced");
        var address = new Uri(await tool.ReadLineAsync());
        Assert.Equal("tcp", address.Scheme);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        }

        tool.Signal(ToolProcess.Terminate);
        await tool.ShouldEndAsync(ExitCode.Ok);

        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(
            async () => await late.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Orders_on_standard_input_are_carried_out_and_others_are_said_to_be_none()
    {
        await using ToolProcess tool = ToolProcess.Start("simulate", "--tcp", "0", "--unpaced", "--control");
        var address = new Uri(await tool.ReadLineAsync());
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());

        // What the module says before the simulator has taken the connection goes nowhere.
        await client.GetStream().WriteAsync("AT\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await ReadUntilAsync(reader, "OK");

        await OrderAsync(tool, "reset", reader, "ready");
        await OrderAsync(tool, "", reader, "WIFI GOT IP"); // no order; the module joins by itself
        await OrderAsync(tool, "ap off", reader, "WIFI DISCONNECT");
        await OrderAsync(tool, "fly\nap on\nreset", reader, "WIFI GOT IP");

        tool.Input.Close();
        tool.Signal(ToolProcess.Terminate);
        string error = await tool.ShouldEndAsync(ExitCode.Ok);
        Assert.Contains("The module was reset.", error, StringComparison.Ordinal);
        Assert.Contains("modem: There is no order 'fly'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_a_file_of_somebody_is_left_alone()
    {
        await File.WriteAllTextAsync(Link, "mine", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.StartAsync("simulate", "--pty", Link);

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay(Link);
        Assert.Equal("mine", await File.ReadAllTextAsync(Link, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_link_of_a_killed_run_is_taken_over()
    {
        File.CreateSymbolicLink(Link, "/dev/pts/999999");

        await using (SimulatedPort simulated = await SimulatedPort.StartAsync("--pty", Link))
        {
            Assert.Equal(Link, simulated.Port);
            Assert.True(File.Exists(Link));
            Assert.NotEqual("/dev/pts/999999", new FileInfo(Link).LinkTarget);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_path_from_the_working_directory_works_for_the_simulator_and_for_the_driver()
    {
        string near = Path.GetRelativePath(Environment.CurrentDirectory, Link);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--pty", near);

        ToolRun run = await ToolRun.StartAsync("at", "--port", near, "AT");

        Assert.Equal(Link, simulated.Port);
        run.ShouldEnd(ExitCode.Ok);
    }

    [Fact]
    public async Task A_link_that_leads_to_something_is_left_alone()
    {
        File.CreateSymbolicLink(Link, "/dev/null");

        ToolRun run = await ToolRun.StartAsync("simulate", "--pty", Link);

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay(Link, "/dev/null");
        Assert.Equal("/dev/null", new FileInfo(Link).LinkTarget);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_said_so()
    {
        ToolRun run = await ToolRun.StartAsync("simulate", "--pty", Path.Combine(_directory, "nowhere", "tty"));

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay("nowhere");
    }

    [Fact]
    public async Task A_TCP_port_that_is_taken_is_said_so()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        ToolRun run = await ToolRun.StartAsync("simulate", "--tcp", $"{port}");

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay($"{port}");
    }

    [Fact]
    public async Task A_server_of_the_module_can_be_reached_at_the_port_that_is_said()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--tcp", "0", "--listen", "80=0");
        var port = new Uri(simulated.Port);
        using var module = new TcpClient(port.Host, port.Port);
        await AskAsync(module, "AT+CIPMUX=1", "OK\r\n");
        await AskAsync(module, "AT+CIPSERVER=1,80", "OK\r\n");
        string said = Assert.Single(
            simulated.Errors.Split(Environment.NewLine),
            line => line.StartsWith("The module's port 80 is 127.0.0.1:", StringComparison.Ordinal));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, int.Parse(
            said.Split(':')[^1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture), cancellationToken);

        await AskAsync(module, "", "0,CONNECT\r\n");
    }

    [Theory]
    [InlineData("--switch", "no-such=on", "echo-doubles-return")]
    [InlineData("--switch", "echo-doubles-return", "on, off")]
    [InlineData("--listen", "0=80", "--listen")]
    [InlineData("--listen", "80", "--listen")]
    [InlineData("--listen", "80=65536", "--listen")]
    public async Task A_wrong_setting_is_refused_with_what_there_is(string option, string value, string said)
    {
        ToolRun run = await ToolRun.StartAsync("simulate", option, value);

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay(said);
    }

    [Fact]
    public async Task A_switch_is_the_simulated_module_s()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync(
            "--tcp", "0", "--switch", "echo-doubles-return=on");
        var port = new Uri(simulated.Port);
        using var module = new TcpClient(port.Host, port.Port);

        Assert.StartsWith("AT\r\r\n", await AskAsync(module, "AT", "OK\r\n"), StringComparison.Ordinal);
    }

    /// <summary>Writes a line, unless it is empty, and reads until an answer has come to its end.</summary>
    private static async Task<string> AskAsync(TcpClient module, string line, string ending)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token, TestContext.Current.CancellationToken);
        NetworkStream stream = module.GetStream();
        if (line.Length > 0)
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\r\n"), either.Token);
        }

        var said = new System.Text.StringBuilder();
        var one = new byte[1];
        while (!said.ToString().EndsWith(ending, StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, either.Token);
            said.Append((char)one[0]);
        }

        return said.ToString();
    }

    [Fact]
    public async Task With_json_it_prints_a_document_with_the_port()
    {
        await using ToolProcess tool = ToolProcess.Start("simulate", "--json");
        string text = "";
        while (!text.EndsWith('}'))
        {
            text += await tool.ReadLineAsync();
        }

        tool.Signal(ToolProcess.Interrupt);
        await tool.ShouldEndAsync(ExitCode.Ok);

        JsonElement report = JsonDocument.Parse(text).RootElement;
        Assert.StartsWith("/dev/pts/", report.GetProperty("port").GetString(), StringComparison.Ordinal);
        Assert.True(report.GetProperty("paced").GetBoolean());
        Assert.Equal(115_200, report.GetProperty("bitRate").GetInt32());
    }

    /// <summary>Gives an order, and waits until the module says a line because of it.</summary>
    private static async Task OrderAsync(ToolProcess tool, string order, StreamReader module, string line)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await tool.Input.WriteAsync(Encoding.ASCII.GetBytes(order + "\n"), token);
        await tool.Input.FlushAsync(token);
        await ReadUntilAsync(module, line);
    }

    private static async Task ReadUntilAsync(StreamReader module, string line)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (await module.ReadLineAsync(deadline.Token) != line)
        {
        }
    }
}
