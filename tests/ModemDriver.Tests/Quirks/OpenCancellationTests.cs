namespace ModemDriver.Tests.Quirks;

/// <summary>Users who think better of it: no link may be left in the module, and no number be lost.</summary>
public sealed class OpenCancellationTests : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    [Theory, EverySplit]
    public void Before_it_was_called_nothing_is_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        _cancellation.Cancel();

        Assert.True(d.ConnectUntil(_cancellation.Token).IsCanceled);

        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void Behind_the_command_of_somebody_else_nothing_is_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<CommandResponse> other = d.Send("AT+SYSRAM?");
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token);
        Cancel(d, connecting);
        d.Exchange("AT+SYSRAM?", "+SYSRAM:1\r\nOK\r\n");

        Assert.True(other.IsCompletedSuccessfully);
        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void Behind_another_attempt_nothing_is_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> first = d.Connect();
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token);
        Cancel(d, connecting);
        d.Exchange(Dialogue.Open(4), "\r\nERROR\r\n");
        Assert.True(first.IsFaulted);
        d.CheckHealth();

        d.Pass(0.5);
        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void While_all_numbers_are_taken_nothing_is_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        for (int number = 4; number >= 0; number--)
        {
            Task<LinkStream> taking = d.Connect();
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
            Assert.True(taking.IsCompletedSuccessfully);
        }

        d.AskWhenQuiet();
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token);
        Cancel(d, connecting);
        d.Say("0,CLOSED\r\n1,CLOSED\r\n2,CLOSED\r\n3,CLOSED\r\n4,CLOSED\r\n");

        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void After_it_was_sent_the_link_is_closed_as_soon_as_it_comes_up(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token);
        d.Hear(Dialogue.Open(4));
        Cancel(d, connecting);
        d.Pass(2);
        d.Say("4,CONNECT\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void Between_CONNECT_and_OK_the_link_is_closed_after_the_OK(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token);
        d.Exchange(Dialogue.Open(4), "4,CONNECT\r\n");
        Cancel(d, connecting);
        d.HearNothing();
        d.Say("\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void While_a_name_is_resolved_there_is_nothing_to_close_when_it_fails(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        Task<LinkStream> connecting = d.ConnectUntil(_cancellation.Token, new LinkRequest("no.example", 80));
        d.Hear("AT+CIPSTART=4,\"TCP\",\"no.example\",80");
        Cancel(d, connecting);
        d.Pass(9);
        d.Say("DNS Fail\r\n\r\nERROR\r\n");
        d.CheckHealth();

        d.Pass(0.5);
        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void While_the_module_picks_a_number_the_link_is_closed_under_the_one_that_it_picked(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.ConnectUntil(
            _cancellation.Token, new LinkRequest("10.0.0.2", 80) { Allocation = LinkIdAllocation.ModuleAssigned });
        d.Hear("AT+CIPSTARTEX=\"TCP\",\"10.0.0.2\",80");
        Cancel(d, connecting);
        d.Say("1,CONNECT\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=1", "1,CLOSED\r\n\r\nOK\r\n");

        EndsWithAllNumbersFree(d);
    }

    [Theory, EverySplit]
    public void By_the_limit_of_the_request_the_link_is_closed_when_it_comes_up(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream> connecting = d.Connect(new LinkRequest("10.0.0.2", 80) { TimeLimit = TimeSpan.FromSeconds(2) });
        d.Hear(Dialogue.Open(4));
        d.Pass(2);
        Assert.Equal(LinkFailure.TimedOut, Dialogue.FailureOf<LinkException>(connecting).Reason);
        d.Say("4,CONNECT\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        EndsWithAllNumbersFree(d);
    }

    public void Dispose() => _cancellation.Dispose();

    private void Cancel(Dialogue d, Task<LinkStream> connecting)
    {
        Assert.False(connecting.IsCompleted);
        d.Do(_cancellation.Cancel);
        Assert.True(connecting.IsCanceled, "the user still waits");
    }

    private static void EndsWithAllNumbersFree(Dialogue d)
    {
        d.EndsWith(ModemState.Online);
        for (int number = 4; number >= 0; number--)
        {
            Task<LinkStream> connecting = d.Connect();
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
            Assert.True(connecting.IsCompletedSuccessfully);
        }
    }
}
