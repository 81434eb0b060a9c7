using System.Text;
using ModemDriver.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>The signal to noise ratio on LTE, which no command of the standard tells.</summary>
public sealed class LuatSignalTests
{
    private const string Head = "+EEMLTESVC: 460, 2, 0, 26630, 358, 1300, 19300, 3, 5, 24727554, 2, 41, 22";

    [Theory]
    [InlineData(Head + ", 14, 41, 38, 22, 22, 20, 9, 12, 1, 0, 1, 2, 0, 0, 32769, 17, 3623957184", 14.0)]
    [InlineData("+EEMLTESVC:460,2,0,26630,358,1300,19300,3,5,24727554,2,41,22,-4,41", -4.0)]
    [InlineData(Head + ", 255, 41, 38", null)]
    [InlineData(Head + ", , 41", null)]
    [InlineData(Head, null)]
    [InlineData("+EEMLTESVC:", null)]
    public void The_ratio_is_the_fourteenth_field(string line, double? expected) =>
        Assert.Equal(expected, LuatSignalLine.Read(Encoding.ASCII.GetBytes(line))?.SinrDb);

    [Theory]
    [InlineData("+EEMLTEINTRA: 0, 1, 1300, 30, 20, 460, 0, 26630, 1")]
    [InlineData("+CESQ: 99,99,255,255,20,52")]
    public void Other_lines_are_none(string line) => Assert.Null(LuatSignalLine.Read(Encoding.ASCII.GetBytes(line)));

    [Theory, EverySplit]
    public void The_line_behind_the_answer_is_taken(Split split)
    {
        Dialogue d = LuatScenes.Online(split);

        Task<SignalQuality> signal = d.Do(() => d.Modem.ReadSignalAsync());
        Ask(d, Head + ", 14, 41");

        Assert.Equal((-89.0, -9.0, 14.0), Figures(Dialogue.ResultOf(signal)));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_module_that_twice_says_nothing_more_is_not_asked_again_and_the_rest_is_told()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        for (int i = 0; i < 2; i++)
        {
            Task<SignalQuality> mute = d.Do(() => d.Modem.ReadSignalAsync());
            Ask(d, null);
            d.Pass(0.6);
            Assert.Equal((-89.0, -9.0, null), Figures(Dialogue.ResultOf(mute)));
        }

        Task<SignalQuality> signal = d.Do(() => d.Modem.ReadSignalAsync());
        Standard(d);

        Assert.Equal((-89.0, -9.0, null), Figures(Dialogue.ResultOf(signal)));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_line_that_comes_late_belongs_to_no_other_reading()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<SignalQuality> first = d.Do(() => d.Modem.ReadSignalAsync());
        Ask(d, null);
        d.Pass(0.6);
        d.Say("\r\n" + Head + ", 14, 41\r\n");

        Task<SignalQuality> second = d.Do(() => d.Modem.ReadSignalAsync());
        Ask(d, Head + ", 3, 41");

        Assert.Null(Dialogue.ResultOf(first).SinrDb);
        Assert.Equal(3, Dialogue.ResultOf(second).SinrDb);
        d.EndsWith(ModemState.Online);
    }

    private static (double?, double?, double?) Figures(SignalQuality signal) => (signal.RsrpDbm, signal.RsrqDb, signal.SinrDb);

    private static void Ask(Dialogue d, string? report)
    {
        Standard(d);
        d.Exchange("AT+EEMGINFO?", "\r\n+EEMGINFO: 3,2\r\n\r\nOK\r\n" + (report is null ? "" : $"\r\n{report}\r\n"));
    }

    private static void Standard(Dialogue d)
    {
        d.Exchange("AT+CESQ", "\r\n+CESQ: 99,99,255,255,22,52\r\n\r\nOK\r\n");
        d.Exchange("AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    }
}
