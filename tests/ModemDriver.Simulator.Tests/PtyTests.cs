namespace ModemDriver.Simulator.Tests;

public sealed class PtyTests
{
    private static readonly SimulatorOptions Options = new();

    [Fact]
    public async Task A_program_opens_the_device_and_talks_to_the_module()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(Options);
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);

        Assert.Equal("ATE0\r\n\r\nOK\r\n", await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token));
        Assert.Equal("\r\nOK\r\n", await wire.ExchangeAsync("AT\r\n", "OK\r\n", token));
        Assert.Null(module.Failure);
    }

    [Fact]
    public async Task A_person_who_sends_CR_alone_is_answered()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(Options);
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);

        Assert.Equal("AT\r\r\nOK\r\n", await wire.ExchangeAsync("AT\r", "OK\r\n", token));
        Assert.Equal("AT\r\r\nOK\r\n", await wire.ExchangeAsync("AT\r", "OK\r\n", token));
    }

    [Fact]
    public async Task The_link_leads_to_the_device_and_goes_with_it()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string link = Path.Combine(Path.GetTempPath(), $"modem-{Guid.NewGuid():N}");
        await using var module = new ModemSimulator(Options);
        File.CreateSymbolicLink(link, "/dev/pts/stale");

        using (PtyPort pty = module.OpenPty(link))
        {
            Assert.Equal(pty.DevicePath, new FileInfo(link).LinkTarget);
            await using WireReader wire = RawTty.Open(link);
            _ = await wire.ExchangeAsync("AT\r\n", "OK\r\n", token);
        }

        Assert.Null(new FileInfo(link).LinkTarget);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData(".")]
    public async Task A_link_of_somebody_else_is_left_alone(string target)
    {
        string folder = Directory.CreateTempSubdirectory("modem-").FullName;
        string link = Path.Combine(folder, "tty");
        await using var module = new ModemSimulator(Options);
        try
        {
            File.CreateSymbolicLink(link, target);

            IOException refused = Assert.Throws<IOException>(() => module.OpenPty(link));

            Assert.Contains(target, refused.Message, StringComparison.Ordinal);
            Assert.Equal(target, new FileInfo(link).LinkTarget);
            Assert.Single(Directory.GetFileSystemEntries(folder));
            module.OpenPty().Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_second_way_in_is_refused_and_leaves_the_link_of_the_first()
    {
        string link = Path.Combine(Path.GetTempPath(), $"modem-{Guid.NewGuid():N}");
        await using var module = new ModemSimulator(Options);
        using PtyPort pty = module.OpenPty(link);

        Assert.Throws<InvalidOperationException>(() => module.OpenPty(link));

        Assert.Equal(pty.DevicePath, new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task A_file_that_is_no_link_is_not_overwritten()
    {
        string path = Path.GetTempFileName();
        await using var module = new ModemSimulator(Options);

        Assert.Throws<IOException>(() => module.OpenPty(path));

        Assert.True(File.Exists(path));
        File.Delete(path);
        module.OpenPty().Dispose();
    }

    [Fact]
    public async Task What_the_module_says_to_nobody_is_not_kept_for_the_next_program()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var unheard = new TraceSignal("! unheard \\r\\nready");
        await using var module = new ModemSimulator(Options with { Trace = unheard.Hear });
        using PtyPort pty = module.OpenPty();
        module.Reset();
        await unheard.WaitAsync(token);

        await using WireReader wire = RawTty.Open(pty.DevicePath);

        Assert.Equal("AT\r\n\r\nOK\r\n", await wire.ExchangeAsync("AT\r\n", "OK\r\n", token));
    }

    [Fact]
    public async Task What_a_program_left_unread_is_not_kept_for_the_next_one()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var left = new TraceSignal("! nobody");
        await using var module = new ModemSimulator(Options with { Trace = left.Hear });
        using PtyPort pty = module.OpenPty();
        await using (WireReader first = RawTty.Open(pty.DevicePath))
        {
            // Echo and answer leave in one piece: with the first byte the rest is there, and stays unread.
            await first.Stream.WriteAsync("AT+GMR\r\n"u8.ToArray(), token);
            Assert.Equal(1, await first.ReadAsync(new byte[1], token));
        }

        await left.WaitAsync(token);

        await using WireReader second = RawTty.Open(pty.DevicePath);

        Assert.Equal("ATE0\r\n\r\nOK\r\n", await second.ExchangeAsync("ATE0\r\n", "OK\r\n", token));
    }

    [Fact]
    public async Task An_unplugged_device_ends_what_the_program_reads()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(Options);
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);
        _ = await wire.ExchangeAsync("AT\r\n", "OK\r\n", token);

        module.Unplug();

        // The master is closed: a read says EIO, or 0.
        var buffer = new byte[16];
        try
        {
            Assert.Equal(0, await wire.ReadAsync(buffer, token));
        }
        catch (IOException hungUp)
        {
            Assert.NotNull(hungUp.Message);
        }
    }

    [Fact]
    public async Task A_program_at_another_bit_rate_is_not_understood_until_it_sets_the_right_one()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var received = new TraceSignal("> ");
        await using var module = new ModemSimulator(Options with { Trace = received.Hear });
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);
        await SetSpeedAsync(pty.DevicePath, 9600, token);

        await wire.Stream.WriteAsync("AT\r\n"u8.ToArray(), token);
        await received.WaitAsync(token);
        await SetSpeedAsync(pty.DevicePath, 115_200, token);

        // The garbage stands at the beginning of the line that comes now.
        string answer = await wire.ExchangeAsync("\r\n", "\r\nERROR\r\n", token);
        Assert.DoesNotContain("OK", answer, StringComparison.Ordinal);
        _ = await wire.ExchangeAsync("AT\r\n", "\r\nOK\r\n", token);
    }

    [Fact]
    public async Task A_program_that_comes_and_goes_does_not_end_what_another_one_hears()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(Options);
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);
        for (int i = 0; i < 200; i++)
        {
            // Two openings at once are one event for who learns of them late.
            await using WireReader second = RawTty.Open(pty.DevicePath);
            await using WireReader third = RawTty.Open(pty.DevicePath);
        }

        Assert.Equal("AT\r\n\r\nOK\r\n", await wire.ExchangeAsync("AT\r\n", "OK\r\n", token));
    }

    [Fact]
    public async Task Paced_in_real_time_nothing_is_lost()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(Options with
        {
            Unpaced = false,
            BitRate = 921_600,
            Timings = ModuleTimings.Instant,
        });
        using PtyPort pty = module.OpenPty();
        await using WireReader wire = RawTty.Open(pty.DevicePath);

        _ = await wire.ExchangeAsync("ATE0\r\n", "OK\r\n", token);
        for (int i = 0; i < 5; i++)
        {
            string answer = await wire.ExchangeAsync("AT+CMD?\r\n", "\r\nOK\r\n", token);
            Assert.StartsWith("+CMD:0,\"AT\",0,0,0,1\r\n+CMD:1,", answer, StringComparison.Ordinal);
        }

        Assert.Equal(0, module.LostBytes);
    }

    private static async Task SetSpeedAsync(string device, int bitRate, CancellationToken token)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/stty") || File.Exists("/bin/stty"), "stty is not installed.");
        using var setting = System.Diagnostics.Process.Start(
            "stty", ["-F", device, bitRate.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await setting.WaitForExitAsync(token);
        Assert.Equal(0, setting.ExitCode);
    }
}
