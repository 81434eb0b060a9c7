using ModemDriver.Commands;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <content>Commands of users, and the session that is suspended for them where it allows that.</content>
internal sealed partial class ModemRunner
{
    // A call suspends the session, and resumes it afterwards.
    private TransparentLink? SuspendedForCalls =>
        Links.Transparent is { SuspendsForCommands: true } session
        && (State == ModemState.OnlineData || session.HasCalls)
            ? session
            : null;

    /// <summary>Runs a command of a user: only while the module takes commands.</summary>
    public Task<FinalResult> ExecuteAsync(AtCommand command, CancellationToken cancellationToken) =>
        CallAsync(() => Channel.ExecuteAsync(command, cancellationToken), cancellationToken);

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
    public async Task<FinalResult> ExecuteOrThrowAsync(AtCommand command, CancellationToken cancellationToken)
    {
        var result = await ExecuteAsync(command, cancellationToken);
        return result.IsSuccess
            ? result
            : throw new CommandFailedException(
                command.Line.Display, result, [.. command.Remarks.Select(Channel.RedactText)])
            {
                Port = PortName,
                State = State,
            };
    }
}
