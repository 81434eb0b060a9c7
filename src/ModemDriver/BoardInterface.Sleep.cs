namespace ModemDriver;

/// <content>Sleep.</content>
public sealed partial class BoardInterface
{
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromSeconds(65);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(3);

    /// <summary>
    /// Sets when the module sleeps; set again after it has started anew. A module that is asleep loses the first command:
    /// before a command that follows a quiet, the driver sends <c>AT</c> until the module answers. What the network begins
    /// (data, messages, calls) wakes it by itself. In a transparent session nothing wakes it: let it be
    /// <see cref="SleepMode.Awake"/> there.
    /// </summary>
    /// <param name="mode">The mode.</param>
    /// <param name="quietTime">
    /// How long its line must be quiet, whole seconds from 0 to 65; default 1 second. Of <see cref="SleepMode.IdleLine"/> and
    /// <see cref="SleepMode.Deepest"/> alone.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such mode, or no such time; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such modes.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SetSleepAsync(SleepMode mode, TimeSpan? quietTime = null, CancellationToken cancellationToken = default)
    {
        if (mode == SleepMode.Unknown || !Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        var time = quietTime ?? TimeSpan.FromSeconds(1);
        if (time < TimeSpan.Zero || time > LongestQuiet || time.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(quietTime), time, "It is whole seconds, from 0 to 65.");
        }

        return _loop.InvokeAsync(() => _runner.SetSleepAsync(mode, time, cancellationToken));
    }

    /// <summary>Asks when the module sleeps.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The mode; <see langword="null"/> if it does not say.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no such modes.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<SleepMode?> ReadSleepAsync(CancellationToken cancellationToken = default) => CallAsync(
        ModemFeature.SleepModes, dialect => AskAsync(dialect.Sleep!.ReadSleep(), cancellationToken), cancellationToken);

    /// <summary>
    /// Has the module sleep until a time is over, and closes the modem: it is neither heard nor reached meanwhile. Then the
    /// module starts anew; open a new modem. Some modules start only where a pin is wired to their reset (the page of the dialect
    /// says which). Once the command was written the modem is closed, whatever comes of it, but for a refusal.
    /// </summary>
    /// <param name="time">How long, 1 millisecond to 3 hours.</param>
    /// <param name="cancellationToken">Ends the wait; the module sleeps all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SleepDeeplyAsync(TimeSpan time, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, LongestSleep);
        return _loop.InvokeAsync(async () =>
        {
            var command = _runner.Require(ModemFeature.DeepSleep).NewDeepSleep(time)!; // what has the feature has the command
            var isWritten = false;
            command.MayWrite = () => isWritten = true;
            try
            {
                await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            }
            catch (CommandFailedException)
            {
                isWritten = false; // It is awake.
                throw;
            }
            finally
            {
                if (isWritten)
                {
                    await _runner.CloseAsync();
                }
            }
        });
    }
}
