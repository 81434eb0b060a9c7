using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>The module's serial port: its bit rate, its flow control, and sleep, from which only a boot wakes.</summary>
public class UartTests
{
    private const string Ok = "\r\nOK\r\n";
    private const string Error = "\r\nERROR\r\n";

    [Fact]
    public async Task After_a_change_the_host_reads_and_writes_garbage_until_it_follows()
    {
        await using Bench bench = new Bench("esp-at-esp32").Quiet();
        bench.Host.BitRate = 115_200;

        Assert.Equal("+UART_CUR:115201,8,1,0,0\r\n" + Ok, bench.Command("AT+UART_CUR?"));
        Assert.Equal(Ok, bench.Command("AT+UART_CUR=921600,8,1,0,3"));
        Assert.DoesNotContain("OK", bench.Command("AT"), StringComparison.Ordinal);
        bench.Host.BitRate = 921_600;
        bench.Command(""); // Ends the line that the garbage has begun.
        Assert.Equal(Ok, bench.Command("AT"));
        Assert.Equal("+UART_CUR:921600,8,1,0,3\r\n" + Ok, bench.Command("AT+UART_CUR?"));
    }

    [Fact]
    public async Task A_clone_answers_at_the_new_rate()
    {
        await using Bench bench = With("rate-of-uart-answer", "new");
        bench.Host.BitRate = 115_200;

        Assert.DoesNotContain("OK", bench.Command("AT+UART_CUR=9600,8,1,0,0"), StringComparison.Ordinal);
        bench.Host.BitRate = 9600;
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("esp-at", "AT+UART_DEF=9600,8,1,0,0", "AT+UART_DEF?", "+UART_DEF:9600,8,1,0,0\r\n")]
    [InlineData("esp-at-1.7", "AT+UART=9600,8,1,0,0", "AT+UART?", "+UART:9600,8,1,0,0\r\n")]
    [InlineData("esp-at-1.7", "AT+IPR=9600", "AT+UART_DEF?", "+UART_DEF:9600,8,1,0,0\r\n")]
    public async Task A_stored_rate_survives_a_restart_and_falls_to_the_first_one_with_RESTORE(
        string personality, string line, string ask, string answer)
    {
        await using Bench bench = new Bench(personality).Quiet();
        bench.Command(line);
        bench.Command("AT+RST");
        bench.Host.BitRate = 9600;
        bench.Quiet();

        Assert.Equal(answer + Ok, bench.Command(ask));
        bench.Command("AT+RESTORE");
        bench.Host.BitRate = 115_200;
        bench.Quiet();
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Fact]
    public async Task A_rate_that_is_not_stored_ends_with_the_restart()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Command("AT+UART_CUR=9600,8,1,0,0");
        bench.Host.BitRate = 9600;
        Assert.Equal(Ok, bench.Command("AT"));

        bench.Command("AT+RST");
        bench.Host.BitRate = 115_200;

