using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ModemDriver.Simulator.Tests;

/// <summary>Bytes take ten bits each, exactly, on the virtual clock.</summary>
public class PacingTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMicroseconds(1);

    [Theory]
    [InlineData(9600)]
    [InlineData(115_200)]
    [InlineData(3_000_000)]
    public async Task A_command_and_its_answer_take_the_time_of_their_bytes(int bitRate)
    {
        await using Bench bench = Paced(bitRate);
        bench.Host.Send("AT\r\n"u8);

        // AT CR LF, then the echo of it and CR LF OK CR LF. The module itself takes no time.
        TimeSpan taken = bench.Until("\r\nOK\r\n", Tick);

        double exact = (4 + 4 + 6) * 10 * 1e6 / bitRate;
        Assert.InRange(taken.TotalMicroseconds, exact - 0.5, exact + 3);
    }

    [Theory]
    [InlineData(115_200)]
    [InlineData(921_600)]
    [InlineData(3_000_000)]
    public async Task Pushed_data_fills_the_line_without_gaps(int bitRate)
    {
        await using Bench bench = Paced(bitRate);
        Join(bench);
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Host.Send("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n"u8);
        _ = bench.Until("CONNECT\r\n\r\nOK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();

        bench.Write(bench.Accept(listener), new string('x', 14_599) + "y");
        TimeSpan taken = bench.Until("y", TimeSpan.FromMicroseconds(10));

        // Ten segments of 1460 bytes, each behind CR LF +IPD,1460: which is 12 bytes.
        double exact = 10 * 1472 * 10 * 1e6 / bitRate;
        Assert.InRange(taken.TotalMicroseconds, exact - 10, exact + 20);
    }

    [Theory]
    [InlineData(115_200)]
    [InlineData(921_600)]
    [InlineData(3_000_000)]
    public async Task A_payload_begins_to_cross_when_the_host_writes_it(int bitRate)
    {
        await using Bench bench = Paced(bitRate);
        Join(bench);
        _ = bench.Network.Listen("10.0.0.1", 1);
        bench.Host.Send("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();

        // The prompt stands a few bytes behind the command: at the higher rates a fraction of a millisecond.
        bench.Host.Send("AT+CIPSEND=500\r\n"u8);
        TimeSpan prompted = bench.Until(">", Tick);
        bench.Host.Send(Encoding.ASCII.GetBytes(new string('x', 500)));
        TimeSpan accepted = bench.Until("\r\nSEND OK\r\n", Tick);

        Assert.InRange(prompted.TotalMicroseconds, 25 * 10e6 / bitRate, (25 * 10e6 / bitRate) + 3);
        Assert.InRange(accepted.TotalMicroseconds, 529 * 10e6 / bitRate, (529 * 10e6 / bitRate) + 3);
    }

    [Fact]
    public async Task Where_CR_ends_a_line_the_LF_behind_it_is_no_payload_wherever_the_reads_are_cut()
    {
        // At this rate a read has eight bytes: the second one of the command ends with its CR.
        await using Bench bench = new(change: options => options with
        {
            Unpaced = false,
            BitRate = 12_000,
            Timings = ModuleTimings.Instant,
            Switches = new Dictionary<string, string>(options.Switches) { ["line-end"] = "cr-or-crlf" },
        });
        Join(bench);
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Host.Send("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();
        InMemoryPeer peer = bench.Accept(listener);

        bench.Host.Send("AT+CIPSEND=1000\r\n"u8);
        _ = bench.Until(">", Tick);
        bench.Host.Send(Encoding.ASCII.GetBytes(new string('x', 1000)));
        _ = bench.Until("\r\nSEND OK\r\n", TimeSpan.FromMilliseconds(1));

        byte[] received = new byte[1000];
        await peer.ReadExactlyAsync(received, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(new string('x', 1000), Encoding.ASCII.GetString(received));
    }

    [Fact]
    public async Task The_answer_to_a_new_bit_rate_leaves_at_the_old_one()
    {
        await using Bench bench = Paced(9600);
        bench.Host.Send("ATE0\r\n"u8);
        _ = bench.Until("OK\r\n", Tick);
        _ = bench.Take();
        bench.Host.Send("AT+UART_CUR=115200,8,1,0,0\r\n"u8);
        Assert.InRange(bench.Until("OK\r\n", Tick).TotalMicroseconds, 34 * 10e6 / 9600, (34 * 10e6 / 9600) + 5);
        _ = bench.Take();
        bench.Host.Send("AT\r\n"u8);

        Assert.InRange(bench.Until("OK\r\n", Tick).TotalMicroseconds, 10 * 10e6 / 115_200, (10 * 10e6 / 115_200) + 5);
    }

    [Fact]
    public async Task A_host_at_another_rate_and_the_module_read_garbage()
    {
        await using var bench = new Bench().Quiet();
        bench.Host.BitRate = 9600;

        Assert.DoesNotContain("OK", bench.Command("AT"), StringComparison.Ordinal);

        bench.Host.BitRate = 115_200;
        _ = bench.Command(""); // Ends the line that the garbage has begun.
        Assert.Equal("\r\nOK\r\n", bench.Command("AT"));
    }

    [Fact]
    public async Task A_difference_below_three_percent_does_no_harm()
    {
        await using var bench = new Bench().Quiet();
        bench.Host.BitRate = 117_000;

        Assert.Equal("\r\nOK\r\n", bench.Command("AT"));
    }

    [Fact]
    public async Task What_a_full_receive_buffer_does_not_take_is_lost()
    {
        await using Bench bench = Paced(115_200);
        Join(bench);
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        bench.Host.Send("AT+CIPSTART=\"TCP\",\"10.0.0.1\",1\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, bench.Module.LostBytes);

        // The module hangs in its writes while a peer pushes more than the line carries; the host types on.
        bench.Write(bench.Accept(listener), new string('x', 16_000));
        bench.Host.Send(Encoding.ASCII.GetBytes(new string('z', 8000)));
        _ = bench.After(TimeSpan.FromSeconds(3));

        Assert.InRange(bench.Module.LostBytes, 1, 8000 - 1024);
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(9600)]
    [InlineData(115_200)]
    [InlineData(921_600)]
    public async Task Silence_is_measured_on_the_line_at_any_rate(int bitRate)
    {
        await using Bench bench = Paced(bitRate);
        InMemoryPeer peer = EnterTransparent(bench, bitRate, "0");
        string data = new('x', 1000);
        var line = TimeSpan.FromSeconds(10.0 * data.Length / bitRate);

        // Bytes that follow each other on the line are one packet, however long they take; the signs written behind them
        // at once cross the line without a pause, and are data.
        bench.Host.Send(Encoding.ASCII.GetBytes(data));
        bench.Host.Send("+++"u8);
        _ = bench.After(line + TimeSpan.FromMilliseconds(19));
        Assert.Empty(peer.TakeReceived());
        _ = bench.After(TimeSpan.FromMilliseconds(30));
        Assert.Equal(data + "+++", bench.Read(peer));

        bench.Host.Send(Encoding.ASCII.GetBytes(data));
        _ = bench.After(line + TimeSpan.FromMilliseconds(20));
        bench.Host.Send("+++"u8);
        Assert.Equal("", bench.After(TimeSpan.FromSeconds(2)));
        Assert.Equal(data, bench.Read(peer));
        bench.Host.Send("AT\r\n"u8);
        _ = bench.Until("\r\nOK\r\n", TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_host_that_waits_for_room_has_it_as_soon_as_bytes_have_crossed_the_line()
    {
        var time = new FakeTimeProvider();
        var pump = new Pump();
        var module = new ModemSimulator(new SimulatorOptions
        {
            Scheduler = pump, TimeProvider = time, Unpaced = false, BitRate = 9600,
        });
        using HostStream stream = module.OpenStream();
        pump.RunAll();
        Task writing = stream.WriteAsync(new byte[65_536], CancellationToken.None).AsTask();
        pump.RunAll();
        Assert.False(writing.IsCompleted);

        // All of it would take 68 seconds.
        for (int i = 0; i < 300; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            pump.RunAll();
        }

        Assert.True(writing.IsCompletedSuccessfully);
        Assert.Null(module.Failure);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", false)]
    public async Task A_peer_that_is_slower_than_the_line_costs_bytes_unless_RTS_is_driven(string flow, bool loses)
    {
        await using Bench bench = Paced(115_200);
        InMemoryPeer peer = EnterTransparent(bench, 115_200, flow);

        // The peer takes nothing: its window of 16,384 bytes and the module's buffers fill.
        bench.Host.Send(Encoding.ASCII.GetBytes(new string('x', 40_000)));
        _ = bench.After(TimeSpan.FromSeconds(5));
        Assert.Equal(loses, bench.Module.LostBytes > 0);
        int arrived = 0;
        for (int i = 0; i < 100; i++)
        {
            arrived += peer.TakeReceived().Length;
            _ = bench.After(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(40_000, arrived + bench.Module.LostBytes);
    }

    private static InMemoryPeer EnterTransparent(Bench bench, int bitRate, string flow)
    {
        Join(bench);
        InMemoryListener listener = bench.Network.Listen("10.0.0.1", 1);
        foreach (string line in new[]
        {
            $"AT+UART_CUR={bitRate},8,1,0,{flow}", "AT+CIPSTART=\"TCP\",\"10.0.0.1\",1", "AT+CIPMODE=1",
        })
        {
            bench.Host.Send(Encoding.ASCII.GetBytes(line + "\r\n"));
            _ = bench.Until("\r\nOK\r\n", TimeSpan.FromMilliseconds(1));
            _ = bench.Take();
        }

        bench.Host.Send("AT+CIPSEND\r\n"u8);
        _ = bench.Until(">", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();
        return bench.Accept(listener);
    }

    private static Bench Paced(int bitRate) => new(change: options => options with
    {
        Unpaced = false,
        BitRate = bitRate,
        Timings = ModuleTimings.Instant,
    });

    private static void Join(Bench bench)
    {
        bench.Host.Send("ATE0\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take(); // Or the same OK would be taken for the next one.
        bench.Host.Send("AT+CWJAP=\"ModemDriver\",\"simulated!\"\r\n"u8);
        _ = bench.Until("OK\r\n", TimeSpan.FromMilliseconds(1));
        _ = bench.Take();
    }
}
