using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Messages that the module hands over, with a module that does not wait for long.</summary>
public sealed class DirectRoutingTests
{
    private const string Ours = "+8613900001111";
    private const string Theirs = "+12025550123";

    private readonly MessageCentre _centre = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The module stops handing over after 15 s without an acknowledgement.
    [Theory]
    [InlineData(5)]
    [InlineData(14.9)]
    [InlineData(18)]
    [InlineData(60)]
    public async Task A_consumer_that_is_slow_gets_every_message_once(double seconds)
    {
        await using VirtualRig rig = await OnlineAsync();
        List<string> came = [];
        Task receiving = ReceiveAsync(rig, came, 6, TimeSpan.FromSeconds(seconds));
        await rig.PassAsync(TimeSpan.FromSeconds(2)); // From here on they are handed over.
        for (int i = 0; i < 6; i++)
        {
            _centre.Send(Theirs, Ours, i == 2 ? "2" + new string('x', 300) : $"{i}");
        }

        await rig.PassAsync(receiving);
        await rig.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["0", "1", "2", "3", "4", "5"], came.Order(StringComparer.Ordinal).Select(text => text[..1]));
        Assert.Equal(0, _centre.WaitingFor(Ours));
    }

    [Theory]
    [InlineData(MessageRouting.Direct)]
    [InlineData(MessageRouting.Stored)]
    public async Task What_was_not_taken_is_the_next_receivers_and_comes_once(MessageRouting next)
    {
        await using VirtualRig rig = await OnlineAsync();
        List<string> came = [];
        Task first = ReceiveAsync(rig, came, 1, TimeSpan.FromSeconds(5));
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        _centre.Send(Theirs, Ours, "one");
        _centre.Send(Theirs, Ours, "two" + new string('x', 300));
        await rig.PassAsync(first);
        Assert.Equal(["one"], came);

        came.Clear();
        Task second = ReceiveAsync(rig, came, 2, TimeSpan.Zero, next);
        await rig.PassAsync(second);
        Assert.Equal(["one", "two"], came.Order(StringComparer.Ordinal).Select(text => text[..3]));
    }

    [Fact]
    public async Task A_routing_ends_with_its_receiver_also_over_a_start_of_the_module()
    {
        await using VirtualRig rig = await OnlineAsync();
        List<string> came = [];
        Task receiving = ReceiveAsync(rig, came, 1, TimeSpan.Zero);
        _centre.Send(Theirs, Ours, "one");
        await rig.PassAsync(receiving);
        await rig.PassAsync(rig.Modem.ResetModuleAsync(Token));
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        _centre.Send(Theirs, Ours, "two");
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        // Nobody receives, and the module keeps it. Handed over to nobody it would wait for 15 s.
        Assert.Equal(0, _centre.WaitingFor(Ours));
        Assert.Contains("two", (await rig.PassAsync(rig.Modem.Messages.ListAsync(Token))).Select(stored => stored.Text));
    }

    private Task<VirtualRig> OnlineAsync()
    {
        MobileWorld world = new() { Messages = _centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        return VirtualRig.OnlineAsync(
            "air780",
            simulate: options => options with
            {
                SimCard = new SimCard { Number = Ours },
                World = new SimulatedWorld { Mobile = world },
            });
    }

    private static async Task ReceiveAsync(
        VirtualRig rig, List<string> came, int count, TimeSpan pause, MessageRouting routing = MessageRouting.Direct)
    {
        await foreach (ReceivedMessage message in rig.Modem.Messages.ReceiveAsync(routing, cancellationToken: Token))
        {
            Assert.Equal((Theirs, 0), (message.Sender, message.MissingParts));
            came.Add(message.Text ?? "none");
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, rig.Time, Token);
            }

            if (came.Count == count)
            {
                break;
            }
        }
    }
}
