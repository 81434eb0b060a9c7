using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>The question whether the module still has its address, beside what takes the address away on purpose.</summary>
public sealed class LuatHealthTests
{
    [Theory, EverySplit]
    public void A_modem_that_changes_its_mode_is_not_asked_whether_it_has_an_address(Split split)
    {
        Dialogue d = Online(split);
        d.Pass(59.75);
        Task changing = d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single));
        d.Hear("AT+CIPSHUT");
        d.Pass(0.5);
        d.HearNothing();
        d.Say("\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        LuatScenes.GetAddress(d);

        Assert.True(changing.IsCompletedSuccessfully, $"{changing.Exception}");
        d.EndsWith(ModemState.Online);
        d.Pass(59.75);
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");
        d.Exchange("AT+CIPSTATUS", "\r\nOK\r\n\r\nSTATE: IP STATUS\r\n");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_second_question_does_not_come_between_the_steps_of_a_change(Split split)
    {
        Dialogue d = Online(split);
        d.Pass(60);
        d.Hear("AT+CIFSR");
        Task changing = d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single));
        d.Say("\r\nERROR\r\n");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        LuatScenes.GetAddress(d);

        Assert.True(changing.IsCompletedSuccessfully, $"{changing.Exception}");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Nor_does_the_question_for_the_links(Split split)
    {
        Dialogue d = Online(split);
        d.Pass(60);
        d.Hear("AT+CIFSR");
        Task changing = d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single));
        d.Say("\r\n10.74.100.63\r\n");
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        LuatScenes.GetAddress(d);

        Assert.True(changing.IsCompletedSuccessfully, $"{changing.Exception}");
        d.EndsWith(ModemState.Online);
    }

    private static Dialogue Online(Split split) =>
        LuatScenes.Online(split, options: usual => usual with { HealthInterval = TimeSpan.FromMinutes(1) });
}
