using ModemDriver.Cellular;
using ModemDriver.Lifecycle;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>Voice calls: the module dials, answers and hangs up; the voice goes over its own microphone and speaker.</summary>
/// <remarks>
/// Members may be called from any thread. Of a module without calls every call throws
/// <see cref="FeatureNotSupportedException"/> before anything is sent.
/// </remarks>
public sealed class CallInterface
{
    private const int MaxTones = 29;

    private static readonly System.Buffers.SearchValues<char> Tones = System.Buffers.SearchValues.Create("0123456789ABCD*#");

    private readonly Lock _gate = new();
    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private EventHandler<CallRing>? _ringing;
    private EventHandler<CallEnd>? _ended;

    internal CallInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
    }

    /// <summary>
    /// Told whenever it rings: once with each ring, every few seconds. In order, on the thread pool, as
    /// <see cref="Modem.UrcReceived"/>. Who calls is told after <see cref="ListenAsync"/>.
    /// </summary>
    public event EventHandler<CallRing>? Ringing
    {
        add
        {
            lock (_gate)
            {
                _ringing += value;
                _runner.Ringing = OnRinging;
            }
        }

        remove
        {
            lock (_gate)
            {
                _ringing -= value;
                _runner.Ringing = _ringing is null ? null : OnRinging;
            }
        }
    }

    /// <summary>Told of the end of a call that was not ended here, as <see cref="Ringing"/>.</summary>
    public event EventHandler<CallEnd>? Ended
    {
        add
        {
            lock (_gate)
            {
                _ended += value;
                _runner.CallEnded = OnEnded;
            }
        }

        remove
        {
            lock (_gate)
            {
                _ended -= value;
                _runner.CallEnded = _ended is null ? null : OnEnded;
            }
        }
    }

    /// <summary>Has the module tell who calls (<c>AT+CLIP=1</c>), also after it has started anew.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task ListenAsync(CancellationToken cancellationToken = default) =>
        CallAsync(commands => _runner.ShowCallerAsync(commands, cancellationToken), cancellationToken);

    /// <summary>
    /// Calls a number (<c>ATD</c>). Ends when the module begins to dial, or, on some modules, when the call was answered:
    /// <see cref="ListAsync"/> tells how it stands.
    /// </summary>
    /// <param name="number">An optional plus, then 1 to 20 digits, <c>*</c> or <c>#</c>.</param>
    /// <param name="cancellationToken">Ends the wait; the module goes on dialling.</param>
    /// <exception cref="ArgumentException">It is no number; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">Refused, busy, or not answered (<c>NO CARRIER</c>, <c>BUSY</c>, ...).</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task DialAsync(string number, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(number);
        if (!PduAddress.IsDiallable(number))
        {
            throw new ArgumentException("It is no number that can be called.", nameof(number));
        }

        return CallAsync(commands => _runner.ExecuteOrThrowAsync(commands.Dial(number), cancellationToken).AsTask(), cancellationToken);
    }

    /// <summary>Takes the call that rings (<c>ATA</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">None rings (<c>NO CARRIER</c>), or the module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task AnswerAsync(CancellationToken cancellationToken = default) =>
        CallAsync(commands => _runner.ExecuteOrThrowAsync(commands.Answer(), cancellationToken).AsTask(), cancellationToken);

    /// <summary>Ends all calls, and refuses the one that rings (<c>AT+CHUP</c>, else <c>ATH</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task HangUpAsync(CancellationToken cancellationToken = default) =>
        CallAsync(commands => _runner.HangUpAsync(commands, cancellationToken), cancellationToken);

    /// <summary>Sends tones in the active call (DTMF, <c>AT+VTS</c>).</summary>
    /// <param name="tones">1 to 29 of <c>0</c> to <c>9</c>, <c>A</c> to <c>D</c>, <c>*</c> and <c>#</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Others than these; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">No call is active, or the module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SendTonesAsync(string tones, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tones);
        if (tones.Length > MaxTones || tones.AsSpan().IndexOfAnyExcept(Tones) >= 0)
        {
            throw new ArgumentException("Tones are 1 to 29 of 0 to 9, A to D, * and #.", nameof(tones));
        }

        return CallAsync(commands => _runner.ExecuteOrThrowAsync(commands.SendTones(tones), cancellationToken).AsTask(), cancellationToken);
    }

    /// <summary>Lists the calls that the module has (<c>AT+CLCC</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no calls.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<VoiceCall>> ListAsync(CancellationToken cancellationToken = default) =>
        CallAsync<IReadOnlyList<VoiceCall>>(
            async commands =>
            {
                var list = commands.List(_runner.CharacterSet);
                await _runner.ExecuteOrThrowAsync(list, cancellationToken);
                return list.Answer;
            },
            cancellationToken);

    private void OnRinging(CallRing ring) => _ringing?.Invoke(this, ring);

    private void OnEnded(CallEnd ended) => _ended?.Invoke(this, ended);

    private Task<bool> CallAsync(Func<ICallCommands, Task> body, CancellationToken cancellationToken) => CallAsync(
        async commands =>
        {
            await body(commands);
            return true;
        },
        cancellationToken);

    private Task<T> CallAsync<T>(Func<ICallCommands, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var commands = _runner.Require(ModemFeature.VoiceCalls).Calls!; // what has the feature has the commands
            return _runner.CallAsync(() => body(commands), cancellationToken);
        });
}
