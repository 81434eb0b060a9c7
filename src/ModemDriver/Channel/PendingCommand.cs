using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using ModemDriver.Commands;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Channel;

/// <summary>
/// A command on its way: in the queue, on the wire, or abandoned by its caller and still on the wire.
/// </summary>
/// <remarks>
/// It is itself what its caller waits for, so that a wait allocates nothing more: there is one waiter, who is on the loop
/// and goes on there, by a post. It is never used a second time: whatever still refers to it when its caller has gone on,
/// such as a token that fires late, finds it done.
/// </remarks>
internal sealed class PendingCommand(ModemLoop loop, AtCommand command, long sequence, long queuedAt)
    : IValueTaskSource<FinalResult>
{
    private static readonly SendOrPostCallback Continue = static pending => ((PendingCommand)pending!).GoOn();

    private object? _outcome; // an exception, or the text of the result
    private bool _isSuccess;
    private object? _cancellation;
    private Action<object?>? _continuation;
    private object? _continuationState;

    /// <summary>What was asked.</summary>
    public AtCommand Command { get; } = command;

    /// <summary>Its number in the log.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>When it was queued, as a timestamp of the time provider.</summary>
    public long QueuedAt { get; } = queuedAt;

    /// <summary>What it is part of, for whoever traces; <see langword="null"/> where nobody does.</summary>
    public Activity? Cause { get; init; }

    /// <summary>Makes an exception of a result that is no success; <see langword="null"/>: it is a result like others.</summary>
    public Func<AtCommand, FinalResult, Exception>? Refused { get; init; }

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
    public bool IsDone { get; private set; }

    /// <summary>What the caller waits for; once.</summary>
    public ValueTask<FinalResult> Completion => new(this, 0);

    /// <summary>Lets the caller go when the token fires; the command keeps its place on the wire.</summary>
    public void AbandonWhen(CancellationToken cancellationToken) => _cancellation = cancellationToken.UnsafeRegister(
        static (state, token) => ((PendingCommand)state!).PostAbandon(token), this);

    /// <summary>Hands over the final result.</summary>
    public void Complete(in FinalResult result)
    {
        if (!IsDone)
        {
            _isSuccess = result.IsSuccess;
            End(result.IsSuccess || Refused is null ? result.Text : Refused(Command, result));
        }
    }

    /// <summary>Hands over a failure.</summary>
    public void Fail(Exception exception)
    {
        if (!IsDone)
        {
            End(exception);
        }
    }

    /// <summary>Lets the caller go; the command keeps its place on the wire.</summary>
    public void Abandon(CancellationToken cancellationToken) => Fail(new TaskCanceledException(null, null, cancellationToken));

    FinalResult IValueTaskSource<FinalResult>.GetResult(short token)
    {
        if (!IsDone)
        {
            throw new InvalidOperationException("The command has not ended.");
        }

        if (_outcome is Exception failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return new FinalResult(_isSuccess, (string)_outcome!); // set by whoever ended it
    }

    ValueTaskSourceStatus IValueTaskSource<FinalResult>.GetStatus(short token) =>
        !IsDone ? ValueTaskSourceStatus.Pending
        : _outcome is OperationCanceledException ? ValueTaskSourceStatus.Canceled
        : _outcome is Exception ? ValueTaskSourceStatus.Faulted
        : ValueTaskSourceStatus.Succeeded;

    // Whoever waits has the loop for its context: no other need be kept. Its execution context is its own matter.
    void IValueTaskSource<FinalResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (_continuation is not null)
        {
            throw new InvalidOperationException("A command has one waiter.");
        }

        (_continuation, _continuationState) = (continuation, state);
        if (IsDone)
        {
            loop.Post(Continue, this);
        }
    }

    private void End(object outcome)
    {
        _outcome = outcome;
        IsDone = true;
        if (_cancellation is CancellationTokenRegistration registration)
        {
            registration.Unregister(); // does not wait: a late callback finds it done
            _cancellation = null;
        }

        if (_continuation is not null)
        {
            loop.Post(Continue, this);
        }
    }

    private void GoOn() => _continuation!(_continuationState); // posted by whoever has found it

    private void PostAbandon(CancellationToken token) => loop.Post(() => Abandon(token));
}
