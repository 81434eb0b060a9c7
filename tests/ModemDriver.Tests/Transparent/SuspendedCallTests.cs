using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>Calls for which a session is suspended: once for each call, whatever it has of commands.</summary>
public sealed class SuspendedCallTests
{
    private const string Quit = "\r\n+QUITT\r\n";

    [Theory, EverySplit]
    public void A_call_of_several_commands_suspends_it_once(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Opened(d);
        Task<IReadOnlyList<ScannedAccessPoint>> scan = d.Do(() => d.Modem.WiFi.ScanAsync());
        Leave(d, "before ");
        d.Exchange("AT+CWLAPOPT=1,31");
        d.Say("\r\n+IPD,7:within ");
        d.Exchange("AT+CWLAP", "+CWLAP:(3,\"net\",-48,\"00:11:22:33:44:55\",6)\r\n\r\nOK\r\n");
        Resume(d);
        d.Say("after");

        Assert.Equal("net", Assert.Single(Dialogue.ResultOf(scan)).Ssid);
        Assert.Equal("before within after", Scenes.Read(d, session));
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_setting_of_several_commands_suspends_it_once(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Opened(d);
        Task setting = d.Do(() => d.Modem.WiFi.StartSoftApAsync(new SoftApOptions("mine", "password")));
        Leave(d);
        int commands = 0;
        string line = d.Wire.TakeWrite()!; // the assertion below tells if there is none
        for (; line.StartsWith("AT+CW", StringComparison.Ordinal); line = d.Wire.TakeWrite()!)
        {
            commands++;
            d.Say("\r\nOK\r\n");
        }

        Assert.True(commands > 1);
        Assert.Equal("AT+CIPMODE=1\r\n", line);
        d.Say("\r\nOK\r\n");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        Assert.True(setting.IsCompletedSuccessfully, $"{setting.Exception}");
    }

    [Theory, EverySplit]
    public void Calls_that_overlap_share_a_suspension(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Opened(d);
        Task<CommandResponse> first = d.Send("AT+GMR");
        d.Pass(0.1);
        Task<CommandResponse> second = d.Send("AT+SYSRAM?");
        d.Pass(0.1);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+GMR", "one\r\n\r\nOK\r\n");
        d.Hear("AT+SYSRAM?");
        Task<CommandResponse> third = d.Send("AT+CIPMUX?");
        d.Say("two\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX?", "three\r\n\r\nOK\r\n");
        Resume(d);

        Assert.Equal(["one"], Dialogue.ResultOf(first).Lines);
        Assert.Equal(["two"], Dialogue.ResultOf(second).Lines);
        Assert.Equal(["three"], Dialogue.ResultOf(third).Lines);
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void A_call_that_is_refused_goes_back_all_the_same(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Opened(d);
        Task<CommandResponse> refused = d.Send("AT+FAKE");
        Leave(d);
        d.Exchange("AT+FAKE", "\r\nERROR\r\n");
        Resume(d);

        Dialogue.FailureOf<CommandFailedException>(refused);
        Assert.Equal(ModemState.OnlineData, d.Modem.State);
    }

    [Theory, EverySplit]
    public void Suspending_waits_for_the_calls_and_then_holds(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentSession session = Opened(d);
        Task<CommandResponse> call = d.Send("AT+GMR");
        Leave(d);
        d.Hear("AT+GMR");
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Say("\r\nOK\r\n");
        Resume(d);
        Leave(d);
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n");

        Assert.True(call.IsCompletedSuccessfully);
        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
        Assert.True(session.IsSuspended);
        d.Works();
        d.Pass(5);
        d.HearNothing();
    }

    [Theory, EverySplit]
    public void Saving_a_session_suspends_it_too(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Opened(d);
        Task saving = d.Do(() => d.Modem.ClearSavedTransparentLinkAsync());
        Leave(d);
        d.Exchange("AT+SAVETRANSLINK=0");
        Resume(d);

        Assert.True(saving.IsCompletedSuccessfully, $"{saving.Exception}");
    }

    [Theory, EverySplit]
    public void Calls_that_wait_for_an_escape_that_fails_are_refused(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Opened(d);
        Task<CommandResponse> first = d.Send("AT+GMR");
        Task<CommandResponse> second = d.Send("AT+SYSRAM?");
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Pass(2.4);
        d.HearBytes("+++");
        d.Pass(5.4);
        d.HearBytes("+++");
        d.Pass(1.2);

        Dialogue.FailureOf<LinkException>(first);
        Dialogue.FailureOf<ModemClosedException>(second);
    }

    private static TransparentSession Opened(Dialogue d)
    {
        Task<TransparentSession> opening = Scenes.Open(
            d, request: new TransparentRequest("10.0.0.2", 80) { SuspendForCommands = true });
        Resume(d);
        return Dialogue.ResultOf(opening);
    }

    private static void Leave(Dialogue d, string data = "")
    {
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(data + Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
    }

    private static void Resume(Dialogue d)
    {
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
    }
}
