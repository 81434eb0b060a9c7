using System.Diagnostics;

namespace ModemDriver.Simulator.Tests;

/// <summary>Programs for short messages, none of them written here, send and receive through the module.</summary>
public sealed class MessageJudgeTests : IDisposable
{
    private const string Ours = "+8613900001111";
    private const string Theirs = "+12025550123";
    private const int Runs = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modemdriver-sms-");
    private readonly MessageCentre _centre = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task Gammu_sends_and_receives_a_message(string personality)
    {
        string gammu = JudgeProgram.FindOrSkip("gammu", "gammu");
        await using ModemSimulator module = NewModule(personality);
        using PtyPort pty = module.OpenPty();
        string file = Write("gammurc", $"""
            [gammu]
            device={pty.DevicePath}
            connection=at115200
            """);

        await RunUntilAsync(gammu, () => IsCarried("From gammu: Grüße"), "", "-c", file, "sendsms", "TEXT", Theirs, "-text", "From gammu: Grüße");
        _centre.Send(Theirs, Ours, "To gammu: 你好");
        string seen = await RunUntilAsync(gammu, seen => seen.Contains("To gammu", StringComparison.Ordinal), "", "-c", file, "getallsms");

        Assert.Contains("To gammu: 你好", seen, StringComparison.Ordinal);
        Assert.Contains($"\"{Theirs}\"", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task Gnokii_sends_and_receives_a_message(string personality)
    {
        string gnokii = JudgeProgram.FindOrSkip("gnokii", "gnokii-cli");
        await using ModemSimulator module = NewModule(personality);
        using PtyPort pty = module.OpenPty();
        string file = Write("gnokiirc", $"""
            [global]
            port={pty.DevicePath}
            model=AT
            connection=serial
            serial_baudrate=115200
            """);

        await RunUntilAsync(gnokii, () => IsCarried("From gnokii"), "From gnokii", "--config", file, "--sendsms", Theirs);
        _centre.Send(Theirs, Ours, "To gnokii");
        string seen = await RunUntilAsync(
            gnokii, seen => seen.Contains("To gnokii", StringComparison.Ordinal), "", "--config", file, "--getsms", "SM", "1", "end");

        Assert.Matches($@"Sender: \{Theirs} ", seen);
        Assert.Contains("To gnokii", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smsd_empties_its_queue_and_fills_the_other()
    {
        string smsd = JudgeProgram.FindOrSkip("smsd", "smstools");
        await using ModemSimulator module = NewModule("air780");
        using PtyPort pty = module.OpenPty();
        string[] folders = ["outgoing", "checked", "sent", "failed", "incoming"];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(InFolder(folder));
        }

        string file = Write("smsd.conf", $"""
            devices = GSM1
            {string.Join('\n', folders.Select(folder => $"{folder} = {InFolder(folder)}"))}
            logfile = {InFolder("log")}
            infofile = {InFolder("info")}
            pidfile = {InFolder("pid")}
            stats = {_folder.FullName}
            delaytime = 1

            [GSM1]
            device = {pty.DevicePath}
            incoming = yes
            rtscts = no
            baudrate = 115200
            """);
        string text = "From smsd, " + new string('x', 200);
        Write("outgoing/one", $"To: {Theirs[1..]}\n\n{text}");
        _centre.Send(Theirs, Ours, "To smsd");

        // It runs until it is ended.
        using Process process = JudgeProgram.Start(smsd, ["-t", "-c", file]);
        try
        {
            await WaitUntilAsync(() => Directory.GetFiles(InFolder("sent")).Length == 1 && Directory.GetFiles(InFolder("incoming")).Length == 1)
                .WaitAsync(Limit, TimeProvider.System, Token);
        }
        finally
        {
            JudgeProgram.End(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        Assert.Equal(text, string.Concat(_centre.Carried.Where(carried => carried.To == Theirs).OrderBy(carried => carried.Part).Select(carried => carried.Text)));
        string received = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(InFolder("incoming"))), Token);
        Assert.Contains($"From: {Theirs[1..]}", received, StringComparison.Ordinal);
        Assert.EndsWith("To smsd", received.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(InFolder("failed")));
    }

    private ModemSimulator NewModule(string personality)
    {
        var world = new MobileWorld { Messages = _centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        return new ModemSimulator(new SimulatorOptions
        {
            Personality = personality,
            SimCard = new SimCard { Number = Ours },
            World = new SimulatedWorld { Mobile = world },
        });
    }

    private bool IsCarried(string text) =>
        _centre.Carried.Any(carried => (carried.From, carried.To, carried.Text) == (Ours, Theirs, text));

    private async Task RunUntilAsync(string program, Func<bool> isDone, string input, params string[] arguments)
    {
        string seen = await RunUntilAsync(program, _ => isDone(), input, arguments);
        Assert.True(isDone(), seen);
    }

    // These programs have short time limits of their own, which nobody can change, and a machine may be too busy for them.
    private async Task<string> RunUntilAsync(string program, Func<string, bool> isDone, string input, params string[] arguments)
    {
        string seen = string.Empty;
        for (int i = 0; i < Runs && !isDone(seen); i++)
        {
            seen = await JudgeProgram.RunAsync(program, arguments, input, environment: OwnHome());
        }

        return seen;
    }

    // The program tells of nothing but by its files.
    private async Task WaitUntilAsync(Func<bool> isDone)
    {
        using var watcher = new FileSystemWatcher(_folder.FullName) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        using var changed = new SemaphoreSlim(0);
        watcher.Created += (_, _) => changed.Release();
        watcher.Renamed += (_, _) => changed.Release();
        watcher.Changed += (_, _) => changed.Release();
        while (!isDone())
        {
            await changed.WaitAsync(Token);
        }
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(InFolder(name), text + "\n");
        return InFolder(name);
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
