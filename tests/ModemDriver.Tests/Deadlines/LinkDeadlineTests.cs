namespace ModemDriver.Tests.Deadlines;

/// <summary>Calls of a link, when the module falls mute under it.</summary>
public sealed class LinkDeadlineTests
{
    [Theory]
    [InlineData(MuteModule.EspAt, 15)]
    [InlineData(MuteModule.Luat, 55)]
    public async Task A_flush_ends_with_the_limit_of_the_send(MuteModule module, int limit)
    {
        (MuteRig rig, LinkStream link) = await OpenAsync(module);
        Task call = rig.Start(() => WriteAndFlushAsync(link, 10));

        await rig.PassUntilAsync(call, TimeSpan.FromSeconds(limit));

        AssertLost(call, LinkFailure.SendFailed);
    }

    [Theory]
    [InlineData(MuteModule.EspAt, 15)]
    [InlineData(MuteModule.Luat, 55)]
    public async Task A_write_that_waits_for_room_ends_with_the_limit_of_the_send(MuteModule module, int limit)
    {
        (MuteRig rig, LinkStream link) = await OpenAsync(module);
        Task call = rig.Start(() => WriteAndFlushAsync(link, 1_000_000));

        await rig.PassUntilAsync(call, TimeSpan.FromSeconds(limit));

        AssertLost(call, LinkFailure.SendFailed);
    }

    [Theory]
    [InlineData(MuteModule.EspAt)]
    [InlineData(MuteModule.Luat)]
    public async Task A_read_ends_when_the_module_has_been_given_up(MuteModule module)
    {
        (MuteRig rig, LinkStream link) = await OpenAsync(module);
        Task reading = rig.Start(() => link.ReadAsync(new byte[1]).AsTask());
        Task send = rig.Start(() => rig.Modem.SendAsync("AT+X", TimeSpan.FromSeconds(5)));

        // Its limit, its late answer, the probes.
        await rig.PassUntilAsync(reading, TimeSpan.FromSeconds(5 + 10 + 6));

        AssertLost(reading, LinkFailure.ModemClosed);
        Assert.IsType<CommandTimeoutException>(send.Exception?.InnerException);
    }

    [Theory]
    [InlineData(MuteModule.EspAt, 0)]
    [InlineData(MuteModule.EspAt, 10)]
    [InlineData(MuteModule.Luat, 0)]
    [InlineData(MuteModule.Luat, 10)]
    public async Task Disposing_ends_by_its_limit_and_does_not_throw(MuteModule module, int unsent)
    {
        (MuteRig rig, LinkStream link) = await OpenAsync(module);
        Task writing = rig.Start(() => link.WriteAsync(new byte[unsent]).AsTask());
        Assert.True(writing.IsCompletedSuccessfully);

        Task disposing = rig.Start(() => link.DisposeAsync().AsTask());
        await rig.PassUntilAsync(disposing, LinkStream.DisposeLimit);

        Assert.True(disposing.IsCompletedSuccessfully, $"{disposing.Status}");
    }

    private static async Task<(MuteRig Rig, LinkStream Link)> OpenAsync(MuteModule module)
    {
        MuteRig rig = module == MuteModule.EspAt ? await MuteRig.OnlineAsync() : await MuteRig.CellularAsync(module);
        LinkStream link = await rig.ConnectAsync();
        rig.Mute();
        return (rig, link);
    }

    private static async Task WriteAndFlushAsync(LinkStream link, int count)
    {
        await link.WriteAsync(new byte[count]);
        await link.FlushAsync(CancellationToken.None);
    }

    private static void AssertLost(Task call, LinkFailure reason)
    {
        IOException lost = Assert.IsType<IOException>(call.Exception?.InnerException);
        Assert.Equal(reason, Assert.IsType<LinkException>(lost.InnerException).Reason);
    }
}
