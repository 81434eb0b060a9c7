namespace ModemDriver.Tests.Quirks;

/// <summary>Numbers of links: few, used again and again, and never by two at a time.</summary>
public sealed class LinkNumberTests
{
    [Theory, EverySplit]
    public void Two_hundred_connections_at_a_time_all_get_their_turn_and_never_share_a_number(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream>[] all = AskForLinks(d, 200, TimeSpan.FromMinutes(10));
        HashSet<int> open = [];
        int opened = 0;
        int most = 0;
        for (int i = 0; i < 2000 && opened < 200; i++)
        {
            if (d.Wire.TakeWrite() is not { } line)
            {
                Assert.True(open.Count == 5, "a number is free, and nobody gets it");
                LinkStream link = all.Where(task => task.IsCompleted).Select(Dialogue.ResultOf)
                    .First(link => link.Info.State == LinkState.Open);
                d.Do(link.Dispose);
                continue;
            }

            int number = Number(line);
            if (line.StartsWith("AT+CIPCLOSE=", StringComparison.Ordinal))
            {
                Assert.True(open.Remove(number));
                d.Say($"{number},CLOSED\r\n\r\nOK\r\n");
                continue;
            }

            Assert.Equal(Dialogue.Open(number) + "\r\n", line);
            Assert.True(open.Add(number), $"number {number} was given twice");
            d.Say($"{number},CONNECT\r\n\r\nOK\r\n");
            opened++;
            most = Math.Max(most, open.Count);
        }

        Assert.All(all, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Equal(5, most);
        Assert.Equal(200, all.Select(task => Dialogue.ResultOf(task).Info.Generation).Distinct().Count());
    }

    [Theory, EverySplit]
    public void Five_of_two_hundred_connections_are_open_and_the_rest_is_refused_at_its_limit(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream>[] all = AskForLinks(d, 200, TimeSpan.FromSeconds(20));
        for (int number = 4; number >= 0; number--)
        {
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
        }

        d.AskWhenQuiet();
        Assert.Equal(5, all.Count(task => task.IsCompleted));
        d.Pass(20);

        Assert.All(all[..5], task => Assert.Equal(LinkState.Open, Dialogue.ResultOf(task).Info.State));
        Assert.All(all[5..], task => Assert.Equal(LinkFailure.NoFreeNumber, Dialogue.FailureOf<LinkException>(task).Reason));
        Assert.Contains("4 -> " + Dialogue.Peer, Dialogue.FailureOf<LinkException>(all[5]).Message, StringComparison.Ordinal);
        Assert.Equal([4, 3, 2, 1, 0], all[..5].Select(task => Dialogue.ResultOf(task).LinkId));
    }

    [Theory, EverySplit]
    public void The_sixth_link_gets_the_number_of_the_first_that_ends(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        Task<LinkStream>[] all = AskForLinks(d, 6, TimeSpan.FromMinutes(1));
        for (int number = 4; number >= 0; number--)
        {
            d.Exchange(Dialogue.Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
        }

        d.AskWhenQuiet();
        d.Say("2,CLOSED\r\n");
        d.Exchange(Dialogue.Open(2), "2,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(2, Dialogue.ResultOf(all[5]).LinkId);
        Assert.Equal(string.Empty, d.Read(Dialogue.ResultOf(all[2])));
        Assert.NotEqual(Dialogue.ResultOf(all[2]).Info.Generation, Dialogue.ResultOf(all[5]).Info.Generation);
    }

    [Theory, EverySplit]
    public void A_number_of_the_callers_that_is_in_use_is_refused_and_its_holder_is_named(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream holder = d.Connected(3);

        LinkException failure = Dialogue.FailureOf<LinkException>(d.Connect(3));

        Assert.Equal((LinkFailure.NumberInUse, 3), (failure.Reason, failure.LinkId));
        Assert.Contains(Dialogue.Peer, failure.Message, StringComparison.Ordinal);
        Assert.Equal(LinkState.Open, holder.Info.State);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void A_number_that_the_module_says_is_in_use_is_asked_about_before_it_is_tried_again(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        Task<LinkStream> first = d.Connect(3);
        d.Exchange(Dialogue.Open(3), "ALREADY CONNECTED\r\n\r\nERROR\r\n");
        Assert.Equal(LinkFailure.NumberInUse, Dialogue.FailureOf<LinkException>(first).Reason);

        Task<LinkStream> second = d.Connect(3);
        d.Exchange("AT+CIPSTATUS", "STATUS:3\r\n+CIPSTATUS:3,\"TCP\",\"10.0.0.7\",80,54011,0\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPCLOSE=3", "3,CLOSED\r\n\r\nOK\r\n");
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");

        Assert.Equal(3, Dialogue.ResultOf(second).LinkId);
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void What_comes_late_for_a_link_that_was_closed_does_not_reach_the_next_one_on_its_number(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs16);
        LinkStream first = d.Connected();
        d.Do(first.Dispose);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "\r\n+IPD,4,5:stale4,CLOSED\r\n4,CONNECT\r\n\r\n+IPD,4,5:fresh\r\nOK\r\n");
        LinkStream second = Dialogue.ResultOf(connecting);

        Assert.Equal("fresh", d.Read(second));
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void A_notice_that_comes_late_for_a_link_that_was_closed_makes_the_next_one_fetch_nothing(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        LinkStream first = d.Connected();
        d.Do(first.Dispose);
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(4), "\r\n+IPD,4,5\r\n4,CONNECT\r\n\r\nOK\r\n");
        Assert.True(connecting.IsCompletedSuccessfully);

        d.AskWhenQuiet();
        d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void A_link_of_no_one_that_comes_up_by_itself_is_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        d.Say("1,CONNECT\r\n");
        d.Exchange("AT+CIPCLOSE=1", "1,CLOSED\r\n\r\nOK\r\n");

        d.EndsWith(ModemState.Online);
    }

    private static Task<LinkStream>[] AskForLinks(Dialogue d, int count, TimeSpan limit) =>
        [.. Enumerable.Range(0, count).Select(_ => d.Connect(new LinkRequest("10.0.0.2", 80) { TimeLimit = limit }))];

    private static int Number(string line) => line[line.IndexOf('=', StringComparison.Ordinal) + 1] - '0';
}
