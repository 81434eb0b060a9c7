using Microsoft.Extensions.Time.Testing;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

public sealed class TransportFactoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/dev/ttyUSB0", typeof(LinuxSerialTransport))]
    [InlineData("/tmp/ttyModule", typeof(LinuxSerialTransport))]
    [InlineData("serialport:/dev/ttyUSB0", typeof(SerialTransport))]
    [InlineData("serialport:COM3", typeof(SerialTransport))]
    [InlineData("COM3", typeof(SerialTransport))]
    [InlineData("com12", typeof(SerialTransport))]
    [InlineData(@"\\.\COM12", typeof(SerialTransport))]
    [InlineData("tcp://gateway.example:2000", typeof(TcpTransport))]
    [InlineData("tcp://192.0.2.1:2000", typeof(TcpTransport))]
    [InlineData("tcp://[2001:db8::1]:2000", typeof(TcpTransport))]
    public void A_name_chooses_the_back_end_on_Linux(string port, Type expected)
    {
        TransportFactory factory = TransportFactory.ForPort(port);

        ITransport first = factory.Create();

        Assert.IsType(expected, first);
        Assert.Equal(port, factory.Name);
        Assert.Equal(port, first.Name);
        Assert.NotSame(first, factory.Create());
    }

    [Theory]
    [InlineData("ttyUSB0")]
    [InlineData("COM")]
    [InlineData("COMX")]
    [InlineData("serialport:")]
    [InlineData("serialport:tcp://host:1")]
    [InlineData("http://host:80")]
    public void A_name_that_is_none_is_refused_with_what_is_accepted(string port)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => TransportFactory.ForPort(port));

        Assert.StartsWith($"\"{port}\" is not the name of a port: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("/dev/ttyUSB0", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("COM3", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("tcp://host:port", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://host")]
    [InlineData("tcp://:2000")]
    [InlineData("tcp://host:99999")]
    [InlineData("tcp://host:2000/path")]
    [InlineData("tcp://user@host:2000")]
    [InlineData("tcp://2001:db8::1:2000")]
    [InlineData("tcp:host:2000")]
    public void An_address_without_host_or_port_is_refused(string port)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => TransportFactory.ForPort(port));

        Assert.Contains("tcp://host:port", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_have_the_documented_defaults()
    {
        SerialTransportOptions options = new();

        Assert.Equal(115_200, options.BitRate);
        Assert.Equal(8, options.DataBits);
        Assert.Equal(SerialParity.None, options.Parity);
        Assert.Equal(SerialStopBits.One, options.StopBits);
        Assert.Equal(SerialFlowControl.None, options.FlowControl);
        Assert.True(options.DataTerminalReady);
        Assert.True(options.RequestToSend);
        Assert.True(options.LowLatency);
        Assert.Equal(TimeSpan.FromSeconds(30), options.WriteStallLimit);
        Assert.Equal(TimeSpan.FromSeconds(10), options.OpenLimit);
    }

    [Theory]
    [InlineData(300, 5)]
    [InlineData(5_000_000, 8)]
    public void Options_at_their_bounds_are_accepted(int bitRate, int dataBits)
    {
        SerialTransportOptions options = new() { BitRate = bitRate, DataBits = dataBits };

        Assert.Equal("COM1", TransportFactory.ForPort("COM1", options).Name);
    }

    [Theory]
    [InlineData(299, 4)]
    [InlineData(5_000_001, 9)]
    public void Options_out_of_bounds_are_refused_all_together(int bitRate, int dataBits)
    {
        SerialTransportOptions options = new() { BitRate = bitRate, DataBits = dataBits, OpenLimit = TimeSpan.Zero };

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => TransportFactory.ForPort("COM1", options));

        Assert.Contains("BitRate", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("DataBits", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("OpenLimit", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opening_that_takes_longer_than_the_limit_ends_and_a_late_stream_is_closed()
    {
        FakeTimeProvider time = new();
        TaskCompletionSource<Stream> connecting = new();
        await using ITransport transport = TransportFactory.ForStream("mute", _ => new(connecting.Task), time).Create();

        Task opening = transport.OpenAsync(new RecordingSink(), Token).AsTask();
        time.Advance(TimeSpan.FromSeconds(10));

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => opening.Within(Token));
        Assert.Equal(TransportFailure.Stalled, thrown.Failure);
        ClosingStream late = new();
        connecting.SetResult(late);
        await late.Closed.Task.Within(Token);
    }

    [Fact]
    public async Task A_transport_that_is_disposed_while_it_opens_does_not_open()
    {
        TaskCompletionSource<Stream> connecting = new();
        await using ITransport transport = TransportFactory.ForStream("slow", _ => new(connecting.Task)).Create();
        RecordingSink sink = new();
        Task opening = transport.OpenAsync(sink, Token).AsTask();

        await transport.DisposeAsync().Within(Token);

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => opening.Within(Token));
        Assert.Equal(TransportFailure.Closed, thrown.Failure);
        sink.AssertContract(closings: 0);
    }

    [Fact]
    public async Task A_transport_without_a_bit_rate_says_so()
    {
        await using ITransport transport = TransportFactory.Create("tcp://127.0.0.1:1");

        Assert.Null(transport.BitRate);
        Assert.Null(transport.ControlLines);
        await Assert.ThrowsAsync<NotSupportedException>(() => transport.SetBitRateAsync(9_600, Token).AsTask());
    }

    private sealed class ClosingStream : MemoryStream
    {
        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Closed.TrySetResult();
        }
    }
}
