using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Tests;

/// <summary>Programs that no one here wrote talk to the module over its pseudo-terminal.</summary>
public sealed class JudgeTests
{
    [Fact]
    public async Task Picocom_shows_a_person_the_answer()
    {
        await using var module = new ModemSimulator(new SimulatorOptions());
        using PtyPort pty = module.OpenPty();

        // A person's Enter key is CR alone.
        string seen = await JudgeProgram.RunAsync(
            "picocom", ["-q", "-b", "115200", pty.DevicePath], "AT+CIPMUX?\r", until: "\r\n\r\nOK\r\n");

        Assert.EndsWith("+CIPMUX:0\r\n\r\nOK\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socat_passes_a_line()
    {
        await using var module = new ModemSimulator(new SimulatorOptions());
        using PtyPort pty = module.OpenPty();

        string seen = await JudgeProgram.RunAsync(
            "socat", ["-", $"OPEN:{pty.DevicePath},raw,echo=0"], "ATE0\r\n", until: "\r\nOK\r\n");

        Assert.Equal("ATE0\r\n\r\nOK\r\n", seen);
    }

    [Fact]
    public async Task Chat_holds_its_dialogue()
    {
        Assert.SkipUnless(JudgeProgram.Find("chat") is not null, "chat (Debian: ppp) is not installed.");
        await using var module = new ModemSimulator(new SimulatorOptions());
        using PtyPort pty = module.OpenPty();

        // chat ends with 0 only when every expectation came before its time limit.
        string script = $"{JudgeProgram.Find("chat")} -t 10 ABORT ERROR '' AT OK ATE0 OK 'AT+CWMODE=1' OK 'AT+CIPMUX?' '+CIPMUX:0' "
            + $"'' <>{pty.DevicePath} >&0 && echo passed";
        string seen = await JudgeProgram.RunAsync("sh", ["-c", script], "");

        Assert.Contains("passed", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_takes_a_cellular_module_online()
    {
        Assert.SkipUnless(JudgeProgram.Find("chat") is not null, "chat (Debian: ppp) is not installed.");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "air780" });
        using PtyPort pty = module.OpenPty();

        string script = $"{JudgeProgram.Find("chat")} -t 10 ABORT ERROR ABORT 'NO CARRIER' '' AT OK ATE0 OK ATI AirM2M_780E 'AT+CPIN?' READY "
            + "'AT+CEREG?' '0,1' 'AT+CIPSHUT' 'SHUT OK' 'AT+CSTT' OK 'AT+CIICR' OK 'AT+CIFSR' '10.74.149.48' "
            + $"'AT+CIPSTATUS' 'STATE: IP STATUS' <>{pty.DevicePath} >&0 && echo passed";
        string seen = await JudgeProgram.RunAsync("sh", ["-c", script], "");

        Assert.Contains("passed", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pyserial_fetches_a_page_through_the_module()
    {
        string? python = JudgeProgram.Find("python3");
        Assert.SkipUnless(python is not null && JudgeProgram.HasModules(python, "serial"), "python3-serial is not installed.");
        CancellationToken token = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, token);
        await using var module = new ModemSimulator(new SimulatorOptions());
        using PtyPort pty = module.OpenPty();

        string seen = await JudgeProgram.RunAsync(
            python, ["-c", PythonHost, pty.DevicePath, Port(listener)], "");

        Assert.Contains("page: hello", seen, StringComparison.Ordinal);
        await serving.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token);
    }

    [Fact]
    public async Task Curl_reads_a_page_that_the_module_serves()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.SkipUnless(JudgeProgram.Find("curl") is not null, "curl is not installed.");
        var network = new HostNetwork();
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        await using var wire = new WireReader(module.OpenStream());
        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPMUX=1\r\n", "OK\r\n", token);
        _ = await wire.ExchangeAsync("AT+CIPSERVER=1,80\r\n", "OK\r\n", token);
        Task<string> reading = JudgeProgram.RunAsync(
            "curl", ["-sS", "-m", "20", $"http://127.0.0.1:{network.Listeners[0].Port}/page"], "");

        string request = await wire.ExpectAsync("\r\n\r\n", token);
        while (!request.Contains("GET /page HTTP/1.1\r\n", StringComparison.Ordinal))
        {
            request += await wire.ExpectAsync("\r\n\r\n", token);
        }

        string page = "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\nserved by a module";
        _ = await wire.ExchangeAsync($"AT+CIPSEND=0,{page.Length}\r\n", ">", token);
        _ = await wire.ExchangeAsync(page, "SEND OK\r\n", token);

        Assert.Equal("served by a module", await reading);
    }

    private const string PythonHost = """
        import sys, serial
        port = serial.Serial(sys.argv[1], 115200, timeout=10)
        def ask(line, end):
            port.write(line)
            seen = b''
            while not seen.endswith(end):
                more = port.read(1)
                assert more, seen
                seen += more
            return seen
        ask(b'ATE0\r\n', b'OK\r\n')
        ask(b'AT+CWMODE=1\r\n', b'OK\r\n')
        ask(b'AT+CWJAP="ModemDriver","simulated!"\r\n', b'OK\r\n')
        ask(b'AT+CIPSTART="TCP","127.0.0.1",%s\r\n' % sys.argv[2].encode(), b'CONNECT\r\n\r\nOK\r\n')
        request = b'GET / HTTP/1.0\r\n\r\n'
        ask(b'AT+CIPSEND=%d\r\n' % len(request), b'>')
        ask(request, b'SEND OK\r\n')
        page = ask(b'', b'CLOSED\r\n')
        print('page:', page.split(b':', 1)[1].split(b'\r\n\r\n')[1].replace(b'CLOSED\r\n', b'').decode())
        """;

    private static string Port(TcpListener listener) =>
        ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task ServeAsync(TcpListener listener, CancellationToken token)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(token);
        var request = new byte[18];
        await client.GetStream().ReadExactlyAsync(request, token);
        await client.GetStream().WriteAsync("HTTP/1.0 200 OK\r\n\r\nhello"u8.ToArray(), token);
    }
}
