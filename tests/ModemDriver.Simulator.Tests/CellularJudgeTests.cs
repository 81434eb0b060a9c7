using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Simulator.Tests;

/// <summary>Programs for telephones and for dialling, none of them written here, talk to a cellular module.</summary>
public sealed class CellularJudgeTests : IDisposable
{
    private const int Runs = 4;

    private static readonly string[] OwnTimeLimits =
        ["No response in specified timeout", "The modem is not responding", "Modem not responding", "Command timed out"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modemdriver-judge-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("air820", "Air820UG")]
    [InlineData("air780", "Air780E")]
    public async Task Gammu_identifies_the_module(string personality, string model)
    {
        string gammu = JudgeProgram.FindOrSkip("gammu", "gammu");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = personality });
        using PtyPort pty = module.OpenPty();

        string seen = await RunGammuAsync(gammu, pty, "identify");

        Assert.Matches(@"Manufacturer +: .*(AirM2M|Luat)", seen);
        Assert.Matches($@"Model +: .*{model}", seen);
        Assert.Matches(@"IMEI +: \d{15}", seen);
        Assert.Matches(@"SIM IMSI +: 46004\d{10}", seen);
    }

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task Gammu_reads_network_and_signal(string personality)
    {
        string gammu = JudgeProgram.FindOrSkip("gammu", "gammu");

        // It ends its watch at a CBC of millivolts alone.
        await using var module = new ModemSimulator(new SimulatorOptions
        {
            Personality = personality,
            Switches = new Dictionary<string, string> { ["battery-form"] = "standard" },
        });
        using PtyPort pty = module.OpenPty();

        string network = await RunGammuAsync(gammu, pty, "networkinfo");
        string watched = await RunGammuAsync(gammu, pty, "monitor", "1");

        Assert.Matches(@"Network state +: home network", network);
        Assert.Matches(@"Network +: 460 00 \(China Mobile, China\), LAC", network);
        Assert.Matches(@"GPRS +: attached", network);
        Assert.Matches(@"Signal strength +: -\d+ dBm", watched);
        Assert.Contains("Leaving monitor mode", watched, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("air820", "Air820UG")]
    [InlineData("air780", "Air780E")]
    public async Task Gnokii_identifies_the_module(string personality, string model)
    {
        string gnokii = JudgeProgram.FindOrSkip("gnokii", "gnokii-cli");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = personality });
        using PtyPort pty = module.OpenPty();
        string file = Write("gnokiirc", $"""
            [global]
            port={pty.DevicePath}
            model=AT
            connection=serial
            serial_baudrate=115200
            """);

        string seen = await RunAsync(gnokii, "--config", file, "--identify");

        Assert.Matches(@"IMEI +: \d{15}", seen);
        Assert.Matches($@"Model +: .*{model}", seen);
    }

    [Fact]
    public async Task Wvdial_initialises_the_module_and_is_told_that_there_is_no_data_call()
    {
        string wvdial = JudgeProgram.FindOrSkip("wvdial", "wvdial");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "air780" });
        using PtyPort pty = module.OpenPty();
        string file = Write("wvdial.conf", $"""
            [Dialer Defaults]
            Modem = {pty.DevicePath}
            Baud = 115200
            Init1 = ATZ
            Init2 = ATE0
            Init3 = AT+CGDCONT=1,"IP","cmnet"
            Phone = *99***1#
            Username = none
            Password = none
            Carrier Check = no
            Stupid Mode = yes
            Dial Attempts = 1
            """);

        string seen = await RunAsync(wvdial, $"--config={file}");

        Assert.Contains("Modem initialized.", seen, StringComparison.Ordinal);
        Assert.Contains("Sending: ATDT*99***1#", seen, StringComparison.Ordinal);
        Assert.True(seen.Contains("No Carrier!", StringComparison.Ordinal), seen);
    }

    [Fact]
    public async Task Chat_goes_on_to_connect()
    {
        string chat = JudgeProgram.FindOrSkip("chat", "ppp");
        CancellationToken token = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "air780" });
        using PtyPort pty = module.OpenPty();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        // chat turns \r into the end of a line, and adds one behind all that it sends.
        string script = $"{chat} -t 20 ABORT ERROR ABORT 'CONNECT FAIL' '' ATZ OK ATE0 OK 'AT+CIPSHUT' 'SHUT OK' "
            + "'AT+CIPMODE=1' OK AT+CSTT OK AT+CIICR OK AT+CIFSR '10.' "
            + $"'AT+CIPSTART=\"TCP\",\"127.0.0.1\",{port}' CONNECT 'from chat' "
            + $"<>{pty.DevicePath} >&0 && echo passed";
        Task<string> chatting = JudgeProgram.RunAsync("sh", ["-c", script], "");
        using TcpClient peer = await listener.AcceptTcpClientAsync(token).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, token);
        var heard = new byte[9];
        await peer.GetStream().ReadExactlyAsync(heard, token).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, token);

        Assert.Equal("from chat"u8.ToArray(), heard);
        Assert.Contains("passed", await chatting, StringComparison.Ordinal);
    }

    private Task<string> RunGammuAsync(string gammu, PtyPort pty, params string[] command)
    {
        string file = Write("gammurc", $"""
            [gammu]
            device={pty.DevicePath}
            connection=at115200
            """);
        return RunAsync(gammu, ["-c", file, .. command]);
    }

    // These programs have short time limits of their own, which nobody can change, and a machine may be too busy for them. Then,
    // and only then, they are run again.
    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        string seen = string.Empty;
        for (int i = 0; i < Runs; i++)
        {
            seen = await JudgeProgram.RunAsync(program, arguments, "", environment: OwnHome());
            if (!OwnTimeLimits.Any(words => seen.Contains(words, StringComparison.OrdinalIgnoreCase)))
            {
                break;
            }
        }

        return seen;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + "\n");
        return path;
    }

    // What these programs keep for themselves goes with the folder of the test.
    private Dictionary<string, string> OwnHome() => new(StringComparer.Ordinal)
    {
        ["HOME"] = _folder.FullName,
        ["XDG_CONFIG_HOME"] = _folder.FullName,
        ["XDG_CACHE_HOME"] = _folder.FullName,
        ["LC_ALL"] = "C.UTF-8",
    };
}
