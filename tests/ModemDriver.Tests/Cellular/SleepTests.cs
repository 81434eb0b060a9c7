using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>A module that sleeps while nothing is to do, on the wire, byte by byte.</summary>
public sealed class SleepTests
{
    private const string Signal = "\r\n+CSCLK: 2\r\n\r\nOK\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SleepMode.Awake, "AT+CSCLK=0")]
    [InlineData(SleepMode.Pin, "AT+CSCLK=1")]
    public void Modes_in_which_the_line_is_heard_need_no_time(SleepMode mode, string line)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task set = d.Do(() => d.Modem.Board.SetSleepAsync(mode, cancellationToken: Token));
        d.Exchange(line);
        Assert.True(set.IsCompletedSuccessfully, $"{set.Exception}");

        d.Pass(20);
        d.Do(() => d.Modem.Board.ReadSleepAsync(Token));
        d.Exchange("AT+CSCLK?", Signal);
    }

    [Theory]
    [InlineData(SleepMode.IdleLine, "AT+CSCLK=2", 1)]
    [InlineData(SleepMode.Deepest, "AT+CSCLK=3", 2)]
    public void A_sleeping_module_is_woken_before_the_command(SleepMode mode, string line, int lost)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task set = d.Do(() => d.Modem.Board.SetSleepAsync(mode, TimeSpan.FromSeconds(5), Token));
        d.Exchange("AT+WAKETIM=5");
        d.Exchange(line);
        Assert.True(set.IsCompletedSuccessfully, $"{set.Exception}");

        // Well within the time nothing is asked first.
        d.Pass(4.4);
        Task<SleepMode?> early = d.Do(() => d.Modem.Board.ReadSleepAsync(Token));
        d.Exchange("AT+CSCLK?", Signal);
        Assert.Equal(SleepMode.IdleLine, Dialogue.ResultOf(early));

        // The module's clock may be faster than ours.
        d.Pass(4.5);
        Task<SleepMode?> late = d.Do(() => d.Modem.Board.ReadSleepAsync(Token));
        for (int i = 0; i < lost; i++)
        {
            d.HearWithin(5, "AT");
        }

        d.HearWithin(5, "AT");
        d.Say("\r\nOK\r\n");
        d.HearWithin(1, "AT+CSCLK?");
        d.Say(Signal);
        Assert.Equal(SleepMode.IdleLine, Dialogue.ResultOf(late));
    }

    [Theory]
    [InlineData("+CSCLK: 0", SleepMode.Awake)]
    [InlineData("+CSCLK: 1", SleepMode.Pin)]
    [InlineData("+CSCLK:3", SleepMode.Deepest)]
    [InlineData("+CSCLK: 7", SleepMode.Unknown)]
    public void A_mode_is_read(string line, SleepMode mode)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<SleepMode?> read = d.Do(() => d.Modem.Board.ReadSleepAsync(Token));
        d.Exchange("AT+CSCLK?", $"\r\n{line}\r\n\r\nOK\r\n");

        Assert.Equal(mode, Dialogue.ResultOf(read));
    }

    [Fact]
    public void A_refusal_leaves_the_module_awake()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task set = d.Do(() => d.Modem.Board.SetSleepAsync(SleepMode.IdleLine, cancellationToken: Token));
        d.Exchange("AT+WAKETIM=1", "\r\nERROR\r\n");
        Dialogue.FailureOf<CommandFailedException>(set);

        d.Pass(20);
        d.Do(() => d.Modem.Board.ReadSleepAsync(Token));
        d.Exchange("AT+CSCLK?", Signal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_modem_whose_module_may_have_fallen_asleep_is_closed(bool isGivenUp)
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        using CancellationTokenSource enough = new();
        Task slept = d.Do(() => d.Modem.Board.SleepDeeplyAsync(TimeSpan.FromMinutes(1), enough.Token));
        d.Hear("AT+GSLP=60000");
        if (isGivenUp)
        {
            d.Do(enough.Cancel);
            Assert.True(slept.IsCanceled, $"{slept.Status}");
        }
        else
        {
            d.PassMute(10, () => slept.IsCompleted);
            Dialogue.FailureOf<CommandTimeoutException>(slept);
        }

        Assert.Equal(ModemState.Closed, d.Modem.State);
    }

    [Fact]
    public void A_module_that_refuses_to_sleep_deeply_is_used_on()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        Task slept = d.Do(() => d.Modem.Board.SleepDeeplyAsync(TimeSpan.FromMinutes(1), Token));
        d.Exchange("AT+GSLP=60000", "\r\nERROR\r\n");

        Dialogue.FailureOf<CommandFailedException>(slept);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData(SleepMode.Unknown, 1)]
    [InlineData((SleepMode)9, 1)]
    [InlineData(SleepMode.IdleLine, -1)]
    [InlineData(SleepMode.IdleLine, 66)]
    [InlineData(SleepMode.IdleLine, 1.5)]
    public void What_cannot_be_is_refused_before_a_byte_is_sent(SleepMode mode, double seconds)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = d.Modem.Board.SetSleepAsync(mode, TimeSpan.FromSeconds(seconds), Token); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = d.Modem.Board.SleepDeeplyAsync(TimeSpan.Zero, Token); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = d.Modem.Board.SleepDeeplyAsync(TimeSpan.FromHours(4), Token); });
        Dialogue.FailureOf<FeatureNotSupportedException>(d.Do(() => d.Modem.Board.SleepDeeplyAsync(TimeSpan.FromSeconds(1), Token)));
        d.HearNothing();
    }
}
