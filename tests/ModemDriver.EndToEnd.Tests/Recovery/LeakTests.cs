using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>After thousands of links and modems everything is as it was: timers, memory, descriptors.</summary>
[Collection(Collection)]
public sealed class LeakTests
{
    private const string Collection = "Counts what is left of the process, alone";

    // Of 9,500 links that is 14 bytes each; the buffers of one are more than 4 KiB. Of 1,000 modems it is 130 bytes each; one has
    // dozens of kilobytes.
    private const long Most = 128 * 1024;

    // What the simulated module has set for its links runs out after each: the clock's list of it would grow with their number.
    private const int Batch = 500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    public async Task Ten_thousand_links_leave_nothing_behind(string firmware)
    {
        CountingTime? time = null;
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            firmware, options => options with { TimeProvider = time = new CountingTime(options.TimeProvider) });
        await LinksAsync(rig, Batch);
        int timers = time!.Armed; // the rig has called what sets it
        long before = Collect();

        await LinksAsync(rig, 10_000 - Batch);

        Assert.Equal(timers, time.Armed);
        Assert.InRange(Collect() - before, -100 * Most, Most);
        Assert.Empty(await rig.PassAsync(rig.Modem.ReadLinksAsync(Token)));
    }

    [Fact]
    public async Task A_thousand_modems_leave_nothing_behind()
    {
        await OpenAndDisposeAsync(250);
        long before = Collect();
        int descriptors = Descriptors();

        int timers = await OpenAndDisposeAsync(1_000);

        Assert.Equal(0, timers);
        Assert.InRange(Collect() - before, -100 * Most, Most);
        Assert.InRange(Descriptors(), 0, descriptors + 3);
    }

    [Fact]
    public async Task A_hundred_ports_leave_no_descriptor_and_no_thread_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pseudo-terminals need Linux");
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "esp-at" });
        using PtyPort port = module.OpenPty();
        await OpenPortAsync(port, 5);
        (int descriptors, int threads) = (Descriptors(), Threads());

        await OpenPortAsync(port, 100);

        Assert.InRange(Descriptors(), 0, descriptors + 3);
        Assert.InRange(Threads(), 0, threads + 10);
        Assert.Null(module.Failure);
    }

    private static async Task OpenPortAsync(PtyPort port, int times)
    {
        for (int i = 0; i < times; i++)
        {
            await using Modem modem = await Modem.OpenAsync(port.DevicePath, cancellationToken: Token).Within(Token);
        }
    }

    /// <summary>Opens and disposes modems one after the other; every tenth has been online.</summary>
    /// <returns>The timers that are left of all of them.</returns>
    private static async Task<int> OpenAndDisposeAsync(int times)
    {
        int left = 0;
        for (int i = 0; i < times; i++)
        {
            CountingTime? time = null;
            ModemOptions Drive(ModemOptions options) =>
                options with { TimeProvider = time = new CountingTime(options.TimeProvider) };
            VirtualRig rig = await (i % 10 == 0 ? VirtualRig.OnlineAsync(drive: Drive) : VirtualRig.ReadyAsync(drive: Drive));
            await rig.DisposeAsync();
            left += time!.Armed; // the rig has called what sets it
        }

        return left;
    }

    private static async Task LinksAsync(VirtualRig rig, int count)
    {
        byte[] bytes = Traffic.Bytes(40, seed: 1);
        byte[] back = new byte[bytes.Length];
        for (int i = 0; i < count; i++)
        {
            await rig.PassAsync(UseAsync());
            if (i % Batch == Batch - 1)
            {
                await rig.PassAsync(TimeSpan.FromMinutes(5));
            }
        }

        async Task UseAsync()
        {
            await using LinkStream link = await rig.Modem.ConnectAsync(Rig.Host, 7, Token);
            await link.WriteAsync(bytes, Token);
            await link.ReadExactlyAsync(back, Token);
        }
    }

    private static long Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Descriptors() =>
        OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    private static int Threads() => Directory.GetFileSystemEntries("/proc/self/task").Length;

    /// <summary>No other test runs beside this one.</summary>
    [CollectionDefinition(Collection, DisableParallelization = true)]
    public sealed class Alone;
}
