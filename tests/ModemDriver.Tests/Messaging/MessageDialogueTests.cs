using ModemDriver.Tests.Cellular;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Messaging;

/// <summary>Short messages on the wire, byte by byte.</summary>
public sealed class MessageDialogueTests
{
    private const string Hello = "07912160130320F8040B912120550521F300006210133295038005C8329BFD06";
    private const string Report = "07912160130320F806180B912120550521F3621013329503806210133295538000";

    [Theory, EverySplit]
    public void A_message_is_sent_behind_the_prompt(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<SentMessage> sent = d.Do(() => d.Modem.Messages.SendAsync("+12025550123", "Hello"));
        Prepare(d, "2,0,0,1,0");
        Submit(d, "\r\n+CMGS: 24\r\n\r\nOK\r\n");

        Assert.Equal([24], Dialogue.ResultOf(sent).References);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_refusal_has_its_reason_and_no_number(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task sent = d.Do(() => d.Modem.Messages.SendAsync("+12025550123", "Hello"));
        Prepare(d, "2,0,0,1,0");
        Submit(d, "\r\n+CMS ERROR: 331\r\n");

        CommandFailedException failure = Dialogue.FailureOf<CommandFailedException>(sent);
        Assert.Equal((331, ModemDriver.Protocol.CmsReason.NoNetwork), (failure.CmsError?.Code, failure.CmsError?.Reason));
        Assert.DoesNotContain("2120550521", failure.ToString(), StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Where_no_prompt_comes_the_entry_is_left_and_nothing_is_sent(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task sent = d.Do(() => d.Modem.Messages.SendAsync("+12025550123", "Hello"));
        Prepare(d, "2,0,0,1,0");
        d.HearBytes("AT+CMGS=18\r");
        d.Pass(9.9);
        Assert.False(sent.IsCompleted);
        d.Pass(0.1);
        CommandTimeoutException late = Dialogue.FailureOf<CommandTimeoutException>(sent);
        Assert.Equal(CommandStage.Written, late.Stage);

        // The module may wait for its text: a command would be a part of it.
        d.Pass(10);
        d.HearBytes("\u001b");
        d.Say("\r\nOK\r\n");
        d.Pass(0.3);
        d.Exchange("AT");
        d.Pass(0.1);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_report_finds_its_message(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        List<MessageStatusReport> reports = [];
        d.Modem.Messages.StatusReported += (_, report) => reports.Add(report);
        Task<SentMessage> sent = d.Do(() => d.Modem.Messages.SendAsync("+12025550123", "Hello"));
        Prepare(d, "2,0,0,1,0");
        Submit(d, "\r\n+CMGS: 24\r\n\r\nOK\r\n");
        d.Say($"\r\n+CDS: 25\r\n{Report}\r\n");

        MessageStatusReport report = Assert.Single(reports);
        Assert.Equal((24, MessageDelivery.Delivered), (report.Reference, report.Delivery));
        Assert.Same(Dialogue.ResultOf(sent), report.Message);
        d.EndsWith(ModemState.Online);
    }

    // A number of the one store read or deleted in the other would be another message.
    [Theory, EverySplit]
    public void While_messages_are_received_their_store_is_the_receivers(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        IAsyncEnumerator<ReceivedMessage> receiving = Receive(d, MessageRouting.Direct);
        Task<bool> first = d.Do(() => receiving.MoveNextAsync().AsTask());
        d.Exchange("AT+CMGF=0");
        d.Exchange("AT+CSMS=1", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,2,0,1,0");
        d.Exchange("AT+CPMS?", Storage);
        d.Exchange("AT+CMGL=4");

        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.Messages.SelectStorageAsync("ME")));
        d.HearNothing();
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task A_wait_for_parts_that_no_timer_can_make_is_refused()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        CancellationToken token = TestContext.Current.CancellationToken;
        IAsyncEnumerator<ReceivedMessage> receiving =
            d.Modem.Messages.ReceiveAsync(partLimit: TimeSpan.MaxValue, cancellationToken: token).GetAsyncEnumerator(token);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await receiving.MoveNextAsync());
        d.HearNothing();
    }

    [Theory, EverySplit]
    public void A_message_in_the_middle_of_an_answer_belongs_to_no_answer(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        IAsyncEnumerator<ReceivedMessage> receiving = Receive(d, MessageRouting.Direct);
        Task<bool> first = d.Do(() => receiving.MoveNextAsync().AsTask());
        d.Exchange("AT+CMGF=0");
        d.Exchange("AT+CSMS=1", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,2,0,1,0");
        d.Exchange("AT+CPMS?", Storage);
        d.Exchange("AT+CMGL=4");

        Task<CommandResponse> other = d.Do(() => d.Modem.SendAsync("AT+CIMI"));
        d.Hear("AT+CIMI");
        d.Say($"\r\n+CMT: ,24\r\n{Hello}\r\n\r\n460001234567890\r\n\r\nOK\r\n");

        Assert.Equal(["460001234567890"], Dialogue.ResultOf(other).Lines);
        Assert.True(Dialogue.ResultOf(first));
        Assert.Equal(("Hello", "+12025550123"), (receiving.Current.Text, receiving.Current.Sender));
        d.HearNothing();
        d.Do(() => receiving.MoveNextAsync().AsTask());
        d.Exchange("AT+CNMA");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_stored_message_is_read_where_it_is_and_deleted_when_the_next_is_asked_for(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        IAsyncEnumerator<ReceivedMessage> receiving = Receive(d, MessageRouting.Stored);
        Task<bool> first = d.Do(() => receiving.MoveNextAsync().AsTask());
        Prepare(d, "2,1,0,1,0");
        d.Exchange("AT+CPMS?", Storage);
        d.Exchange("AT+CMGL=4");
        d.Say("\r\n+CMTI: \"ME\",3\r\n");
        d.Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", "\r\n+CPMS: 1,50,1,50,1,50\r\n\r\nOK\r\n");
        d.Exchange("AT+CMGR=3", $"\r\n+CMGR: 0,,24\r\n{Hello}\r\n\r\nOK\r\n");
        Assert.True(Dialogue.ResultOf(first));
        Assert.Equal("Hello", receiving.Current.Text);
        d.HearNothing();

        Task<bool> second = d.Do(() => receiving.MoveNextAsync().AsTask());
        d.Exchange("AT+CMGD=3");
        Assert.False(second.IsCompleted);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_list_is_read_with_and_without_the_field_of_the_name_and_past_what_is_damaged(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<IReadOnlyList<StoredMessage>> list = d.Do(() => d.Modem.Messages.ListAsync());
        d.Exchange("AT+CMGF=0");
        d.Exchange(
            "AT+CMGL=4",
            $"\r\n+CMGL: 1,1,,24\r\n{Hello}\r\n+CMGL: 2,0,24\r\n{Hello}\r\n+CMGL: 3,1,,24\r\n0791\r\n"
            + $"+CMGL: 4,3,,18\r\n0001000B912120550521F3000005C8329BFD06\r\n\r\nOK\r\n");

        Assert.Equal(
            ["1 ReceivedRead Hello True", "2 ReceivedUnread Hello True", "3 ReceivedRead  False", "4 StoredSent Hello True"],
            Dialogue.ResultOf(list).Select(one => $"{one.Index} {one.Status} {one.Text} {one.IsReadable}"));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("+", "x")]
    [InlineData("12\x1A", "x")]
    [InlineData("1234567890123456789012", "x")]
    public void A_number_that_is_none_is_refused_before_anything_is_sent(string number, string text)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);

        Assert.Throws<ArgumentException>(() => { _ = d.Modem.Messages.SendAsync(number, text, TestContext.Current.CancellationToken); });
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Who_receives_next_waits_until_the_one_before_has_ended(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        using CancellationTokenSource enough = new();
        IAsyncEnumerator<ReceivedMessage> one = d.Modem.Messages.ReceiveAsync(
            MessageRouting.Direct, cancellationToken: enough.Token).GetAsyncEnumerator(enough.Token);
        Task<bool> first = d.Do(() => one.MoveNextAsync().AsTask());
        BeginDirect(d);
        d.Do(() =>
        {
            enough.Cancel();
            return Task.CompletedTask;
        });
        d.Hear("AT+CSMS=0");
        IAsyncEnumerator<ReceivedMessage> other = Receive(d, MessageRouting.Direct);
        Task<bool> second = d.Do(() => other.MoveNextAsync().AsTask());
        d.Say("\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,1,0,1,0");
        Assert.True(first.IsCanceled);
        BeginDirect(d);

        d.Say($"\r\n+CMT: ,24\r\n{Hello}\r\n");
        Assert.True(Dialogue.ResultOf(second));
        d.Do(() => other.MoveNextAsync().AsTask());
        d.Exchange("AT+CNMA");
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_body_that_is_not_of_its_character_set_is_no_empty_text_and_is_not_deleted(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        IAsyncEnumerator<ReceivedMessage> receiving = Receive(d, MessageRouting.Stored);
        Task<bool> first = d.Do(() => receiving.MoveNextAsync().AsTask());
        PrepareTexts(d);
        d.Exchange("AT+CSMS=0", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,1,0,1,0");
        d.Exchange("AT+CPMS?", Storage);
        d.Exchange(
            "AT+CMGL=\"ALL\"",
            "\r\n+CMGL: 1,\"REC UNREAD\",\"+12025550123\",,\"26/01/02,03:04:05+00\"\r\nHello, you\r\n"
            + "+CMGL: 2,\"REC UNREAD\",\"+12025550123\",,\"26/01/02,03:04:06+00\"\r\n00480069\r\n\r\nOK\r\n");
        Assert.True(Dialogue.ResultOf(first));
        Assert.Equal("Hi", receiving.Current.Text);

        Task<bool> second = d.Do(() => receiving.MoveNextAsync().AsTask());
        d.Exchange("AT+CMGD=2");
        Assert.False(second.IsCompleted);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void Two_texts_at_once_each_have_their_own_settings(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<SentMessage> one = d.Do(() => d.Modem.Messages.SendAsync("+12025550123", "Hi"));
        PrepareTexts(d);
        d.Exchange("AT+CSMS=0", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,0,0,1,0");
        d.Hear("AT+CSMP=17,167,0,0");
        Task<SentMessage> other = d.Do(() => d.Modem.Messages.SendAsync(
            new OutgoingMessage("+12025550123", "Hi") { RequestsStatusReport = true }));
        d.Say("\r\nOK\r\n");
        d.Exchange("AT+CMGF=1");
        SubmitText(d, 1);
        d.Exchange("AT+CSDH=1");
        d.Exchange("AT+CSCS=\"UCS2\"");
        d.Exchange("AT+CSMP=49,167,0,0");
        SubmitText(d, 2);

        Assert.Equal([1, 2], [.. Dialogue.ResultOf(one).References, .. Dialogue.ResultOf(other).References]);
        d.EndsWith(ModemState.Online);
    }

    private const string Storage = "\r\n+CPMS: \"SM\",0,20,\"SM\",0,20,\"SM\",0,20\r\n\r\nOK\r\n";

    private static IAsyncEnumerator<ReceivedMessage> Receive(Dialogue d, MessageRouting routing) =>
        d.Modem.Messages.ReceiveAsync(routing).GetAsyncEnumerator();

    private static void BeginDirect(Dialogue d)
    {
        d.Exchange("AT+CMGF=0");
        d.Exchange("AT+CSMS=1", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=2,2,0,1,0");
        d.Exchange("AT+CPMS?", Storage);
        d.Exchange("AT+CMGL=4");
    }

    private static void PrepareTexts(Dialogue d)
    {
        d.Exchange("AT+CMGF=0", "\r\nERROR\r\n");
        d.Exchange("AT+CMGF=?", "\r\n+CMGF: (1)\r\n\r\nOK\r\n");
        d.Exchange("AT+CMGF=1");
        d.Exchange("AT+CMGF=1");
        d.Exchange("AT+CSDH=1");
        d.Exchange("AT+CSCS=\"UCS2\"");
    }

    private static void SubmitText(Dialogue d, int reference)
    {
        d.HearBytes("AT+CMGS=\"002B00310032003000320035003500350030003100320033\"\r");
        d.Say("\r\n> ");
        d.HearBytes("00480069\x1A");
        d.Say($"\r\n+CMGS: {reference}\r\n\r\nOK\r\n");
    }

    private static void Prepare(Dialogue d, string routing)
    {
        d.Exchange("AT+CMGF=0");
        d.Exchange("AT+CSMS=0", "\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n");
        d.Exchange("AT+CNMI=" + routing);
    }

    private static void Submit(Dialogue d, string verdict)
    {
        d.HearBytes("AT+CMGS=18\r");
        d.Say("\r\n> ");
        d.HearBytes("0001000B912120550521F3000005C8329BFD06\x1A");
        d.Say(verdict);
    }
}
