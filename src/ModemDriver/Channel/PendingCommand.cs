using System.Diagnostics;
using ModemDriver.Commands;
using ModemDriver.Protocol;

namespace ModemDriver.Channel;

/// <summary>
/// A command on its way: in the queue, on the wire, or abandoned by its caller and still on the wire.
/// </summary>
internal sealed class PendingCommand(AtCommand command, long sequence, long queuedAt)
{
    private readonly TaskCompletionSource<FinalResult> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked.</summary>
    public AtCommand Command { get; } = command;

    /// <summary>Its number in the log.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>When it was queued, as a timestamp of the time provider.</summary>
    public long QueuedAt { get; } = queuedAt;

    /// <summary>What it is part of, for whoever traces; <see langword="null"/> where nobody does.</summary>
    public Activity? Cause { get; init; }

    /// <summary>How far it has come.</summary>
    public CommandStage Stage { get; set; }

    /// <summary>Ends the wait for its turn; set only while it is queued behind another.</summary>
    public ITimer? QueueTimer { get; set; }

    /// <summary>Whether the module refused it as busy and it was sent again.</summary>
    public bool WasRepeated { get; set; }

    /// <summary>Whether its final result code has come: what stands behind that is no part of its answer.</summary>
    public bool HasResult { get; set; }

    /// <summary>Whether the module has answered by a result code that ends nothing, as it does before a prompt.</summary>
    public bool HasIntermediate { get; set; }

    /// <summary>Whether the caller has its outcome, of whatever kind.</summary>
    public bool IsDone => _completion.Task.IsCompleted;

    /// <summary>What the caller waits for.</summary>
    public Task<FinalResult> Completion => _completion.Task;

    /// <summary>Hands over the final result.</summary>
    public void Complete(FinalResult result) => _completion.TrySetResult(result);

    /// <summary>Hands over a failure.</summary>
    public void Fail(Exception exception) => _completion.TrySetException(exception);

    /// <summary>Lets the caller go; the command keeps its place on the wire.</summary>
    public void Abandon(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
