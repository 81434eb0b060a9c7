using ModemDriver.Simulator;
using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>A cable that is pulled and plugged in again, as a program sees it: the device goes, and comes back as
/// another one behind the same link.</summary>
public sealed class ReplugTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at", "")]
    [InlineData("esp-at", "serialport:")]
    [InlineData("esp-at-1.7", "")]
    [InlineData("esp-at-2.0", "")]
    public async Task A_device_that_comes_back_under_the_same_link_is_opened_again(string firmware, string backEnd)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        string path = Path.Combine(Path.GetTempPath(), $"modemdriver-{Guid.NewGuid():N}");
        var network = new InMemoryNetwork();
        network.Serve(Rig.Host, 7, Servers.EchoAsync);
        InMemoryListener listener = network.Listen(Rig.Host, 9);
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = firmware, Network = network });
        PtyPort device = module.OpenPty(path);
        try
        {
            await using Modem modem = await OpenAsync(backEnd + path);
            var states = new StateLog(modem);
            LinkStream link = await modem.ConnectAsync(Rig.Host, 9, Token).Within(Token);
            InMemoryPeer peer = await listener.AcceptAsync(Token).Within(Token);
            Task<int> reading = link.ReadAsync(new byte[10], Token).AsTask();

            device.Dispose();
            IOException lost = await Assert.ThrowsAsync<IOException>(() => reading.Within(Token));
            Assert.Equal(LinkFailure.ModemClosed, Assert.IsType<LinkException>(lost.InnerException).Reason);
            device = await PlugInAsync(module, path);

            IReadOnlyList<ModemStateChange> changes = await states.UntilAsync(ModemState.Online, Token).Within(Token);
            Assert.Equal(["PortLost -> Recovering", "NetworkJoined -> Online"], StateLog.Rows(changes));
            Assert.IsType<TransportException>(changes[0].Reason);
            await using LinkStream again = await modem.ConnectAsync(Rig.Host, 7, Token).Within(Token);
            await Traffic.EchoAsync(again, 50_000, seed: 32, Token);

            // The module has kept the old link, and the driver has closed what it does not know.
            Assert.Equal(0, await peer.ReadAsync(new byte[1], Token).Within(Token));
        }
        finally
        {
            device.Dispose();
        }

        Assert.Null(module.Failure);
    }

    // Going online is told before the log begins.
    private static async Task<Modem> OpenAsync(string port)
    {
        var options = new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            Recovery = new RecoveryOptions
            {
                FirstDelay = TimeSpan.FromMilliseconds(20), LongestDelay = TimeSpan.FromMilliseconds(200),
            },
        };
        Modem modem = await Modem.OpenAsync(port, options, Token).Within(Token);
        var online = new StateLog(modem);
        await modem.GoOnlineAsync(Token).Within(Token);
        await online.UntilAsync(ModemState.Online, Token).Within(Token);
        return modem;
    }

    // The old way in is let go of on the module's loop, a little after it was told to.
    private static async Task<PtyPort> PlugInAsync(ModemSimulator module, string path)
    {
        using var limit = new CancellationTokenSource(Deadline.Limit, TimeProvider.System);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                return module.OpenPty(path);
            }
            catch (InvalidOperationException)
            {
                await Task.Yield();
            }
        }
    }
}
