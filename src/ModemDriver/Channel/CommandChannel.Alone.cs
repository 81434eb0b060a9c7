using ModemDriver.Commands;

namespace ModemDriver.Channel;

/// <summary>Steps that no command of anybody else may come between.</summary>
internal sealed partial class CommandChannel
{
    /// <summary>
    /// Waits until nothing is in flight, and then has the wire alone until <paramref name="body"/> ends. Commands that
    /// come meanwhile wait.
    /// </summary>
    public async Task<T> RunAloneAsync<T>(Func<AloneTurn, Task<T>> body)
    {
        while (_isRunning)
        {
            await WhenIdleAsync();
        }

        // A notice may set off a command at any time; there is one timer and one waiter for all that comes back.
        _isRunning = true;
        _aborted = null;
        try
        {
            return await body(new AloneTurn(this));
        }
        finally
        {
            _current = null;
            GoOnWithQueue();
        }
    }

    /// <summary>Who has the wire alone.</summary>
    public sealed class AloneTurn
    {
        private readonly CommandChannel _channel;

        internal AloneTurn(CommandChannel channel) => _channel = channel;

        /// <summary>Sends one bare <c>AT</c>, and counts what comes back.</summary>
        /// <exception cref="ModemClosedException">The channel is broken.</exception>
        public Task<ProbeAnswer> ProbeAsync(TimeSpan limit) => TryAsync(new SimpleCommand("AT", limit));

        /// <summary>
        /// Sends a command that may be answered at another bit rate, or not at all, and counts what comes back; nothing
        /// is waited for beyond its limit. A refusal counts as several.
        /// </summary>
        /// <exception cref="ModemClosedException">The channel is broken.</exception>
        public async Task<ProbeAnswer> TryAsync(AtCommand command)
        {
            var attempt = new PendingCommand(_channel._loop, command, ++_channel._sequence, _channel._time.GetTimestamp());
            _channel._current = attempt;
            _channel._aborted = null;
            var (answers, wasBusy) = await _channel.ProbeOnceAsync(attempt);
            _channel.DisarmTimer();
            _channel._current = null;
            return _channel._broken is not null ? throw _channel.Closed()
                : answers == 1 ? ProbeAnswer.One
                : wasBusy ? ProbeAnswer.Busy
                : answers > 1 ? ProbeAnswer.Several : ProbeAnswer.None;
        }
    }
}
