using ModemDriver.Dialects.Standard;
using ModemDriver.Lifecycle;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Messaging;

/// <summary>Which message is read and deleted where, when stores, resets and takers come in between.</summary>
public sealed class MessageInboxTests : IDisposable
{
    private const string Hello = "07912160130320F8040B912120550521F300006210133295038005C8329BFD06";
    private const string InCard = "\r\n+CPMS: \"SM\",0,20,\"SM\",0,20,\"SM\",0,20\r\n\r\nOK\r\n";
    private const string Ok = "\r\nOK\r\n";
    private const string Selected = "\r\n+CPMS: 1,20,1,20,1,20\r\n\r\nOK\r\n";

    private readonly ChannelRig _rig = new();
    private readonly MessageInbox _inbox;
    private readonly List<Task> _runs = [];
    private int _routed;

    public MessageInboxTests() => _inbox = NewInbox();

    public void Dispose() => Assert.DoesNotContain(_runs, run => run.IsFaulted);

    [Fact]
    public void Two_stores_that_are_told_of_together_are_each_read_and_deleted_in_their_own()
    {
        SweepEmpty();
        _rig.Do(_ =>
        {
            _inbox.OnStored(new StoredPlace("ME", 3));
            _inbox.OnStored(new StoredPlace("SM", 7));
        });
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", Selected);
        Exchange("AT+CMGR=3", Read());
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Exchange("AT+CMGR=7", Read());

        ReceivedMessage one = Take();
        Confirm(one);
        ReceivedMessage other = Take();
        Confirm(other);
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", Selected);
        Exchange("AT+CMGD=3", Ok);
        Exchange("AT+CPMS?", "\r\n+CPMS: \"ME\",0,50,\"ME\",0,50,\"ME\",0,50\r\n\r\nOK\r\n"); // How large the store is is not known since it was chosen.
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Exchange("AT+CMGD=7", Ok);
        _rig.Sent();
    }

    [Fact]
    public void After_a_start_of_the_module_its_store_is_chosen_again()
    {
        SweepEmpty();
        Store("ME", 3);
        _rig.Do(_ => _inbox.OnModuleReset());
        ReceivedMessage message = Take();
        Confirm(message);

        // The module uses its card again, whose third message is another one.
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", Selected);
        Exchange("AT+CMGD=3", Ok);
        _rig.Sent();
    }

    [Fact]
    public void A_deletion_whose_store_was_forgotten_on_the_way_is_not_sent()
    {
        SweepEmpty();
        Store("ME", 3);
        ReceivedMessage message = Take();
        Task other = _rig.Execute("AT+OTHER");
        _rig.Sent("AT+OTHER\r\n");
        Confirm(message);
        _rig.Do(_ => _inbox.OnModuleReset());
        _rig.Receive(Ok);

        Assert.True(other.IsCompletedSuccessfully);
        _rig.Sent();
    }

