using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Short messages through a simulated module and its service centre.</summary>
public sealed class ShortMessageTests
{
    private const string Ours = "+8613900001111";
    private const string Theirs = "+12025550123";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MessageRouting.Stored)]
    [InlineData(MessageRouting.Direct)]
    public async Task Texts_of_any_length_arrive_once_and_whole_though_parts_are_shuffled_and_doubled(MessageRouting routing)
    {
        MessageCentre centre = new(7) { ShufflesParts = true };
        await using VirtualRig rig = await OnlineAsync(centre);
        Random random = new(5);
        List<string> sent = [.. Enumerable.Range(0, 60).Select(i => $"{i:D3}" + NewText(random, random.Next(1, 700)))];
        List<string> came = [];
        Task receiving = ReceiveAsync(rig.Modem, routing, came, sent.Count);
        foreach (string text in sent)
        {
            centre.Send(Theirs, Ours, text);
        }

        await rig.PassAsync(receiving);

        Assert.Equal(sent.Order(StringComparer.Ordinal), came.Order(StringComparer.Ordinal));
        await rig.PassAsync(TimeSpan.FromMinutes(1)); // Copies of the last parts may still be on their way.
        Assert.Equal(0, centre.WaitingFor(Ours));
    }

    [Fact]
    public async Task A_text_of_more_parts_than_the_card_holds_arrives_and_room_is_made_only_then()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        string text = new('字', 67 * 14);
        List<string> came = [];
        Task receiving = ReceiveAsync(rig.Modem, MessageRouting.Stored, came, 1);
        centre.Send(Theirs, Ours, text);

        await rig.PassAsync(receiving);

        Assert.Equal([text], came);
        Assert.Equal(10, (await rig.PassAsync(rig.Modem.Messages.ReadStorageAsync(Token))).Capacity);
    }

    [Fact]
    public async Task A_message_is_deleted_only_when_it_was_taken()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        centre.Send(Theirs, Ours, "one");
        centre.Send(Theirs, Ours, "two");
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["one"], await rig.PassAsync(TakeAsync(rig.Modem, 1)));
        Assert.Equal(2, (await rig.PassAsync(rig.Modem.Messages.ReadStorageAsync(Token))).Used);
        Assert.Equal(["one", "two"], await rig.PassAsync(TakeAsync(rig.Modem, 2)));
        StoredMessage left = Assert.Single(await rig.PassAsync(rig.Modem.Messages.ListAsync(Token)));
        Assert.Equal(("two", Theirs), (left.Text, left.Number));
        Assert.Equal("two", (await rig.PassAsync(rig.Modem.Messages.ReadAsync(left.Index, Token)))?.Text);
        await rig.PassAsync(rig.Modem.Messages.DeleteAsync(left.Index, Token));
        Assert.Empty(await rig.PassAsync(rig.Modem.Messages.ListAsync(Token)));
        Assert.Null(await rig.PassAsync(rig.Modem.Messages.ReadAsync(left.Index, Token)));
    }

    [Fact]
    public async Task What_came_while_the_module_was_away_is_read_after_the_recovery()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        List<string> came = [];
        Task receiving = ReceiveAsync(rig.Modem, MessageRouting.Stored, came, 3);
        centre.Send(Theirs, Ours, "before");
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["before"], came);

        Task reset = rig.Modem.ResetModuleAsync(Token);
        centre.Send(Theirs, Ours, "meanwhile");
        await rig.PassAsync(reset);
        centre.Send(Theirs, Ours, "after");
        await rig.PassAsync(receiving);

        Assert.Equal(["after", "before", "meanwhile"], came.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Hello", 1)]
    [InlineData("Привет, 你好 😀", 1)]
    [InlineData(null, 4)]
    public async Task What_is_sent_is_reported_part_by_part(string? text, int parts)
    {
        text ??= new string('€', 250);
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        List<MessageStatusReport> reports = [];
        rig.Modem.Messages.StatusReported += (_, report) => reports.Add(report);

        SentMessage sent = await rig.PassAsync(rig.Modem.Messages.SendAsync(
            new OutgoingMessage(Theirs, text) { RequestsStatusReport = true, Validity = TimeSpan.FromHours(1) }, Token));
        await rig.PassAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(parts, sent.References.Count);
        Assert.Equal(text, string.Concat(centre.Carried.Select(carried => carried.Text)));
        Assert.Equal(sent.References.Order(), reports.Select(report => report.Reference).Order());
        Assert.All(reports, report => Assert.Equal((MessageDelivery.Delivered, sent), (report.Delivery, report.Message)));
    }

    [Fact]
    public async Task A_refusal_of_the_network_is_told_by_its_cause()
    {
        MessageCentre centre = new() { Refusal = 21 };
        await using VirtualRig rig = await OnlineAsync(centre);

        CommandFailedException failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => rig.PassAsync(rig.Modem.Messages.SendAsync(Theirs, "x", Token)));

        Assert.Equal(21, failure.CmsError?.Code);
        Assert.DoesNotContain(Theirs, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_centre_and_the_store_can_be_asked_and_chosen()
    {
        MessageCentre centre = new();
        await using VirtualRig rig = await OnlineAsync(centre);
        MessageInterface messages = rig.Modem.Messages;

        Assert.Equal(centre.Number, await rig.PassAsync(messages.ReadServiceCentreAsync(Token)));
        await rig.PassAsync(messages.SetServiceCentreAsync("+12063130028", Token));
        Assert.Equal("+12063130028", await rig.PassAsync(messages.ReadServiceCentreAsync(Token)));
        await rig.PassAsync(messages.SelectStorageAsync("ME", Token));
        Assert.Equal("ME", (await rig.PassAsync(messages.ReadStorageAsync(Token))).Name);
    }

    [Fact]
    public async Task A_module_without_messages_says_so_before_anything_is_sent()
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync();
        string before = rig.Wire;

        Assert.False(rig.Modem.Supports(ModemFeature.Sms));
        FeatureNotSupportedException failure = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => rig.PassAsync(rig.Modem.Messages.SendAsync(Theirs, "x", Token)));

        Assert.Equal(ModemFeature.Sms, failure.Feature);
        Assert.Equal(before, rig.Wire);
    }

    private static Task<VirtualRig> OnlineAsync(MessageCentre centre) => VirtualRig.OnlineAsync(
        "air780",
        simulate: options => options with
        {
            SimCard = new SimCard { Number = Ours },
            World = new SimulatedWorld { Mobile = NewWorld(centre) },
        });

    private static MobileWorld NewWorld(MessageCentre centre)
    {
        MobileWorld world = new() { Messages = centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        return world;
    }

    private static async Task ReceiveAsync(Modem modem, MessageRouting routing, List<string> came, int count)
    {
        await foreach (ReceivedMessage message in modem.Messages.ReceiveAsync(routing, cancellationToken: Token))
        {
            Assert.Equal((Theirs, 0), (message.Sender, message.MissingParts));
            came.Add(message.Text ?? "none");
            if (came.Count == count)
            {
                break;
            }
        }
    }

    private static async Task<List<string>> TakeAsync(Modem modem, int count)
    {
        List<string> came = [];
        await ReceiveAsync(modem, MessageRouting.Stored, came, count);
        return came;
    }

    private static string NewText(Random random, int length)
    {
        int kind = random.Next(3);
        return string.Concat(Enumerable.Range(0, length).Select(_ => kind switch
        {
            0 => ((char)random.Next('a', 'z')).ToString(),
            1 => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F600)),
            _ => random.Next(4) == 0 ? "€" : "[",
        }));
    }
}
