using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Short messages through a module that knows text mode only.</summary>
public sealed class TextModeMessageTests
{
    private const string Ours = "+8613900001111";
    private const string Theirs = "+12025550123";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Hello", "known")]
    [InlineData("@ $ _ € [Ä]", "known")]
    [InlineData("Привет, 你好 😀", "known")]
    [InlineData("OK", "known")]
    [InlineData("two\nlines", "known")]
    [InlineData("Hello", "unknown")]
    public async Task A_text_goes_and_is_reported(string text, string set)
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre, set);
        List<MessageStatusReport> reports = [];
        rig.Modem.Messages.StatusReported += (_, report) => reports.Add(report);

        SentMessage sent = await rig.PassAsync(rig.Modem.Messages.SendAsync(
            new OutgoingMessage(Theirs, text) { RequestsStatusReport = true, Validity = TimeSpan.FromHours(1) }, Token));
        await rig.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(text, Assert.Single(centre.Carried).Text);
        MessageStatusReport report = Assert.Single(reports);
        Assert.Equal((MessageDelivery.Delivered, sent, Theirs), (report.Delivery, report.Message, report.Recipient));
    }

    [Theory]
    [InlineData(MessageRouting.Stored)]
    [InlineData(MessageRouting.Direct)]
    public async Task Texts_come_once_each_with_sender_and_time(MessageRouting routing)
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        string[] texts = ["Hello", "@ $ _ € [Ä]", "Привет, 你好 😀", "OK", "ERROR", "1234", "two\nlines", "+CMTI: \"SM\",1"];
        List<ReceivedMessage> came = [];
        Task receiving = ReceiveAsync(rig.Modem, routing, came, texts.Length);
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        foreach (string text in texts)
        {
            centre.Send(Theirs, Ours, text);
        }

        await rig.PassAsync(receiving);

        Assert.Equal(texts.Order(StringComparer.Ordinal), came.Select(message => message.Text).Order(StringComparer.Ordinal));
        Assert.All(came, message => Assert.Equal((Theirs, 1, centre.Number), (message.Sender, message.PartCount, message.ServiceCentre)));
        Assert.All(came, message => Assert.NotNull(message.SentAt));
        Assert.Contains("AT+CMGF=1", rig.Wire, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_set_for_all_letters_plain_texts_come_too()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre, "unknown");
        List<ReceivedMessage> came = [];
        Task receiving = ReceiveAsync(rig.Modem, MessageRouting.Stored, came, 3);
        centre.Send(Theirs, Ours, "Hello");
        centre.Send(Theirs, Ours, "two\nlines");
        centre.Send("Luat.io", Ours, "1234");
        await rig.PassAsync(receiving);

        Assert.Equal(
            ["+12025550123 Hello", "+12025550123 two\nlines", "Luat.io 1234"],
            came.Select(message => $"{message.Sender} {message.Text}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_long_text_comes_part_by_part_and_does_not_go()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        List<ReceivedMessage> came = [];
        Task receiving = ReceiveAsync(rig.Modem, MessageRouting.Stored, came, 2);
        string text = new string('a', 160) + "end";
        centre.Send(Theirs, Ours, text);
        await rig.PassAsync(receiving);
        Assert.Equal(text, string.Concat(came.Select(message => message.Text)));

        int before = centre.Carried.Count;
        FeatureNotSupportedException failure = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.PassAsync(rig.Modem.Messages.SendAsync(Theirs, text, Token)));
        Assert.Contains("text mode", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, centre.Carried.Count);
    }

    [Fact]
    public async Task The_store_is_listed_read_and_emptied()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        MessageInterface messages = rig.Modem.Messages;
        Assert.Equal(centre.Number, await rig.PassAsync(messages.ReadServiceCentreAsync(Token)));
        centre.Send(Theirs, Ours, "one");
        centre.Send("Luat.io", Ours, "你好");
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        IReadOnlyList<StoredMessage> list = await rig.PassAsync(messages.ListAsync(Token));
        Assert.Equal(["1 ReceivedUnread +12025550123 one", "2 ReceivedUnread Luat.io 你好"], list.Select(Words));
        StoredMessage? read = await rig.PassAsync(messages.ReadAsync(2, Token));
        Assert.Equal("2 ReceivedRead Luat.io 你好", Words(read!));
        Assert.Null(await rig.PassAsync(messages.ReadAsync(5, Token)));
        await rig.PassAsync(messages.SetServiceCentreAsync("+12063130028", Token));
        Assert.Equal("+12063130028", await rig.PassAsync(messages.ReadServiceCentreAsync(Token)));
        await rig.PassAsync(messages.DeleteAllAsync(Token));
        Assert.Empty(await rig.PassAsync(messages.ListAsync(Token)));
    }

    [Fact]
    public async Task What_came_while_the_module_was_away_is_read_after_the_recovery()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        List<ReceivedMessage> came = [];
        Task receiving = ReceiveAsync(rig.Modem, MessageRouting.Stored, came, 2);
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        Task reset = rig.Modem.ResetModuleAsync(Token);
        centre.Send(Theirs, Ours, "meanwhile");
        await rig.PassAsync(reset);
        centre.Send(Theirs, Ours, "after");
        await rig.PassAsync(receiving);

        Assert.Equal(["after", "meanwhile"], came.Select(message => message.Text).Order(StringComparer.Ordinal));
    }

    private static string Words(StoredMessage message) => $"{message.Index} {message.Status} {message.Number} {message.Text}";

    private static Task<VirtualRig> OnlineAsync(MessageCentre centre, string set = "known")
    {
        MobileWorld world = new() { Messages = centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        return VirtualRig.OnlineAsync(
            "air780",
            simulate: options => options with
            {
                SimCard = new SimCard { Number = Ours },
                World = new SimulatedWorld { Mobile = world },
                Switches = new Dictionary<string, string> { ["message-forms"] = "text", ["ucs2-set"] = set },
            });
    }

    private static async Task ReceiveAsync(Modem modem, MessageRouting routing, List<ReceivedMessage> came, int count)
    {
        await foreach (ReceivedMessage message in modem.Messages.ReceiveAsync(routing, cancellationToken: Token))
        {
            came.Add(message);
            if (came.Count == count)
            {
                break;
            }
        }
    }
}
