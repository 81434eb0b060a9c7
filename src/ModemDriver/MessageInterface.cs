using System.Runtime.CompilerServices;
using ModemDriver.Commands;
using ModemDriver.Lifecycle;
using ModemDriver.Messaging;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>Short messages (SMS): send, receive, and what the module stores.</summary>
/// <remarks>
/// Members may be called from any thread. Of a module without short messages every call throws
/// <see cref="FeatureNotSupportedException"/> before anything is sent. The module is spoken to in PDU mode, and in text mode where it knows
/// nothing else.
/// </remarks>
public sealed partial class MessageInterface
{
    // Long after the last part of a message can be on its way.
    private static readonly TimeSpan DefaultPartLimit = TimeSpan.FromHours(6);

    // Less than a timer can wait.
    private static readonly TimeSpan LongestPartLimit = TimeSpan.FromDays(40);

    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;
    private readonly Lock _gate = new();
    private EventHandler<MessageStatusReport>? _statusReported;
    private int _reference;

    internal MessageInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
        _reference = runner.NewReference();
    }

    /// <summary>
    /// Told of each status report of messages that were sent with <see cref="OutgoingMessage.RequestsStatusReport"/>; one
    /// for each part. In order, on the thread pool, as <see cref="Modem.UrcReceived"/>.
    /// </summary>
    public event EventHandler<MessageStatusReport>? StatusReported
    {
        add
        {
            lock (_gate)
            {
                _statusReported += value;
                _runner.StatusReported = OnReport;
            }
        }

        remove
        {
            lock (_gate)
            {
                _statusReported -= value;
                _runner.StatusReported = _statusReported is null ? null : OnReport;
            }
        }
    }

    /// <summary>Sends a text.</summary>
    /// <param name="recipient">The number; see <see cref="OutgoingMessage"/>.</param>
    /// <param name="text">Any text of up to 255 parts.</param>
    /// <param name="cancellationToken">Ends the wait; a part that was begun is sent, later ones are not.</param>
    /// <inheritdoc cref="SendAsync(OutgoingMessage, CancellationToken)"/>
    public Task<SentMessage> SendAsync(string recipient, string text, CancellationToken cancellationToken = default) =>
        SendAsync(new OutgoingMessage(recipient, text), cancellationToken);

    /// <summary>Sends a message (<c>AT+CMGS</c>), part by part. Nothing is ever sent twice.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait; a part that was begun is sent, later ones are not.</param>
    /// <returns>The numbers that the module gave its parts.</returns>
    /// <exception cref="ArgumentException">It cannot be sent; nothing was.</exception>
    /// <exception cref="FeatureNotSupportedException">
    /// The module has no short messages, or knows text mode only, which cannot send this one (docs/sms.md); it was not sent.
    /// </exception>
    /// <exception cref="CommandFailedException">
    /// Module or network refused the first part; <see cref="CommandFailedException.CmsError"/> says why.
    /// </exception>
    /// <exception cref="CommandTimeoutException">
    /// No answer to the first part within 125 seconds: it may have been sent. Or no prompt within 10 seconds: it was not
    /// (<see cref="CommandTimeoutException.Stage"/> is <see cref="CommandStage.Written"/>).
    /// </exception>
    /// <exception cref="MessageSendException">A later part was not sent.</exception>
    /// <exception cref="ModemException">The module is not usable.</exception>
    public Task<SentMessage> SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var pdus = message.ToPdus(Interlocked.Increment(ref _reference));
        return CallAsync(async _ =>
        {
            var commands = await _runner.PrepareMessagesAsync(cancellationToken);
            if (commands.WhyNot(pdus, _runner.MessageSet) is { } reason)
            {
                throw new FeatureNotSupportedException(ModemFeature.Sms, _runner.Dialect!.Identity, reason); // it has answered
            }

            var references = new List<int>(pdus.Count);
            var sent = new SentMessage(references);
            _runner.BeginSending();
            try
            {
                await SendPartsAsync(commands, pdus, references, cancellationToken);
                return sent;
            }
            finally
            {
                _runner.EndSending(message.Recipient, sent);
            }
        }, cancellationToken);
    }

    /// <summary>
    /// Receives: first what the module has stored, then what comes, until the token fires or the modem is closed. A message
    /// is taken when the next one is asked for, and only then deleted from the module; one that was not taken comes again
    /// to the next who receives. After a recovery what is stored is read again.
    /// </summary>
    /// <param name="routing">How messages come from the module.</param>
    /// <param name="partLimit">
    /// How long the rest of a long message is waited for; then it is given out without. Above zero, at most 40 days. Default 6 hours.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The messages of this modem are being received already.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused, as when its card is locked.</exception>
    /// <exception cref="ModemClosedException">The modem was closed, or is faulted.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public async IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        MessageRouting routing = MessageRouting.Stored,
        TimeSpan? partLimit = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var limit = partLimit ?? DefaultPartLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(partLimit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestPartLimit, nameof(partLimit));
        var inbox = await _loop.InvokeAsync(() => _runner.BeginReceivingAsync(routing, limit, cancellationToken))
            .ConfigureAwait(_loop.StaysOnContext);
        try
        {
            while (true)
            {
                var message = await _loop.InvokeAsync(() => inbox.TakeAsync(cancellationToken))
                    .ConfigureAwait(_loop.StaysOnContext);
                yield return message;
                await _loop.InvokeAsync(() => inbox.ConfirmAsync(message)).ConfigureAwait(_loop.StaysOnContext);
            }
        }
        finally
        {
            await _loop.InvokeAsync(() => _runner.EndReceivingAsync(inbox)).ConfigureAwait(_loop.StaysOnContext);
        }
    }

    private void OnReport(MessageStatusReport report) => _statusReported?.Invoke(this, report);

    private async Task SendPartsAsync(
        IMessageCommands commands, IReadOnlyList<SubmitPdu> pdus, List<int> references, CancellationToken cancellationToken)
    {
        foreach (var pdu in pdus)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var setting in commands.BeforeSend(pdu))
                {
                    await _runner.ExecuteOrThrowAsync(setting, cancellationToken);
                }

                var command = commands.Send(pdu, _runner.MessageSet);
                await _runner.ExecuteOrThrowAsync(command, cancellationToken);
                references.Add(command.Reference ?? throw new ModemProtocolException("+CMGS: a reference", "an OK without one"));
            }
            catch (Exception exception)
                when (references.Count > 0 && exception is ModemException or OperationCanceledException)
            {
                throw new MessageSendException(references, pdus.Count, exception);
            }
        }
    }

    private Task<T> CallAsync<T>(Func<IMessageCommands, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var commands = _runner.Require(ModemFeature.Sms).Messages!; // what has the feature has the commands
            return _runner.CallAsync(() => body(commands), cancellationToken);
        });

    private Task<FinalResult> DoAsync(Func<IMessageCommands, AtCommand> build, CancellationToken cancellationToken) =>
        CallAsync(
            async commands => await _runner.ExecuteOrThrowAsync(build(commands), cancellationToken), cancellationToken);
}
