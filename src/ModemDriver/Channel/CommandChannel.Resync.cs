using System.Text;
using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Scheduling;

namespace ModemDriver.Channel;

/// <summary>What happens when an answer is late, double, missing, or a refusal.</summary>
internal sealed partial class CommandChannel
{
    private const int MaxSilentProbes = 5;
    private const int MaxBusyProbes = 20;

    // Until the answer to the character is there, which is none of the probe's.
    private static readonly TimeSpan CancelTime = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Sends one bare <c>AT</c> to a module of which nothing is known. Commands that come meanwhile wait.
    /// </summary>
    public Task<ProbeAnswer> ProbeAsync(TimeSpan limit) => RunAloneAsync(turn => turn.ProbeAsync(limit));

    /// <summary>Sends bytes that are no command, and waits for no answer. Only while no command is in flight.</summary>
    public async Task SendBareAsync(ReadOnlyMemory<byte> bytes)
    {
        _tap?.SentBytes(bytes.Span);
        if (!await WriteAsync(bytes))
        {
            throw Closed();
        }
    }

    private enum Step
    {
        /// <summary>One answer came to one probe.</summary>
        InStep,

        /// <summary>However often it was tried, none or several came.</summary>
        OutOfStep,

        /// <summary>The channel was broken, or the module started anew, meanwhile.</summary>
        Ended,
    }

    // 'busy' means that the line was thrown away, so to send it again is safe for any command. But it has been seen to
    // be carried out all the same (defects Q2 and Q42 in docs/dialects): an answer is waited for first, and afterwards the
    // channel makes sure that no second one is on its way.
    private Task<Signal> RepeatWhileBusyAsync(PendingCommand pending)
    {
        var attempt = 0;
        return LoopPolicies.RetryAsync(
            _time,
            _rules.BusyBackOff,
            static signal => signal.Kind == SignalKind.Busy,
            async () =>
            {
                Log.Busy(_logger, _port, pending.Sequence, ++attempt);
                var signal = await BusyGraceAsync(pending);
                return signal.Kind == SignalKind.Busy
                    ? await AttemptAsync(pending)
                    : await FollowAsync(pending, signal).ConfigureAwait(false);
            },
            CancellationToken.None);
    }

    // Waits for an answer to the line that was refused. Busy: none came, and there is time for another attempt.
    private async Task<Signal> BusyGraceAsync(PendingCommand pending)
    {
        var left = TimeLeft(pending);
        ArmTimer(left < _rules.BusyGrace ? left : _rules.BusyGrace);
        Signal signal;
        do
        {
            signal = await NextSignalAsync();
        }
        while (signal.Kind == SignalKind.Busy);

        left = TimeLeft(pending);
        ArmTimer(left);
        return signal.Kind == SignalKind.TimeLimit && left > TimeSpan.Zero ? new Signal(SignalKind.Busy) : signal;
    }

    private TimeSpan TimeLeft(PendingCommand pending) =>
        pending.Command.TimeLimit - _time.GetElapsedTime(_startedAt);

    // The abandoned command keeps its place until its late answer has come. No probe before that: by V.250 section 5.6
    // any character may abort a command that is still running.
    private async Task QuarantineAsync(PendingCommand pending, Exception reason)
    {
        State = ChannelState.Quarantine;
        ArmTimer(_rules.QuarantineLimit);
        Signal signal;
        do
        {
            signal = await NextSignalAsync();
        }
        while (signal.Kind is SignalKind.Busy or SignalKind.PayloadLost);

        switch (signal.Kind)
        {
            case SignalKind.Final:
                _metrics.CountLateAnswer();
                Log.LateAnswer(_logger, _port, pending.Sequence, signal.Result.Text);
                _needsSettling |= pending.WasRepeated || IsDataToLeave;
                break;
            case SignalKind.Prompt or SignalKind.TimeLimit:
                await GetInStepAsync(pending.Command.MayPrompt || pending.Command.Payload is not null, reason);
                break;
        }
    }

