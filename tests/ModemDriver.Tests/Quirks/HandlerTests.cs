using ModemDriver.Protocol;
using ModemDriver.Tests.Transport;

namespace ModemDriver.Tests.Quirks;

/// <summary>Handlers of the user's that misbehave: the modem goes on.</summary>
public sealed class HandlerTests
{
    [Fact]
    public async Task A_handler_that_throws_is_called_again_and_the_modem_goes_on()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Dialogue d = Dialogue.Online(Split.Whole);
        TaskCompletionSource second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        d.Modem.UrcReceived += (_, urc) =>
        {
            if (urc.Line == "+TIME_UPDATED")
            {
                second.TrySetResult();
            }

            throw new InvalidOperationException("a mistake of the user's");
        };
        d.Modem.StateChanged += static (_, _) => throw new InvalidOperationException("another");
        d.Say("WIFI CONNECTED\r\n+TIME_UPDATED\r\n");

        await second.Task.Within(token);
        d.EndsWith(ModemState.Online);
        d.Works();
        d.Say("\r\nready\r\n");
        d.FindModule();
        d.BringUp();
        d.FindNetwork();
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_handler_is_told_of_nothing_that_was_before_it()
    {
        Dialogue d = Dialogue.Online(Split.Whole);
        List<string> lines = [];
        List<WiFiEventKind> kinds = [];
        void Listen(object? sender, Urc urc)
        {
            if (urc.Line != "+TIME_UPDATED")
            {
                return;
            }

            d.Modem.UrcReceived += (_, later) => lines.Add(later.Line);
            d.Modem.WiFi.Changed += (_, later) => kinds.Add(later.Kind);
        }

        d.Modem.UrcReceived += Listen;
        d.Modem.WiFi.Changed += static (_, _) => { };
        d.Say("+TIME_UPDATED\r\nWIFI CONNECTED\r\n");
        Assert.Empty(lines);
        Assert.Empty(kinds);

        d.Say("WIFI GOT IP\r\n");
        Assert.Equal(["WIFI GOT IP"], lines);
        Assert.Equal([WiFiEventKind.AddressObtained], kinds);
    }

    [Fact]
    public async Task A_handler_that_never_returns_costs_events_and_nothing_else()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Dialogue d = Dialogue.Online(Split.Whole);
        LinkStream link = d.Connected();
        using ManualResetEventSlim released = new();
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        d.Modem.UrcReceived += (_, _) =>
        {
            entered.TrySetResult();
            Assert.True(released.Wait(Deadline.Limit, token));
        };

        // The handler is called by whoever pumps; here that is a thread which then hangs in it.
        Task hanging = Task.Run(() => d.Say("WIFI CONNECTED\r\n"), token);
        try
        {
            await entered.Task.Within(token);
            d.Say(string.Concat(Enumerable.Repeat("+TIME_UPDATED\r\n", 2000)));

            Assert.InRange(d.Modem.DroppedEvents, 900, 1000);
            d.Works();
            d.Say("\r\n+IPD,4,5\r\n");
            d.Exchange("AT+CIPRECVDATA=4,5760", "+CIPRECVDATA:5,hello\r\nOK\r\n");
            Assert.Equal("hello", d.Read(link));
            d.AskWhenQuiet();
            d.EndsWith(ModemState.Online, "4 Open " + Dialogue.Peer);

            Task closing = d.Do(() => d.Modem.DisposeAsync().AsTask());
            d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
            await closing.Within(token);
            Assert.Equal(ModemState.Closed, d.Modem.State);
        }
        finally
        {
            released.Set();
            await hanging.Within(token);
        }
    }

    [Fact]
    public async Task A_handler_may_use_the_modem_that_called_it()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Dialogue d = Dialogue.Online(Split.Whole);
        TaskCompletionSource<Task<CommandResponse>> called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Handle(object? sender, Urc urc) => called.TrySetResult(d.Modem.SendAsync("AT+SYSRAM?", null, token));
        d.Modem.UrcReceived += Handle;
        d.Say("WIFI CONNECTED\r\n");
        Task<CommandResponse> response = await called.Task.Within(token);
        d.Do(static () => { });
        d.Exchange("AT+SYSRAM?", "+SYSRAM:1\r\nOK\r\n");

        Assert.Equal(["+SYSRAM:1"], (await response.Within(token)).Lines);
        d.Modem.UrcReceived -= Handle;
        d.EndsWith(ModemState.Online);
    }
}