    [Fact]
    public void A_module_that_does_not_say_its_store_is_asked_again_and_no_message_comes_twice()
    {
        Run(_inbox.SweepAsync);
        Exchange("AT+CPMS?", "\r\n+CMS ERROR: 314\r\n");
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("SM", 1)));
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Exchange("AT+CMGR=1", Read());
        _ = Take();

        _rig.Advance(10);
        Exchange("AT+CPMS?", InCard);
        Exchange("AT+CMGL=4", $"\r\n+CMGL: 1,1,,24\r\n{Hello}\r\n\r\nOK\r\n");
        NothingToTake();
    }

    [Fact]
    public void What_could_not_be_read_in_another_store_is_read_there_later()
    {
        SweepEmpty();
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("ME", 3)));
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", "\r\n+CMS ERROR: 314\r\n");
        _rig.Advance(10);
        Exchange("AT+CPMS?", InCard);
        Exchange("AT+CMGL=4", Ok);
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", Selected);
        Exchange("AT+CMGR=3", Read());

        Assert.Equal("Hello", Take().Text);
    }

    [Fact]
    public void A_store_that_cannot_be_chosen_is_not_tried_for_ever()
    {
        SweepEmpty();
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("XX", 3)));
        for (int i = 0; i < 12; i++)
        {
            Exchange("AT+CPMS=\"XX\",\"XX\",\"XX\"", "\r\n+CMS ERROR: 302\r\n");
            _rig.Advance(10);
            Exchange("AT+CPMS?", InCard);
            Exchange("AT+CMGL=4", Ok);
        }

        _rig.Sent();
        _rig.Advance(60);
    }

    [Fact]
    public void A_user_works_on_the_store_of_before_and_it_is_that_again_at_the_end()
    {
        SweepEmpty();
        Store("ME", 3);
        Task<bool> users = Run(() => _inbox.InHomeStoreAsync(
            async () => (await _rig.Channel.ExecuteAsync(new StandardMessageCommands().Delete(5))).IsSuccess,
            TestContext.Current.CancellationToken));
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Exchange("AT+CMGD=5", Ok);
        Assert.True(Dialogue.ResultOf(users));

        Store("ME", 4);
        Task end = Run(async () =>
        {
            await _inbox.DisposeAsync();
            return true;
        });
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Assert.True(end.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_is_handed_over_is_acknowledged_when_it_is_taken()
    {
        SweepEmpty();
        Assert.False(Deliver());
        ReceivedMessage message = Take();
        _rig.Sent();
        Confirm(message);
        Exchange("AT+CNMA", Ok);
        Assert.Equal(0, _routed);

        // The network knows of it: the same words again are another message.
        Assert.False(Deliver());
        Assert.Equal("Hello", Take().Text);
    }

    [Fact]
    public void A_message_that_was_acknowledged_too_late_is_not_taken_twice_and_messages_are_handed_over_again()
    {
        SweepEmpty();
        Assert.False(Deliver());
        ReceivedMessage message = Take();
        Confirm(message);
        Exchange("AT+CNMA", "\r\n+CMS ERROR: 340\r\n");
        Assert.Equal(1, _routed);
        Exchange("AT+CPMS?", InCard);
        Exchange("AT+CMGL=4", $"\r\n+CMGL: 1,0,,24\r\n{Hello}\r\n\r\nOK\r\n");
        Exchange("AT+CMGD=1", Ok);

        NothingToTake();
    }

    [Fact]
    public void A_module_whose_patience_has_ended_is_told_to_go_on_and_what_it_has_stored_goes_with_what_was_taken()
    {
        SweepEmpty();
        Assert.False(Deliver());
        ReceivedMessage message = Take();
        _rig.Advance(20);
        Assert.Equal(1, _routed);
        Exchange("AT+CPMS?", InCard);
        Exchange("AT+CMGL=4", $"\r\n+CMGL: 1,0,,24\r\n{Hello}\r\n\r\nOK\r\n");
        NothingToTake();
        _rig.Sent();

        // No AT+CNMA: it would be for another one by now.
        Confirm(message);
        Exchange("AT+CMGD=1", Ok);
        _rig.Sent();
    }

    [Fact]
    public void A_copy_that_comes_before_the_first_was_taken_is_not_acknowledged_before_it()
    {
        SweepEmpty();
        Assert.False(Deliver());
        Assert.False(Deliver());
        ReceivedMessage message = Take();
        NothingToTake();
        Confirm(message);
        Exchange("AT+CNMA", Ok);
    }

    [Fact]
    public void Parts_are_acknowledged_as_they_come_but_for_the_last_and_the_next_who_receives_has_them()
    {
        SweepEmpty();
        Assert.True(_inbox.OnDelivered(Part(1, "Good ")));
        MessageInbox next = NewInbox();
        next.TakeOver(_inbox.Leave());
        Assert.False(next.OnDelivered(Part(2, "day")));

        Assert.Equal("Good day", Take(next).Text);
    }

    [Fact]
    public void A_message_that_nobody_has_taken_is_the_next_ones_and_comes_once()
    {
        SweepEmpty();
        Assert.False(Deliver());
        _ = Take();
        MessageInbox next = NewInbox();
        next.TakeOver(_inbox.Leave());
        Assert.False(next.OnDelivered(Pdu()));

        Assert.Equal("Hello", Take(next).Text);
        NothingToTake(next);
    }

    [Fact]
    public void What_comes_while_the_list_is_given_is_read_behind_it()
    {
        Run(_inbox.SweepAsync);
        Exchange("AT+CPMS?", InCard);
        _rig.Sent("AT+CMGL=4\r\n");
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("SM", 4)));
        _rig.Receive(Ok);
        Exchange("AT+CMGR=4", Read());

        Assert.Equal("Hello", Take().Text);
        _rig.Sent();
    }

    [Fact]
    public void A_place_that_may_have_another_message_is_read_before_anything_is_deleted_there()
    {
        SweepEmpty();
        Store("SM", 3, isChosen: true);
        Confirm(Take());
        _rig.Sent("AT+CMGD=3\r\n");
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("SM", 3)));
        _rig.Receive("\r\n+CMS ERROR: 500\r\n");

        // Whatever has become of the deletion: the place is read first.
        Exchange("AT+CMGR=3", "\r\n+CMS ERROR: 500\r\n");
        Assert.False(Deliver(Pdu() with { SentAt = null }));
        Confirm(Take());
        Exchange("AT+CNMA", Ok);
        _rig.Sent();
    }

    [Fact]
    public void The_store_of_before_is_chosen_at_the_end_also_where_it_is_not_known_which_one_is()
    {
        SweepEmpty();
        Store("ME", 3);
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("SM", 7)));
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", "\r\n+CMS ERROR: 314\r\n");
        Task end = Run(async () =>
        {
            await _inbox.DisposeAsync();
            return true;
        });
        Exchange("AT+CPMS=\"SM\",\"SM\",\"SM\"", Selected);
        Assert.True(end.IsCompletedSuccessfully);
    }

    [Fact]
    public void Nothing_is_asked_of_a_module_that_has_started_anew_before_it_is_usable()
    {
        SweepEmpty();
        _rig.Do(_ => _inbox.OnStored(new StoredPlace("ME", 3)));
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", "\r\n+CMS ERROR: 314\r\n");
        _rig.Do(_ => _inbox.OnModuleReset());
        _rig.Advance(10);
        _rig.Sent();

        SweepEmpty();
        Exchange("AT+CPMS=\"ME\",\"ME\",\"ME\"", Selected);
        Exchange("AT+CMGR=3", Read());
        Assert.Equal("Hello", Take().Text);
    }

    private MessageInbox NewInbox() => new(
        _rig.Channel, _rig.Time, TimeSpan.FromHours(6), action => _rig.Do(_ => action()))
    {
        Run = body => _runs.Add(body()),
        Commands = () => new StandardMessageCommands(),
        CharacterSet = () => null,
        Turn = new LoopGate(),
        Route = () =>
        {
            _routed++;
            return Task.FromResult(true);
        },
        Reported = _ => Assert.Fail("no report"),
        Deferred = _ => { },
        Unreadable = (where, why) => Assert.Fail($"{where}: {why}"),
    };

    private static DeliverPdu Pdu() => Assert.IsType<DeliverPdu>(MessagePdu.Read(PduReader.FromHex(System.Text.Encoding.ASCII.GetBytes(Hello))));

    private static DeliverPdu Part(int number, string text)
    {
        Assert.True(GsmAlphabet.TryEncode(text, out byte[]? units));
        return Pdu() with { Data = new UserData(default, new UserDataHeader(new Concatenation(9, 2, number, false), null), units) };
    }

    private static string Read() => $"\r\n+CMGR: 0,,24\r\n{Hello}\r\n\r\nOK\r\n";

    private bool Deliver(DeliverPdu? pdu = null) =>
        Dialogue.ResultOf(Run(() => Task.FromResult(_inbox.OnDelivered(pdu ?? Pdu()))));

    private void SweepEmpty()
    {
        Run(_inbox.SweepAsync);
        Exchange("AT+CPMS?", InCard);
        Exchange("AT+CMGL=4", Ok);
    }

    private void Store(string store, int index, bool isChosen = false)
    {
        _rig.Do(_ => _inbox.OnStored(new StoredPlace(store, index)));
        if (!isChosen)
        {
            Exchange($"AT+CPMS=\"{store}\",\"{store}\",\"{store}\"", Selected);
        }

        Exchange($"AT+CMGR={index}", Read());
    }

    private ReceivedMessage Take(MessageInbox? inbox = null)
    {
        Task<ReceivedMessage> taking = Run(() => (inbox ?? _inbox).TakeAsync(CancellationToken.None));
        Assert.True(taking.IsCompletedSuccessfully, "no message");
        return Dialogue.ResultOf(taking);
    }

    private void NothingToTake(MessageInbox? inbox = null)
    {
        using CancellationTokenSource given = new();
        Task<ReceivedMessage> taking = Run(() => (inbox ?? _inbox).TakeAsync(given.Token));
        Assert.False(taking.IsCompleted);
        given.Cancel();
        _rig.Run();
    }

    private void Confirm(ReceivedMessage message) => Run(() => _inbox.ConfirmAsync(message));

    private void Run(Func<Task> body) => _rig.Do(_ => _runs.Add(body()));

    private Task<T> Run<T>(Func<Task<T>> body)
    {
        Task<T>? task = null;
        _rig.Do(_ => task = body());
        return task!;
    }

    private void Exchange(string line, string answer)
    {
        _rig.Sent(line + "\r\n");
        _rig.Receive(answer);
    }
}
