using ModemDriver.Transport;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class PortTroubleTests
{
    [Theory]
    [InlineData("/dev/ttyThatIsNotThere")]
    [InlineData("serialport:/dev/ttyThatIsNotThere")]
    public async Task A_missing_port_is_exit_code_3(string port)
    {
        ToolRun run = await ToolRun.StartAsync("info", "--port", port);

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay("There is no port", "/dev/ttyThatIsNotThere");
    }

    [Fact]
    public async Task A_file_that_is_no_port_is_exit_code_3()
    {
        ToolRun run = await ToolRun.StartAsync("at", "--port", "/dev/null", "AT");

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay("/dev/null is not a serial port");
    }

    [Fact]
    public async Task A_serial_server_that_is_not_there_is_exit_code_3()
    {
        using var refusing = new RefusingPort();

        ToolRun run = await ToolRun.StartAsync("info", "--port", $"tcp://127.0.0.1:{refusing.Port}");

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay($"Nobody listens at 127.0.0.1 port {refusing.Port}");
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_exit_code_3()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync();
        await using ITransport holder = TransportFactory.Create(simulated.Port);
        await holder.OpenAsync(new NoSink(), TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.StartAsync("info", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.PortUnavailable);
        run.ShouldSay("in use");
    }

    [Fact]
    public async Task A_port_that_nobody_answers_on_is_exit_code_4()
    {
        using SilentPty silent = SilentPty.Open();

        ToolRun run = await ToolRun.StartAsync("info", "--port", silent.Path);

        run.ShouldEnd(ExitCode.ModuleSilent);
        run.ShouldSay("Check that the module has power");
    }

    [Fact]
    public async Task A_run_that_is_not_done_in_time_is_exit_code_5()
    {
        using SilentPty silent = SilentPty.Open();

        ToolRun run = await ToolRun.StartAsync("info", "--port", silent.Path, "--timeout", "0.2");

        run.ShouldEnd(ExitCode.TimeLimit);
        run.ShouldSay("Not done within 0.2 s", "--timeout");
    }

    [Fact]
    public async Task Ctrl_C_is_exit_code_130()
    {
        using SilentPty silent = SilentPty.Open();
        await using ToolProcess tool = ToolProcess.Start("info", "--port", silent.Path);
        await silent.WaitForBytesAsync();

        tool.Signal(ToolProcess.Interrupt);

        string error = await tool.ShouldEndAsync(ExitCode.Cancelled);
        Assert.Equal("modem: Cancelled.\n", error);
    }

    private sealed class NoSink : ITransportSink
    {
        public void Received(ReadOnlySpan<byte> data)
        {
        }

        public void Closed(TransportException? reason)
        {
        }
    }
}
