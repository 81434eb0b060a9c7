using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Dialects;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle;

/// <summary>Finding a module: rates, data state, who it is.</summary>
public sealed class ModuleProbeTests : IChannelListener, ITransportSink
{
    private readonly HandPump _pump = new();
    private readonly ModemLoop _loop;
    private readonly FakeTimeProvider _time = new();
    private readonly CommandChannel _channel;

    public ModuleProbeTests()
    {
        _loop = new ModemLoop(_pump, _pump);
        _channel = new CommandChannel(_loop, _time, this, NullLogger.Instance);
    }

    [Fact]
    public async Task A_module_at_the_ports_own_rate_is_found_at_once()
    {
        var module = new RateModule(own: 115_200, module: 115_200);

        Dialect dialect = await FindAsync(module);

        Assert.Equal("ESP-AT", dialect.Identity.Dialect);
        Assert.Equal(["\r\n", "AT\r\n", "ATE0\r\n", "AT+GMR\r\n", "AT+GMR\r\n"], module.Sent.Select(sent => sent.Text));
        Assert.Equal(115_200, module.BitRate);
    }

    [Fact]
    public async Task A_module_at_another_rate_is_found_there_and_stays_there()
    {
        var module = new RateModule(own: 115_200, module: 57_600);

        await FindAsync(module);

        Assert.Equal(57_600, module.BitRate);
        Assert.Equal([115_200, 9_600, 57_600], module.Sent.Select(sent => sent.Rate).Distinct());
    }

    [Fact]
    public async Task Before_another_rate_is_tried_a_data_state_is_left_and_with_its_guard_times()
    {
        var module = new RateModule(own: 115_200, module: 115_200);
        bool isInDataState = true;
        long lastAt = 0;
        TimeSpan quietBefore = TimeSpan.Zero, quietAfter = TimeSpan.Zero;
        string last = string.Empty;
        module.Answer = text =>
        {
            TimeSpan quiet = _time.GetElapsedTime(lastAt);
            lastAt = _time.GetTimestamp();
            quietBefore = text == "+++" ? quiet : quietBefore;
            quietAfter = last == "+++" ? quiet : quietAfter;
            last = text;
            isInDataState &= text != "+++";
            return isInDataState || text == "+++" ? string.Empty : null;
        };

        await FindAsync(module);

        Assert.All(module.Sent, sent => Assert.Equal(115_200, sent.Rate));
        Assert.True(quietBefore >= TimeSpan.FromSeconds(1), $"{quietBefore} of silence before");
        Assert.True(quietAfter >= TimeSpan.FromSeconds(1), $"{quietAfter} of silence after");
    }

    [Theory]
    [InlineData("0\r")]
    [InlineData("")]
    public async Task Result_codes_that_were_left_as_numbers_or_off_are_turned_on(string answer)
    {
        var module = new RateModule(own: 115_200, module: 115_200);
        bool isInWords = false;
        module.Answer = text =>
        {
            isInWords |= text == "ATQ0V1\r\n";
            return isInWords ? null : answer;
        };

        Dialect dialect = await FindAsync(module);

        Assert.Equal("ESP-AT", dialect.Identity.Dialect);
        Assert.All(module.Sent, sent => Assert.Equal(115_200, sent.Rate));
    }

