using ModemDriver.Messaging;

namespace ModemDriver;

/// <content>The store of the module, and its service centre.</content>
public sealed partial class MessageInterface
{
    private const int MaxIndex = 65535;

    /// <summary>Lists what the module has stored (<c>AT+CMGL</c>); what was unread is read from then on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, each part of a long one by itself, in the order of the module.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused, as when its card is locked.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<StoredMessage>> ListAsync(CancellationToken cancellationToken = default) =>
        InStoreAsync<IReadOnlyList<StoredMessage>>(async _ =>
        {
            var commands = await _runner.ChooseMessageFormAsync(cancellationToken);
            var list = commands.List(_runner.MessageSet);
            await _runner.ExecuteOrThrowAsync(list, cancellationToken);
            return [.. list.Messages.Select(ToStored)];
        }, cancellationToken);

    /// <summary>Reads one stored message (<c>AT+CMGR</c>).</summary>
    /// <param name="index">Its place, from 0 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message; <see langword="null"/> if there is none at this place.</returns>
    /// <exception cref="PduException">What is stored there is no message.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<StoredMessage?> ReadAsync(int index, CancellationToken cancellationToken = default)
    {
        CheckIndex(index);
        return InStoreAsync(async _ =>
        {
            var commands = await _runner.ChooseMessageFormAsync(cancellationToken);
            var read = commands.Read(index, _runner.MessageSet);
            var result = await _runner.ExecuteAsync(read, cancellationToken);
            if (!result.IsSuccess && Protocol.CmsError.Read(result.Text)?.Code != InvalidIndex)
            {
                throw new CommandFailedException(read.Line.Display, result, []);
            }

            return read.Messages is [var found, ..]
                ? ToStored(found) is { IsReadable: true } stored ? stored : throw new PduException("it is cut short or damaged")
                : null;
        }, cancellationToken);
    }

    /// <summary>Deletes one stored message (<c>AT+CMGD</c>).</summary>
    /// <param name="index">Its place, from 0 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task DeleteAsync(int index, CancellationToken cancellationToken = default)
    {
        CheckIndex(index);
        return DoInStoreAsync(commands => commands.Delete(index), cancellationToken);
    }

    /// <summary>Deletes all stored messages (<c>AT+CMGD</c>), those that nobody has read among them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task DeleteAllAsync(CancellationToken cancellationToken = default) =>
        DoInStoreAsync(commands => commands.DeleteAll(), cancellationToken);

    /// <summary>Asks which store is used, and how full it is (<c>AT+CPMS?</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemProtocolException">The answer could not be read.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<MessageStorage> ReadStorageAsync(CancellationToken cancellationToken = default) =>
        InStoreAsync(async commands =>
        {
            var ask = commands.ReadStorage();
            await _runner.ExecuteOrThrowAsync(ask, cancellationToken);
            return ask.Answer ?? throw new ModemProtocolException("+CPMS: name, used, total", "something else");
        }, cancellationToken);

    /// <summary>Chooses the store for all that is read, written and received (<c>AT+CPMS</c>).</summary>
    /// <param name="name"><c>SM</c> the card, <c>ME</c> the module, <c>MT</c> both, where the module has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A name that cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">
    /// Messages are being received: the receiver goes from store to store, as they come.
    /// </exception>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module has no such store, or refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SelectStorageAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return DoInStoreAsync(
            commands => _runner.IsReceivingMessages
                ? throw new InvalidOperationException("The messages of this modem are being received: the receiver chooses the store.")
                : commands.SelectStorage(name),
            cancellationToken);
    }

    /// <summary>Asks for the number of the service centre (<c>AT+CSCA?</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number; <see langword="null"/> if none is set.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<string?> ReadServiceCentreAsync(CancellationToken cancellationToken = default) =>
        CallAsync(async commands =>
        {
            var ask = commands.ReadServiceCentre(_runner.CharacterSet);
            await _runner.ExecuteOrThrowAsync(ask, cancellationToken);
            return ask.Answer;
        }, cancellationToken);

    /// <summary>Sets the number of the service centre (<c>AT+CSCA</c>).</summary>
    /// <param name="number">An optional plus, then 1 to 20 digits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is no number.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no short messages.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SetServiceCentreAsync(string number, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(number);
        return PduAddress.IsDiallable(number)
            ? DoAsync(commands => commands.SetServiceCentre(number, _runner.CharacterSet), cancellationToken)
            : throw new ArgumentException("The service centre is no number.", nameof(number));
    }

    private Task<T> InStoreAsync<T>(Func<IMessageCommands, Task<T>> body, CancellationToken cancellationToken) =>
        CallAsync(commands => _runner.InStoreAsync(() => body(commands), cancellationToken), cancellationToken);

    private Task<Protocol.FinalResult> DoInStoreAsync(
        Func<IMessageCommands, Commands.AtCommand> build, CancellationToken cancellationToken) =>
        InStoreAsync(
            async commands => await _runner.ExecuteOrThrowAsync(build(commands), cancellationToken), cancellationToken);

    private const int InvalidIndex = 321;

    private static void CheckIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, MaxIndex);
    }

    private static StoredMessage ToStored(StoredPdu stored)
    {
        try
        {
            return stored.Read() switch
            {
                DeliverPdu pdu => Describe(stored, pdu.Sender, pdu.Data) with { SentAt = pdu.SentAt },
                SubmitPdu pdu => Describe(stored, pdu.Recipient, pdu.Data),
                StatusReportPdu pdu => new(stored.Index, stored.Status, pdu.Recipient, null) { SentAt = pdu.SentAt },
                _ => new(stored.Index, stored.Status, string.Empty, null) { IsReadable = false },
            };
        }
        catch (PduException)
        {
            // A damaged message must not hide the others.
            return new(stored.Index, stored.Status, string.Empty, null) { IsReadable = false };
        }
    }

    private static StoredMessage Describe(StoredPdu stored, string number, UserData data) =>
        new(stored.Index, stored.Status, number, UserData.TextOf(data.Coding.Alphabet, data.Units))
        {
            Part = data.Header.Part?.Number ?? 1,
            PartCount = data.Header.Part?.Total ?? 1,
        };
}
