using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>What both back ends for serial ports do besides: settings, and ports that do not open.</summary>
public abstract class SerialConformance : TransportConformance
{
    private const uint TwoStopBits = 0x40; // CSTOPB of termbits.h

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract string Prefix { get; }

    private protected virtual ITransport Create(
        string path, TimeProvider timeProvider, SerialTransportOptions? options = null) =>
        TransportFactory.Create(Prefix + path, options, timeProvider);

    private protected override TransportRig CreateRig(TimeProvider timeProvider) =>
        new PtyRig(path => Create(path, timeProvider));

    private protected PtyRig CreatePtyRig(SerialTransportOptions? options = null) =>
        new(path => Create(path, TimeProvider.System, options));

    [Fact]
    public async Task The_bit_rate_of_the_options_is_set_at_opening_and_changed_while_open()
    {
        await using PtyRig rig = CreatePtyRig(new SerialTransportOptions { BitRate = 74_880 });
        await rig.OpenAsync(Stop);
        int opened = rig.Pty.ClientSettings().BitRate;

        await rig.Transport.SetBitRateAsync(921_600, Stop).Within(Stop);

        Assert.Equal(74_880, opened);
        Assert.Equal(921_600, rig.Pty.ClientSettings().BitRate);
        Assert.Equal(921_600, rig.Transport.BitRate);
        await rig.Transport.WriteAsync("on"u8.ToArray(), Stop).Within(Stop);
        Assert.Equal("on"u8.ToArray(), await rig.PeerReadExactlyAsync(2).Within(Stop));
    }

    [Theory]
    [InlineData(299)]
    [InlineData(5_000_001)]
    public async Task A_bit_rate_out_of_range_is_refused_and_the_old_one_stays(int bitsPerSecond)
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => rig.Transport.SetBitRateAsync(bitsPerSecond, Stop).AsTask());

        Assert.Equal(115_200, rig.Transport.BitRate);
        Assert.Equal(115_200, rig.Pty.ClientSettings().BitRate);
    }

    [Fact]
    public async Task A_closed_port_changes_no_bit_rate()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await rig.Transport.DisposeAsync().Within(Stop);

        TransportException thrown =
            await Assert.ThrowsAsync<TransportException>(() => rig.Transport.SetBitRateAsync(9_600, Stop).AsTask());

        Assert.Equal(TransportFailure.Closed, thrown.Failure);
    }

    // Parity and data bits cannot be seen on a pseudo-terminal: its driver forces eight bits without parity.
    [Theory]
    [InlineData(SerialStopBits.One, 0)]
    [InlineData(SerialStopBits.Two, TwoStopBits)]
    public async Task Stop_bits_are_set_at_opening(SerialStopBits stopBits, uint expected)
    {
        await using PtyRig rig = CreatePtyRig(new SerialTransportOptions { StopBits = stopBits });

        await rig.OpenAsync(Stop);

        Assert.Equal(expected, rig.Pty.ClientSettings().Control & TwoStopBits);
    }

    [Fact]
    public async Task A_port_without_control_lines_opens_and_says_that_it_has_none()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);

        IControlLines? lines = rig.Transport.ControlLines;

        Assert.NotNull(lines);
        Assert.False(lines.TrySetDataTerminalReady(true));
        Assert.False(lines.TrySetRequestToSend(false));
        Assert.Null(lines.ClearToSend);
        Assert.Null(lines.DataSetReady);
        Assert.Null(lines.DataCarrierDetect);
        Assert.Null(lines.RingIndicator);
    }

    [Fact]
    public async Task What_lay_unread_in_the_port_before_the_opening_is_not_delivered()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.PeerWriteAsync("stale"u8.ToArray()).Within(Stop);
        rig.Pty.AwaitUnreadBytes(Deadline.Limit);
        await rig.OpenAsync(Stop);

        await rig.PeerWriteAsync("fresh"u8.ToArray()).Within(Stop);

        await rig.Sink.WaitForAsync(5, Stop);
        Assert.Equal("fresh"u8.ToArray(), rig.Sink.Bytes);
    }

    [Fact]
    public async Task A_port_that_was_closed_can_be_opened_again_at_once()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);
        await rig.Transport.DisposeAsync().Within(Stop);

        for (int i = 0; i < 20; i++)
        {
            ITransport next = Create(rig.Pty.Path, TimeProvider.System);
            await next.OpenAsync(new RecordingSink(), Stop).Within(Stop);
            await next.DisposeAsync().Within(Stop);
        }
    }

    [Fact]
    public async Task A_missing_port_is_named_along_with_those_that_are_there()
    {
        TransportException thrown = await OpenFailsAsync("/dev/ttyNone7");

        Assert.Equal(TransportFailure.NotFound, thrown.Failure);
        Assert.StartsWith($"There is no port {Prefix}/dev/ttyNone7: ", thrown.Message, StringComparison.Ordinal);
        Assert.All(SerialPorts.List(), port => Assert.Contains(port.Name, thrown.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev")]
    public async Task What_is_no_tty_is_not_a_serial_port(string path)
    {
        TransportException thrown = await OpenFailsAsync(path);

        Assert.Equal(TransportFailure.NotASerialPort, thrown.Failure);
        Assert.Equal(
            $"{Prefix}{path} is not a serial port: name a device such as /dev/ttyUSB0.", thrown.Message);
    }

    private protected async Task<TransportException> OpenFailsAsync(string path)
    {
        await using ITransport transport = Create(path, TimeProvider.System);
        RecordingSink sink = new();

        TransportException thrown =
            await Assert.ThrowsAsync<TransportException>(() => transport.OpenAsync(sink, Stop).Within(Stop));

        Assert.Equal(Prefix + path, thrown.Port);
        sink.AssertContract(closings: 0);
        TransportException later =
            await Assert.ThrowsAsync<TransportException>(() => transport.WriteAsync(new byte[1], Stop).AsTask());
        Assert.NotSame(thrown, later);
        return thrown;
    }
}
