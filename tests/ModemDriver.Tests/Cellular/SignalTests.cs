using ModemDriver.Cellular;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>From figures to a class, and when a change of it is told.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData(-75.0, -9.0, 22.0, null, SignalClass.Excellent, SignalFigure.Power)]
    [InlineData(-75.0, -9.0, 4.0, null, SignalClass.Poor, SignalFigure.SignalToNoise)]
    [InlineData(-75.0, -16.0, 25.0, null, SignalClass.Poor, SignalFigure.Quality)]
    [InlineData(-97.0, -9.0, 25.0, null, SignalClass.Fair, SignalFigure.Power)]
    [InlineData(-116.0, null, null, -51.0, SignalClass.None, SignalFigure.Power)]
    [InlineData(null, null, null, -84.0, SignalClass.Good, SignalFigure.TotalPower)]
    [InlineData(null, null, null, null, SignalClass.Unknown, null)]
    public void The_worst_figure_decides_and_total_power_only_where_there_is_no_better(
        double? rsrp, double? rsrq, double? sinr, double? rssi, SignalClass expected, SignalFigure? decidedBy)
    {
        SignalQuality signal = new() { RsrpDbm = rsrp, RsrqDb = rsrq, SinrDb = sinr, RssiDbm = rssi };

        Assert.Equal((expected, decidedBy), (signal.Class, signal.DecidedBy));
    }

    [Fact]
    public void Narrow_band_gets_along_with_less()
    {
        SignalQuality lte = new() { RsrpDbm = -120, SinrDb = -5, Technology = AccessTechnology.Lte };

        Assert.Equal(SignalClass.None, lte.Class);
        Assert.Equal(SignalClass.Poor, (lte with { Technology = AccessTechnology.NarrowBandIoT }).Class);
    }

    [Fact]
    public void A_signal_on_a_limit_does_not_flicker_and_one_outlier_does_not_show()
    {
        SignalTracker tracker = new();
        Assert.Equal(SignalClass.Good, tracker.Add(Of(-85))?.NewClass);
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(tracker.Add(Of(i % 2 == 0 ? -91 : -89)));
        }

        Assert.Null(tracker.Add(Of(-94)));
        List<SignalChange> changes = [];
        for (int i = 0; i < 20; i++)
        {
            if (tracker.Add(Of(-96)) is { } change)
            {
                changes.Add(change);
            }
        }

        SignalChange fell = Assert.Single(changes);
        Assert.Equal((SignalClass.Good, SignalClass.Fair), (fell.OldClass, fell.NewClass));
        Assert.InRange(fell.Signal.RsrpDbm ?? 0, -96, -92);
    }

    [Fact]
    public void What_is_not_known_any_more_is_told_at_once()
    {
        SignalTracker tracker = new();
        tracker.Add(Of(-85));

        Assert.Equal(SignalClass.Unknown, tracker.Add(new SignalQuality())?.NewClass);
    }

    [Theory, EverySplit]
    public void A_reading_takes_from_the_second_answer_what_the_first_leaves_open(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<SignalQuality> reading = d.Do(() => d.Modem.ReadSignalAsync());
        d.Exchange("AT+CESQ", "\r\n+CESQ: 99,99,255,255,20,52\r\n\r\nOK\r\n");
        d.Exchange("AT+CSQ", "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");

        SignalQuality signal = Dialogue.ResultOf(reading);
        Assert.Equal(
            new SignalQuality { RssiDbm = -73, RsrpDbm = -89, RsrqDb = -10, Technology = AccessTechnology.Lte }, signal);
        Assert.Equal((SignalClass.Good, SignalFigure.Power), (signal.Class, signal.DecidedBy));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_module_that_knows_one_question_answers_that(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<SignalQuality> reading = d.Do(() => d.Modem.ReadSignalAsync());
        d.Exchange("AT+CESQ", "\r\nERROR\r\n");
        d.Exchange("AT+CSQ", "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
        Assert.Equal(SignalClass.Unknown, Dialogue.ResultOf(reading).Class);

        Task<SignalQuality> refused = d.Do(() => d.Modem.ReadSignalAsync());
        d.Exchange("AT+CESQ", "\r\nERROR\r\n");
        d.Exchange("AT+CSQ", "\r\nERROR\r\n");
        Assert.Equal("AT+CESQ", Dialogue.FailureOf<CommandFailedException>(refused).Command);
    }

    [Theory, EverySplit]
    public void With_an_interval_the_signal_is_read_by_itself_and_its_change_told(Split split)
    {
        Dialogue d = CellularScenes.Open(split, options => options with { SignalInterval = TimeSpan.FromSeconds(100) });
        List<string> told = [];
        d.Modem.Cellular.SignalChanged += (_, change) => told.Add($"{change.OldClass} {change.NewClass}");
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Activate();
        Assert.True(online.IsCompletedSuccessfully);
        foreach (string line in (string[])["99,99,255,255,20,60", "99,99,255,255,20,60", "99,99,255,255,20,10"])
        {
            d.HearWithin(101, "AT+CESQ");
            d.Say($"\r\n+CESQ: {line}\r\n\r\nOK\r\n");
            d.Exchange("AT+CSQ", "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
        }

        Assert.Equal(["Unknown Good", "Good Fair"], told);
    }

    private static SignalQuality Of(double rsrpDbm) => new() { RsrpDbm = rsrpDbm };
}