    private async Task GetInStepAsync(bool mayBeInPayload, Exception reason)
    {
        var started = _time.GetTimestamp();
        var step = await ResynchroniseAsync(mayBeInPayload);
        if (step != Step.Ended)
        {
            Resynchronised?.Invoke(reason, _time.GetElapsedTime(started), step == Step.InStep);
        }

        if (step == Step.OutOfStep)
        {
            Break(reason);
        }
    }

    /// <summary>
    /// Sends a bare <c>AT</c> until exactly one answer comes back to it. A module that may be waiting for payload, or carry
    /// data, is first led out of that, else the probe itself would be sent to a peer.
    /// </summary>
    private async Task<Step> ResynchroniseAsync(bool mayBeInPayload)
    {
        State = ChannelState.Resynchronising;
        var probe = NewProbe(_rules.ProbeLimit);
        var interrupted = _current;
        _current = probe;
        _needsSettling = false;
        _framer.SetFetchedHeader(null);
        _framer.Mode = FramerMode.Lines;
        var escape = IsDataToLeave ? _rules.DataEscape
            : !mayBeInPayload ? null
            : interrupted?.Command.CancelsPayload is { } cancel ? new PayloadEscape(cancel, TimeSpan.Zero, CancelTime)
            : _rules.Escape;
        var step = await EscapeAsync(escape) ? await ProbeUntilInStepAsync(probe) : Step.Ended;
        _metrics.CountResynchronisation(step switch
        {
            Step.InStep => "in_step",
            Step.OutOfStep => "out_of_step",
            _ => "ended",
        });
        _current = interrupted;
        return step;
    }

    private async Task<Step> ProbeUntilInStepAsync(PendingCommand probe)
    {
        var silent = 0;
        var busy = 0;
        while (silent < MaxSilentProbes && busy < MaxBusyProbes)
        {
            var (answers, wasBusy) = await ProbeOnceAsync(probe);
            if (_broken is not null || _aborted is not null)
            {
                return Step.Ended;
            }

            if (answers == 1)
            {
                _restDue = 0;
                Log.Resynchronised(_logger, _port, silent + busy + 1);
                return Step.InStep;
            }

            _ = wasBusy ? busy++ : silent++;
        }

        return Step.OutOfStep;
    }

    private async Task<(int Answers, bool WasBusy)> ProbeOnceAsync(PendingCommand probe)
    {
        probe.Stage = CommandStage.Written;
        _signals.Clear();
        ArmTimer(probe.Command.TimeLimit);
        _tap?.Sent(probe.Command.Line);
        var answers = 0;
        var wasBusy = false;
        if (!await WriteAsync(probe.Command.Line.Bytes))
        {
            return (answers, wasBusy);
        }

        while (true)
        {
            var signal = await NextSignalAsync();
            switch (signal.Kind)
            {
                case SignalKind.Final:
                    // An answer other than OK is somebody else's; ours is still to come.
                    // Only the first one begins the settling: endless answers must not make an endless probe.
                    if (answers == 0)
                    {
                        ArmTimer(_rules.SettleTime);
                    }

                    answers += signal.Result.IsSuccess ? 1 : 2;
                    break;
                case SignalKind.Busy:
                    wasBusy = true;
                    break;
                case SignalKind.TimeLimit or SignalKind.Aborted or SignalKind.Broken:
                    MayCarryData &= answers == 0;
                    return (answers, wasBusy);
            }
        }
    }

    private PendingCommand NewProbe(TimeSpan limit) =>
        new(_loop, new SimpleCommand("AT", limit), ++_sequence, _time.GetTimestamp());

    // The module may have gone into its data state without saying so in time: a probe would be sent to the peer.
    private bool IsDataToLeave => MayCarryData && _dataSink is null && _rules.DataEscape is not null;

    // The guard times make the sequence stand alone on the wire; as part of a longer write it would be payload.
    private async Task<bool> EscapeAsync(PayloadEscape? escape)
    {
        if (escape is null)
        {
            return true;
        }

        await QuietAsync(escape.QuietBefore);
        var sequence = Encoding.ASCII.GetBytes(escape.Sequence);
        _tap?.SentBytes(sequence);
        if (!await WriteAsync(sequence))
        {
            return false;
        }

        await Task.Delay(escape.QuietAfter, _time);
        return _broken is null && _aborted is null;
    }
}
