using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>A flush that waits until the peer has acknowledged.</summary>
public sealed class LuatFlushTests
{
    [Theory, EverySplit]
    public void It_asks_until_nothing_is_outstanding(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = Connected(d);
        Task flushing = Send(d, link);
        d.Pass(0.05);
        d.Exchange("AT+CIPACK=5", "\r\n+CIPACK: 4,0,4\r\n\r\nOK\r\n");
        d.Pass(0.1);
        Assert.False(flushing.IsCompleted);
        d.Exchange("AT+CIPACK=5", "\r\n+CIPACK: 4,4,0\r\n\r\nOK\r\n");

        // It asks no more but what waits.
        LuatScenes.AskWhenQuiet(d, after: 0.1);
        d.Pass(5);
        Assert.Null(flushing.Exception);
        d.EndsWith(ModemState.Online, "5 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit]
    public void What_is_taken_and_never_acknowledged_ends_the_link_after_a_minute_without_progress(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = Connected(d);
        Send(d, link);
        int asked = 0;
        for (double passed = 0; passed < 90 && link.Info.State == LinkState.Open; passed += 0.01)
        {
            d.Pass(0.01);
            string? heard = d.Wire.TakeWrite();
            if (heard == "AT+CIPACK=5\r\n")
            {
                asked++;
                d.Say($"\r\n+CIPACK: 4,{Math.Min(asked / 5, 2)},2\r\n\r\nOK\r\n");
            }
            else if (heard is not null)
            {
                d.Say(LuatScenes.Ok);
            }
        }

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
        Assert.InRange(asked, 60, 80);
    }

    [Theory, EverySplit]
    public void A_module_that_refuses_to_tell_ends_the_link(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = Connected(d);
        Send(d, link);
        d.Pass(0.05);
        d.Exchange("AT+CIPACK=5", "\r\n+CME ERROR: 3\r\n");

        Assert.Equal(LinkFailure.SendFailed, d.ReadFailure(link).Reason);
    }

    private static LinkStream Connected(Dialogue d)
    {
        Task<LinkStream> connecting = d.Connect(
            new LinkRequest("10.0.0.2", 80) { FlushWaitsFor = FlushPoint.Acknowledged });
        d.Exchange(LuatScenes.Open(5));
        d.Say("\r\n5, CONNECT OK\r\n");
        LuatScenes.AskWhenQuiet(d);
        return Dialogue.ResultOf(connecting);
    }

    private static Task Send(Dialogue d, LinkStream link)
    {
        d.Write(link, "PING");
        Task flushing = d.Do(() => link.FlushAsync(CancellationToken.None));
        d.Exchange("AT+CIPSEND=5,4", "\r\n> ");
        d.HearBytes("PING");
        d.Say("\r\nDATA ACCEPT:5,4\r\n");
        return flushing;
    }
}
