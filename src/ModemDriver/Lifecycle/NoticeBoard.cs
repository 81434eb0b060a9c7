using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>Lets a method on the loop wait for a kind of notice, with a limit.</summary>
internal sealed class NoticeBoard(TimeProvider time)
{
    private readonly List<(NoticeKind Kind, TaskCompletionSource Seen)> _waiting = [];

    /// <summary>A notice has come.</summary>
    public void Post(NoticeKind kind)
    {
        foreach (var (wanted, seen) in _waiting)
        {
            if (wanted == kind)
            {
                seen.TrySetResult();
            }
        }
    }

    /// <summary>Waits for a notice that comes from now on.</summary>
    /// <returns>Whether it came within the limit.</returns>
    public async Task<bool> WaitAsync(NoticeKind kind, TimeSpan limit, CancellationToken cancellationToken)
    {
        var entry = (kind, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Add(entry);
        try
        {
            await LoopWait.ForAsync(entry.Item2.Task, limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _waiting.Remove(entry);
        }
    }
}