    [Fact]
    public async Task Where_nothing_answers_all_is_tried_told_and_put_back()
    {
        var module = new RateModule(own: 9_600, module: null);

        ModuleSilentException silent = await Assert.ThrowsAsync<ModuleSilentException>(() => FindAsync(module));

        Assert.Equal(9_600, module.BitRate);
        string[] rates = [.. silent.Tried.Where(step => step.StartsWith("AT at", StringComparison.Ordinal))];
        Assert.Equal(
            [
                .. Enumerable.Repeat("AT at 9600 bit/s", 4), "AT at 115200 bit/s", "AT at 57600 bit/s", "AT at 921600 bit/s",
                "AT at 460800 bit/s", "AT at 230400 bit/s", "AT at 38400 bit/s", "AT at 19200 bit/s",
            ],
            rates);
        Assert.Contains(silent.Tried, step => step.Contains("+++", StringComparison.Ordinal));
        Assert.Contains(silent.Tried, step => step.Contains("ESC", StringComparison.Ordinal));
        Assert.Equal("port", silent.Port);
        Assert.All(silent.Tried, step => Assert.Contains(step, silent.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_module_that_says_something_else_each_time_is_an_error()
    {
        var module = new RateModule(own: 115_200, module: 115_200);
        int asked = 0;
        module.Answer = text => text is "AT+GMR\r\n" or "ATI\r\n"
            ? $"AT version:2.2.{asked++}.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\nRevision {asked}\r\n\r\nOK\r\n"
            : null;

        ModemProtocolException odd = await Assert.ThrowsAsync<ModemProtocolException>(() => FindAsync(module));

        Assert.Contains("AT version:2.2.", odd.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_of_an_unknown_kind_gets_the_generic_dialect()
    {
        var module = new RateModule(own: 115_200, module: 115_200);
        module.Answer = static text => text switch
        {
            "AT+GMR\r\n" => "\r\nERROR\r\n",
            "ATI\r\n" => "Some Modem 3000\r\n\r\nOK\r\n",
            _ => null,
        };

        Dialect dialect = await FindAsync(module);

        Assert.Equal("generic (V.250)", dialect.Identity.Dialect);
        Assert.Contains("Some Modem 3000", dialect.Identity.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, module.Sent.Count(sent => sent.Text == "ATI\r\n"));
    }

    [Fact]
    public async Task A_dialect_that_shares_its_question_with_another_is_found_by_it()
    {
        var module = new RateModule(own: 115_200, module: 115_200);
        module.Answer = static text => text switch
        {
            "AT+GMR\r\n" => "\r\nERROR\r\n",
            "ATI\r\n" => "\r\nAirM2M_780E_V1169_LTE_AT\r\n\r\nOK\r\n",
            _ => null,
        };

        Dialect dialect = await FindAsync(module);

        Assert.Equal(("Luat", "780E"), (dialect.Identity.Dialect, dialect.Identity.Model));
        Assert.Equal(2, module.Sent.Count(sent => sent.Text == "ATI\r\n"));
    }

    [Fact]
    public async Task A_token_ends_the_search()
    {
        using var impatience = new CancellationTokenSource();
        Task finding = Start(new RateModule(own: 115_200, module: null), impatience.Token);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FinishAsync(finding));
    }

    void ITransportSink.Received(ReadOnlySpan<byte> data) => _channel.Received(data);

    void ITransportSink.Closed(TransportException? reason) => Assert.Fail("nobody closes it");

    bool IChannelListener.IsUrc(ReadOnlySpan<byte> line) => false;

    void IChannelListener.OnUnsolicited(ReadOnlySpan<byte> line)
    {
        // The answer to the line end that goes first.
    }

    void IChannelListener.OnPushedPayload(in AtFrame piece) => Assert.Fail("nothing is pushed");

    void IChannelListener.OnPushedWhole(int linkId) => Assert.Fail("nothing is pushed");

    bool IChannelListener.MayFollowPushed(ReadOnlySpan<byte> line) => true;

    void IChannelListener.OnBytesLost(int linkId, ModemProtocolException reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnBroken(Exception reason) => Assert.Fail(reason.Message);

    void IChannelListener.OnEcho() => Assert.Fail("nothing is echoed here");

    private async Task<Dialect> FindAsync(RateModule module)
    {
        Task<Dialect> finding = Start(module, CancellationToken.None);
        await FinishAsync(finding);
        return await finding;
    }

    private Task<Dialect> Start(RateModule module, CancellationToken cancellationToken)
    {
        var probe = new ModuleProbe(_channel, _time, NullLogger.Instance, new ModemOptions());
        Task<Dialect> finding = _loop.InvokeAsync(async () =>
        {
            await module.OpenAsync(this, CancellationToken.None);
            _channel.Attach(module);
            _channel.Apply(DialectCatalog.WhileUnknown);
            return await probe.FindAsync(module, cancellationToken);
        });
        _pump.Run();
        return finding;
    }

    private async Task FinishAsync(Task call)
    {
        for (int i = 0; i < 1000 && !call.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            _pump.Run();
        }

        Assert.True(call.IsCompleted, "the search does not end");
        await call;
    }
}
