using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ModemDriver.Diagnostics;
using ModemDriver.Tests.Review;

namespace ModemDriver.Tests.Lifecycle;

/// <summary>A port that may hold bytes back says so.</summary>
public sealed class LatencyTests : IDisposable
{
    private readonly FakeLogCollector _log = new();
    private readonly LoggerFactory _loggers;

    public LatencyTests() => _loggers = new LoggerFactory([new FakeLoggerProvider(_log)]);

    [Fact]
    public async Task A_refusal_of_low_latency_is_told_with_the_reason_of_the_system()
    {
        RunnerRig rig = new(loggers: _loggers);
        rig.Create = static () => new ScriptedModule { LatencyRefusal = "Operation not permitted" };

        await rig.FinishAsync(rig.Start(() => rig.Runner.OpenAsync(CancellationToken.None)));

        FakeLogRecord told = Assert.Single(Told());
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.Contains("Operation not permitted", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_holds_nothing_back_says_nothing()
    {
        RunnerRig rig = new(loggers: _loggers);

        await rig.FinishAsync(rig.Start(() => rig.Runner.OpenAsync(CancellationToken.None)));

        Assert.Contains(_log.GetSnapshot(), record => record.Id.Id == EventIds.TransportOpened);
        Assert.Empty(Told());
    }

    public void Dispose() => _loggers.Dispose();

    private IEnumerable<FakeLogRecord> Told() =>
        _log.GetSnapshot().Where(record => record.Id.Id == EventIds.LatencyNotLowered);
}
