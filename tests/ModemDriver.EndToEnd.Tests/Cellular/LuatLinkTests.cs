using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Links of cellular modules, from the card to the last byte.</summary>
public sealed class LuatLinkTests
{
    private const int EchoBytes = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ConnectionMode, ReceiveMode> EveryWay()
    {
        var rows = new TheoryData<string, ConnectionMode, ReceiveMode>();
        foreach (string firmware in PersonalityCatalog.Names.Where(name => name.StartsWith("air", StringComparison.Ordinal)))
        {
            foreach (ConnectionMode mode in Enum.GetValues<ConnectionMode>())
            {
                rows.Add(firmware, mode, ReceiveMode.Automatic);
                rows.Add(firmware, mode, ReceiveMode.Push);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EveryWay))]
    public async Task What_is_sent_comes_back_as_it_went(string firmware, ConnectionMode mode, ReceiveMode receive)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            firmware,
            options => options with { ConnectionMode = mode, ReceiveMode = receive, LinkBufferBytes = 4 * EchoBytes });
        LinkStream link = await rig.ConnectAsync();
        await rig.PassAsync(Traffic.EchoAsync(link, EchoBytes, seed: 1, Token));

        Assert.Equal(EchoBytes, link.Info.BytesSent);
        Assert.Equal(EchoBytes, link.Info.BytesReceived);
        await rig.PassAsync(link.DisposeAsync().AsTask());
        await rig.NewLinkWorksAsync();
    }
}
