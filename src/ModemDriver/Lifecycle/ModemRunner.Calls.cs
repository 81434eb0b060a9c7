using ModemDriver.Commands;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <content>Commands of users, and the session that is suspended for them where it allows that.</content>
internal sealed partial class ModemRunner
{
    private Func<AtCommand, FinalResult, Exception>? _refused;

    // A call suspends the session, and resumes it afterwards.
    private TransparentLink? SuspendedForCalls =>
        Links.Transparent is { SuspendsForCommands: true } session
        && (State == ModemState.OnlineData || session.HasCalls)
            ? session
            : null;

    /// <summary>Runs a command of a user: only while the module takes commands.</summary>
    public ValueTask<FinalResult> ExecuteAsync(AtCommand command, CancellationToken cancellationToken)
    {
        if (SuspendedForCalls is not null)
        {
            return new ValueTask<FinalResult>(ExecuteSuspendedAsync(command, cancellationToken));
        }

        _status.ThrowIfUnusable();
        return Channel.ExecuteAsync(command, cancellationToken);
    }

    // In a method of its own: what it closes over would otherwise be made for every command.
    private Task<FinalResult> ExecuteSuspendedAsync(AtCommand command, CancellationToken cancellationToken) =>
        CallAsync(() => Channel.ExecuteAsync(command, cancellationToken).AsTask(), cancellationToken);

    /// <summary>
    /// Runs a call of a user that has several commands. A session that is suspended for it is so from the first to the
    /// last of them; calls that overlap share it.
    /// </summary>
    public Task<T> CallAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken)
    {
        if (SuspendedForCalls is { } session)
        {
            return Links.RunSuspendedAsync(session, CheckedAsync, cancellationToken);
        }

        return CheckedAsync();

        Task<T> CheckedAsync()
        {
            _status.ThrowIfUnusable();
            return body();
        }
    }

    /// <summary>Runs a command of a user, of which anything but success is an error.</summary>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    public ValueTask<FinalResult> ExecuteOrThrowAsync(AtCommand command, CancellationToken cancellationToken)
    {
        if (SuspendedForCalls is not null)
        {
            return new ValueTask<FinalResult>(ExecuteSuspendedOrThrowAsync(command, cancellationToken));
        }

        _status.ThrowIfUnusable();
        return Channel.ExecuteAsync(command, _refused ??= Refused, cancellationToken);
    }

    private async Task<FinalResult> ExecuteSuspendedOrThrowAsync(AtCommand command, CancellationToken cancellationToken)
    {
        var result = await ExecuteSuspendedAsync(command, cancellationToken);
        return result.IsSuccess ? result : throw Refused(command, result);
    }

    private CommandFailedException Refused(AtCommand command, FinalResult result) =>
        new(command.Line.Display, result, [.. command.Remarks.Select(Channel.RedactText)])
        {
            Port = PortName,
            State = State,
        };
}
