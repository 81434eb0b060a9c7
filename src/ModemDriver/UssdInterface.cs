using ModemDriver.Cellular;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The dialogue with services of the network by codes such as <c>*100#</c> (USSD).</summary>
/// <remarks>
/// Members may be called from any thread. Of a module without it every call throws <see cref="FeatureNotSupportedException"/>
/// before anything is sent.
/// </remarks>
public sealed class UssdInterface
{
    // TS 22.090: what a message of the network carries in the GSM alphabet.
    private const int MaxLength = 182;

    private readonly Lock _gate = new();
    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private EventHandler<UssdReply>? _received;

    internal UssdInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
    }

    /// <summary>
    /// Told of what the network says when nobody has asked (<see cref="ListenAsync"/>). In order, on the thread pool, as
    /// <see cref="Modem.UrcReceived"/>.
    /// </summary>
    public event EventHandler<UssdReply>? Received
    {
        add
        {
            lock (_gate)
            {
                _received += value;
                _runner.UssdReceived = OnReceived;
            }
        }

        remove
        {
            lock (_gate)
            {
                _received -= value;
                _runner.UssdReceived = _received is null ? null : OnReceived;
            }
        }
    }

    /// <summary>
    /// Sends a code, or an answer where the network waits for one (<c>AT+CUSD</c>), and waits up to 60 seconds for what the
    /// network says. One at a time.
    /// </summary>
    /// <param name="text">The code, such as <c>*100#</c>, or the answer: 1 to 182 characters.</param>
    /// <param name="cancellationToken">Ends the wait, and the dialogue with it.</param>
    /// <returns>What the network says; with <see cref="UssdReply.IsAnswerExpected"/> the next call is the answer.</returns>
    /// <exception cref="ArgumentException">It cannot be sent; nothing was.</exception>
    /// <exception cref="InvalidOperationException">Another one is on its way.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no USSD.</exception>
    /// <exception cref="CommandFailedException">The module refused, as when it is not registered.</exception>
    /// <exception cref="CommandTimeoutException">The network said nothing in time; the dialogue was ended.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<UssdReply> SendAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text.Length > MaxLength || text.Any(char.IsControl) || !CommandLineBuilder.IsUnicode(text))
        {
            throw new ArgumentException(
                "A code or an answer has 1 to 182 characters, and neither control characters nor half a surrogate pair.", nameof(text));
        }

        return CallAsync(commands => _runner.SendUssdAsync(commands, text, cancellationToken), cancellationToken);
    }

    /// <summary>Ends the dialogue (<c>AT+CUSD=2</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no USSD.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task CancelAsync(CancellationToken cancellationToken = default) => CallAsync(
        async commands =>
        {
            await _runner.CancelUssdAsync(commands, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Has the module tell what the network begins by itself (<c>AT+CUSD=1</c>), also after it has started anew;
    /// <see cref="Received"/> has it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no USSD.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task ListenAsync(CancellationToken cancellationToken = default) => CallAsync(
        async commands =>
        {
            await _runner.ListenForUssdAsync(commands, cancellationToken);
            return true;
        },
        cancellationToken);

    private void OnReceived(UssdReply reply) => _received?.Invoke(this, reply);

    private Task<T> CallAsync<T>(Func<IUssdCommands, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var commands = _runner.Require(ModemFeature.Ussd).Ussd!; // what has the feature has the commands
            return _runner.CallAsync(() => body(commands), cancellationToken);
        });
}
