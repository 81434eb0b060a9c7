using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("Say what to do")]
    [InlineData("There is no verb 'dance'", "dance")]
    [InlineData("'--port' is required", "info")]
    [InlineData("'--port' is required", "at", "AT")]
    [InlineData("Required argument missing for command: 'at'", "at", "--port", "/dev/x")]
    [InlineData("--baud must be a number from 300 to 5000000, not '299'", "info", "--port", "/dev/x", "--baud", "299")]
    [InlineData("TCPPORT must be a number from 1 to 65535, not '65536'", "tcp", "--port", "/dev/x", "host", "65536")]
    [InlineData("TCPPORT must be a number from 1 to 65535, not 'http'", "tcp", "--port", "/dev/x", "host", "http")]
    [InlineData("--insecure goes with --module-tls", "tcp", "--port", "/dev/x", "host", "1", "--insecure")]
    [InlineData("--count goes with --echo", "listen", "--port", "/dev/x", "80", "--count", "2")]
    [InlineData("--max must be a number from 1 to 5, not '6'", "listen", "--port", "/dev/x", "80", "--max", "6")]
    [InlineData("--follow must be fixed, first or last, not 'me'", "udp", "--port", "/dev/x", "host", "1", "--follow", "me")]
    [InlineData("URL must begin with http:// or https://", "http", "get", "--port", "/dev/x", "ftp://host/")]
    [InlineData("--timeout needs seconds", "info", "--port", "/dev/x", "--timeout", "0")]
    [InlineData("--log must be wire, debug or trace", "info", "--port", "/dev/x", "--log", "loud")]
    [InlineData("--pty and --tcp exclude each other", "simulate", "--pty", "/tmp/x", "--tcp", "0")]
    [InlineData("Argument 'toaster' not recognized", "simulate", "--personality", "toaster")]
    [InlineData("--broker needs HOST:PORT", "demo", "--broker", "somewhere")]
    [InlineData("--weakest must be from -120 to 0, not '5'", "wifi", "scan", "--port", "/dev/x", "--weakest", "5")]
    [InlineData("--address needs an IPv4 address, not '1.2.3'", "wifi", "join", "n", "--port", "/dev/x", "--gateway", "1.2.3.1", "--address", "1.2.3")]
    [InlineData("--address, --gateway and --netmask belong together", "wifi", "join", "n", "--port", "/dev/x", "--address", "1.2.3.4")]
    [InlineData("--channel must be a number from 1 to 14", "wifi", "ap", "n", "--port", "/dev/x", "--channel", "15")]
    [InlineData("--offset must be from -12:00 to +14:00, not '+15:00'", "time", "--port", "/dev/x", "--offset", "+15:00")]
    [InlineData("--server may be given three times at most", "time", "--port", "/dev/x", "--server", "a", "--server", "b", "--server", "c", "--server", "d")]
    [InlineData("RATE must be a number from 300 to 5000000", "baud", "--port", "/dev/x", "fast")]
    [InlineData("Name the broker with --broker, or a platform with --preset", "mqtt", "pub", "t", "--direct", "--message", "x")]
    [InlineData("--broker needs HOST or HOST:PORT, not 'b:0'", "mqtt", "pub", "t", "--direct", "--message", "x", "--broker", "b:0")]
    [InlineData("--port and --direct exclude each other", "mqtt", "pub", "t", "--port", "/dev/x", "--direct", "--message", "x", "--broker", "b")]
    [InlineData("Name the module's port with --port, or say --direct", "mqtt", "pub", "t", "--message", "x", "--broker", "b")]
    [InlineData("Say what to publish with one of", "mqtt", "pub", "t", "--direct", "--broker", "b", "--stdin", "--message", "x")]
    [InlineData("--qos must be a number from 0 to 2, not '3'", "mqtt", "pub", "t", "--direct", "--broker", "b", "--message", "x", "--qos", "3")]
    [InlineData("--cacert goes with --tls", "mqtt", "pub", "t", "--direct", "--broker", "b", "--message", "x", "--cacert", "f")]
    [InlineData("--outbox goes with --client-id or --preset", "mqtt", "sub", "#", "--direct", "--broker", "b", "--outbox", "f")]
    [InlineData("Say what to pass on, with --in or --out", "mqtt", "bridge", "--direct", "--broker", "b", "--local", "c")]
    [InlineData("'a/+' goes both ways, which would be a loop", "mqtt", "bridge", "--direct", "--broker", "b", "--local", "c", "--in", "x", "--in", "a/+", "--out", "a/b/#", "--out", "a/b")]
    [InlineData("--preset needs --product and --device", "mqtt", "sub", "#", "--direct", "--broker", "b", "--preset", "aliyun")]
    [InlineData("--preset and --user exclude each other", "mqtt", "sub", "#", "--direct", "--broker", "b", "--preset", "aliyun", "--product", "p", "--device", "d", "--user", "u")]
    [InlineData("--device-secret goes with --preset", "mqtt", "sub", "#", "--direct", "--broker", "b", "--device-secret", "s")]
    [InlineData("--tour mqtt switches the network off", "demo", "--tour", "mqtt", "--port", "/dev/x")]
    [InlineData("--tour services needs the simulated network", "demo", "--tour", "services", "--port", "/dev/x")]
    [InlineData("--on-module goes without https", "http", "get", "https://x.test/", "--on-module", "--port", "/dev/x")]
    [InlineData("--host-address needs an IP address", "demo", "--host-address", "here")]
    public async Task A_wrong_command_line_gets_one_sentence_and_exit_code_2(string sentence, params string[] arguments)
    {
        ToolRun run = await ToolRun.StartAsync(arguments);

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay(sentence, "--help");
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_name_that_is_no_port_is_a_wrong_command_line()
    {
        ToolRun run = await ToolRun.StartAsync("info", "--port", "usb");

        run.ShouldEnd(ExitCode.Usage);
        run.ShouldSay("\"usb\" is not the name of a port", "tcp://host:port");
    }

    [Theory]
    [InlineData("info", "--port", "/dev/x", "--pasword", "hunter2-secret")]
    [InlineData("info", "--port", "/dev/x", "--pasword=hunter2-secret")]
    [InlineData("info", "--password", "hunter2-secret")]
    [InlineData("--password", "hunter2-secret", "info")]
    public async Task A_wrong_command_line_never_shows_the_password(params string[] arguments)
    {
        ToolRun run = await ToolRun.StartAsync(arguments);

        run.ShouldEnd(ExitCode.Usage);
        Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_verb_and_every_exit_code()
    {
        ToolRun run = await ToolRun.StartAsync("--help");

        run.ShouldEnd(ExitCode.Ok);
        string[] verbs =
        [
            "ports", "info", "status", "at", "tcp", "http", "mqtt", "wifi", "ping", "time", "baud", "restart", "restore", "demo", "simulate",
        ];
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb} ", run.Out, StringComparison.Ordinal));
        Assert.All(
            Enum.GetValues<ExitCode>(), code => Assert.Contains($"\n  {(int)code} ", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_that_of_the_assembly()
    {
        ToolRun run = await ToolRun.StartAsync("--version");

        run.ShouldEnd(ExitCode.Ok);
        Assert.StartsWith(
            typeof(ModemTool).Assembly.GetName().Version!.ToString(3), run.Out, StringComparison.Ordinal);
    }
}