        Assert.StartsWith("ATE0", bench.Send("ATE0\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("115200,4,1,0,0")]
    [InlineData("115200,9,1,0,0")]
    [InlineData("115200,8,0,0,0")]
    [InlineData("115200,8,4,0,0")]
    [InlineData("115200,8,1,3,0")]
    [InlineData("115200,8,1,0,4")]
    [InlineData("4500001,8,1,0,0")]
    [InlineData("115200,8,1,0,0,0")]
    public async Task What_the_port_cannot_do_is_refused(string settings)
    {
        await using Bench bench = new Bench().Quiet();

        Assert.Equal(Error, bench.Command($"AT+UART_CUR={settings}"));
        Assert.Equal("+UART_CUR:115273,8,1,0,0\r\n" + Ok, bench.Command("AT+UART_CUR?"));
    }

    [Fact]
    public async Task A_module_that_waits_for_a_CTS_that_is_not_wired_is_mute_but_hears()
    {
        await using Bench bench = With("cts-wired", "off");

        Assert.Equal(Ok, bench.Command("AT+UART_CUR=115200,8,1,0,1"));
        Assert.Equal(Ok, bench.Command("AT"));
        Assert.Equal(Ok, bench.Command("AT+UART_CUR=115200,8,1,0,3"));
        Assert.Equal("", bench.Command("AT"));
        Assert.Equal("", bench.After(TimeSpan.FromMinutes(1)));
        bench.Module.Reset();
        Assert.Equal("\r\nready\r\n", bench.Take());
        Assert.Equal("AT\r\n" + Ok, bench.Command("AT"));
    }

    [Fact]
    public void The_rate_of_a_stream_in_the_process_is_the_hosts()
    {
        var pump = new Pump();
        var module = new ModemSimulator(new SimulatorOptions { Scheduler = pump });
        using HostStream stream = module.OpenStream();
        Assert.Null(stream.BitRate);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.BitRate = 0);

        stream.BitRate = 9600;
        Assert.DoesNotContain("OK", Exchange("AT\r\n"), StringComparison.Ordinal);
        stream.BitRate = 117_000;
        Exchange("\r\n");
        Assert.EndsWith(Ok, Exchange("AT\r\n"), StringComparison.Ordinal);
        stream.BitRate = null;
        Assert.EndsWith(Ok, Exchange("AT\r\n"), StringComparison.Ordinal);

        string Exchange(string text)
        {
            ValueTask writing = stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
            pump.RunAll();
            Assert.True(writing.IsCompleted);
            var buffer = new byte[4096];
            ValueTask<int> reading = stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            pump.RunAll();
            Assert.True(reading.IsCompleted);
            return Encoding.Latin1.GetString(buffer.AsSpan(0, reading.Result));
        }
    }

    [Theory]
    [InlineData("esp-at", "3000\r\n" + Ok)]
    [InlineData("esp-at-1.7", Ok)]
    [InlineData("esp-at-esp32", "3000\r\n" + Ok)]
    public async Task Deep_sleep_is_silence_and_then_a_boot(string personality, string answer)
    {
        await using Bench bench = new Bench(personality).Online();

        Assert.Equal(answer, bench.Command("AT+GSLP=3000"));
        Assert.Equal("", bench.Command("AT"));
        Assert.Equal("", bench.After(TimeSpan.FromMilliseconds(2990)));
        Assert.Equal("\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n", bench.After(TimeSpan.FromMilliseconds(20)));
    }

    [Theory]
    [InlineData("esp-at", "on", "0", "")]
    [InlineData("esp-at", "off", "3000", "")]
    [InlineData("esp-at-esp32", "off", "3000", "\r\nready\r\n")]
    [InlineData("esp-at-esp32", "off", "0", "0\r\n\r\nOK\r\n\r\nready\r\n")]
    public async Task Who_is_not_woken_sleeps_until_a_reset(string personality, string wired, string time, string said)
    {
        await using Bench bench = With("wake-wired", wired, personality);

        string all = bench.Command($"AT+GSLP={time}") + bench.After(TimeSpan.FromSeconds(10));

        Assert.EndsWith(said.Length == 0 ? Ok : said, all, StringComparison.Ordinal);
        bench.Module.Reset();
        Assert.Equal("\r\nready\r\n", bench.Take());
    }

    [Fact]
    public async Task A_reset_ends_the_sleep_and_its_timer()
    {
        await using Bench bench = new Bench().Quiet();
        bench.Command("AT+GSLP=3000");
        bench.Module.Reset();
        Assert.Equal("\r\nready\r\n", bench.Take());

        Assert.Equal("", bench.After(TimeSpan.FromSeconds(4)));
    }

    [Theory]
    [InlineData("esp-at", "deaf", 2, "")]
    [InlineData("esp-at", "awake", 2, Ok)]
    [InlineData("esp-at", "deaf", 1, Ok)]
    [InlineData("esp-at-1.7", "deaf", 1, "")]
    [InlineData("esp-at-1.7", "deaf", 2, Ok)]
    public async Task In_light_sleep_what_comes_after_a_silence_is_lost(
        string personality, string value, int sleep, string answer)
    {
        await using Bench bench = With("light-sleep", value, personality);
        Assert.Equal(Ok, bench.Command($"AT+SLEEP={sleep}"));
        Assert.Equal(Ok, bench.Command("AT"));
        bench.After(TimeSpan.FromSeconds(1.1));

        Assert.Equal(answer, bench.Command("AT"));
        Assert.Equal(Ok, bench.Command("AT"));
    }

    [Theory]
    [InlineData("esp-at", 40, 33)]
    [InlineData("esp-at", 70, 68)]
    [InlineData("esp-at", 82, 82)]
    [InlineData("esp-at-esp32", 79, 78)]
    public async Task The_transmit_power_falls_to_a_step(string personality, int set, int shown)
    {
        await using Bench bench = new Bench(personality).Quiet();

        Assert.Equal(Ok, bench.Command($"AT+RFPOWER={set}"));
        Assert.StartsWith($"+RFPOWER:{shown}", bench.Command("AT+RFPOWER?"), StringComparison.Ordinal);
    }

    private static Bench With(string name, string value, string? personality = null) => new Bench(
        personality,
        options => options with { Switches = new Dictionary<string, string> { [name] = value } }).Quiet();
}
