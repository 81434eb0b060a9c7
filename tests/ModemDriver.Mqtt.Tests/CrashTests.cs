using System.Diagnostics;
using System.Globalization;
using ModemDriver.Mqtt.Tests.Broker;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>
/// A process is killed (SIGKILL) at random points of its exchanges, again and again; the broker must nevertheless get every
/// number that it printed as stored: at QoS 2 once, at QoS 1 at least once.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Numbers = 300;
    private const int Kills = 10;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("crash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public async Task Nothing_stored_is_lost_and_at_QoS_2_nothing_is_doubled(int level, int seed)
    {
        await using DurableBroker broker = new();
        Random random = new(seed);
        int next = 0;
        for (int i = 0; i < Kills && next < Numbers; i++)
        {
            // Printed numbers and packets count alike, so the point lies anywhere in storing, sending and acknowledging.
            next = await RunAsync(broker, level, next, random.Next(1, 2 * Numbers / Kills * (level + 1)));
        }

        Assert.Equal(Numbers, await RunAsync(broker, level, next, int.MaxValue));
        Assert.Empty(broker.Mistakes);
        IEnumerable<string> expected = Enumerable.Range(0, Numbers).Select(Text);
        Assert.Equal(expected, level == 2 ? broker.Delivered : broker.Delivered.Distinct());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs the child until so many things have happened, or to its end.</summary>
    /// <returns>The first number that it has not printed.</returns>
    private async Task<int> RunAsync(DurableBroker broker, int level, int first, int events)
    {
        string[] arguments = [Text(broker.Port), Path.Combine(_folder, "outbox.db"), Text(level), Text(first), Text(Numbers)];
        using Process child = Process.Start(
            new ProcessStartInfo(ChildPath(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!; // a new one
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        int left = events;
        void Count()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                child.Kill();
            }
        }

        broker.Received = _ => Count();
        bool isDrained = false;
        int next = first;
        while (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Limit, TimeProvider.System) is { } line)
        {
            isDrained = line == "drained";
            next = isDrained ? next : int.Parse(line, CultureInfo.InvariantCulture) + 1;
            Count();
        }

        await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TimeProvider.System);
        broker.Received = null;
        // It ends by itself when it is drained, and by our hand (128 + 9) before; anything else is its own failure.
        Assert.True(isDrained || (events != int.MaxValue && child.ExitCode == 137), await errors);
        return next;
    }

    private static string ChildPath()
    {
        const string Own = "ModemDriver.Mqtt.Tests";
        const string Child = "ModemDriver.Mqtt.CrashChild";
        string folder = AppContext.BaseDirectory.Replace(Own, Child, StringComparison.Ordinal);
        return Path.Combine(folder, OperatingSystem.IsWindows() ? Child + ".exe" : Child);
    }
}
