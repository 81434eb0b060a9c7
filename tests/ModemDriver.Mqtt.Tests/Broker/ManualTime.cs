using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>Time that only a test moves, and that says which timers have been armed.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Channel<TimeSpan> _armed = global::System.Threading.Channels.Channel.CreateUnbounded<TimeSpan>();

    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow() + WallClockOffset;

    /// <summary>How far somebody has set the wall clock; the monotonic one does not care.</summary>
    public TimeSpan WallClockOffset { get; set; }

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _time.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _armed.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    public void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>Waits until a timer of this length has been armed; forgets those that were armed before it.</summary>
    public async Task ArmedAsync(TimeSpan due)
    {
        using CancellationTokenSource deadline = new(ScriptedBroker.Deadline, System);
        await foreach (TimeSpan armed in _armed.Reader.ReadAllAsync(deadline.Token))
        {
            if (armed == due)
            {
                return;
            }
        }
    }

    /// <summary>Lets time pass until something has ended, with the limits that it has.</summary>
    public async Task RunAsync(Task task)
    {
        using CancellationTokenSource deadline = new(ScriptedBroker.Deadline, System);
        while (!task.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await task;
    }

    /// <summary>Waits until a timer of this length has been armed, and lets it fire.</summary>
    public async Task PassAsync(TimeSpan due)
    {
        await ArmedAsync(due);
        Advance(due);
    }
}
