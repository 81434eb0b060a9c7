using System.Diagnostics;
using ModemDriver.Simulator.Ways;

namespace ModemDriver.Simulator.Tests;

/// <summary>Whether a program has left a device as the next one should find it; <c>stty</c> is the program.</summary>
public sealed class PtySettingsTests : IDisposable
{
    private const int BitRate = 115_200;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly int _master = PtyNative.OpenMaster();
    private readonly int _slave;

    public PtySettingsTests()
    {
        // The settings last for as long as somebody has the device open.
        _slave = PtyNative.OpenSlave(PtyNative.SlavePath(_master));
        PtyNative.MakeRaw(_master, BitRate);
    }

    [Fact]
    public void Raw_at_the_rate_is_as_new()
    {
        Assert.True(PtyNative.IsRaw(_master, BitRate), "it has just been made so");
        Assert.False(PtyNative.IsRaw(_master, 9600), "at another rate it is not");
    }

    [Theory]
    [InlineData("ignbrk", true)]
    [InlineData("-ignbrk", true)]
    [InlineData("echo", false)]
    [InlineData("icanon", false)]
    [InlineData("isig", false)]
    [InlineData("icrnl", false)]
    [InlineData("ixon", false)]
    [InlineData("opost", false)]
    [InlineData("9600", false)]
    public async Task What_a_program_has_set_counts_where_the_next_one_would_notice_it(string setting, bool isAsNew)
    {
        await SetAsync(setting);

        Assert.Equal(isAsNew, PtyNative.IsRaw(_master, BitRate));

        PtyNative.MakeRaw(_master, BitRate);
        Assert.True(PtyNative.IsRaw(_master, BitRate), "it is made so again");
    }

    public void Dispose()
    {
        PtyNative.Close(_slave);
        PtyNative.Close(_master);
    }

    private async Task SetAsync(string setting)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using Process stty = Process.Start("stty", ["-F", PtyNative.SlavePath(_master), setting]);
        await stty.WaitForExitAsync(token).WaitAsync(Deadline, token);
        Assert.Equal(0, stty.ExitCode);
    }
}
