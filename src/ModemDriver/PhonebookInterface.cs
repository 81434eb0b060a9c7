using ModemDriver.Cellular;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;

namespace ModemDriver;

/// <summary>The phonebook of the card or of the module.</summary>
/// <remarks>
/// Members may be called from any thread. Of a module without a phonebook every call throws
/// <see cref="FeatureNotSupportedException"/> before anything is sent. A name that needs it is sent in the character set UCS2;
/// the one of before is set again afterwards.
/// </remarks>
public sealed class PhonebookInterface
{
    private const int MaxIndex = 65535;

    // TS 27.007 section 9.2.1
    private const int NotFound = 22;

    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;

    internal PhonebookInterface(ModemLoop loop, ModemRunner runner)
    {
        _loop = loop;
        _runner = runner;
    }

    /// <summary>Reads all entries (<c>AT+CPBR</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entries, in the order of their places.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has no phonebook.</exception>
    /// <exception cref="CommandFailedException">The module refused, as when its card is locked.</exception>
    /// <exception cref="ModemProtocolException">The module did not say how large the book is.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<PhonebookEntry>> ReadAsync(CancellationToken cancellationToken = default) =>
        CallAsync<IReadOnlyList<PhonebookEntry>>(
            commands => _runner.WithCharacterSetAsync<IReadOnlyList<PhonebookEntry>>(
                commands,
                _ => true,
                async set =>
                {
                    var ask = commands.ReadRange();
                    await _runner.ExecuteOrThrowAsync(ask, cancellationToken);
                    var (first, last) = ask.Answer
                        ?? throw new ModemProtocolException("+CPBR: (first-last)", "something else");
                    return await EntriesOfAsync(commands.Read(first, last, set), cancellationToken);
                },
                cancellationToken),
            cancellationToken);

    /// <summary>Reads the entries whose name begins with a text (<c>AT+CPBF</c>).</summary>
    /// <param name="text">The beginning; some modules tell capital letters from small ones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It cannot be sent; nothing was.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no phonebook.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<PhonebookEntry>> FindAsync(string text, CancellationToken cancellationToken = default)
    {
        Check(text, nameof(text));
        return CallAsync(
            commands => _runner.WithCharacterSetAsync(
                commands,
                set => commands.CanWrite(text, set),
                set => EntriesOfAsync(commands.Find(text, set), cancellationToken),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Writes an entry (<c>AT+CPBW</c>).</summary>
    /// <param name="number">An optional plus, then 1 to 20 digits, <c>*</c> or <c>#</c>.</param>
    /// <param name="name">The name; most cards take 14 letters, fewer in other alphabets than the Latin.</param>
    /// <param name="index">Its place, what is there is replaced; by default the module takes a free one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It cannot be sent; nothing was.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no phonebook.</exception>
    /// <exception cref="CommandFailedException">The book is full, the name too long, or the module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task WriteAsync(string number, string name, int? index = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(number);
        Check(name, nameof(name));
        CheckIndex(index);
        if (!PduAddress.IsDiallable(number))
        {
            throw new ArgumentException("It is no number.", nameof(number));
        }

        return CallAsync(
            commands => _runner.WithCharacterSetAsync(
                commands,
                set => commands.CanWrite(name, set),
                set => _runner.ExecuteOrThrowAsync(commands.Write(index, number, name, set), cancellationToken).AsTask(),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Deletes an entry (<c>AT+CPBW</c>).</summary>
    /// <param name="index">Its place, from 0 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no phonebook.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task DeleteAsync(int index, CancellationToken cancellationToken = default)
    {
        CheckIndex(index);
        return CallAsync(
            commands => _runner.ExecuteOrThrowAsync(commands.Delete(index), cancellationToken).AsTask(), cancellationToken);
    }

    private async Task<IReadOnlyList<PhonebookEntry>> EntriesOfAsync(
        Commands.QueryCommand<List<PhonebookEntry>> read, CancellationToken cancellationToken)
    {
        var result = await _runner.ExecuteAsync(read, cancellationToken);
        return result.IsSuccess || Protocol.CmeError.Read(result.Text)?.Code == NotFound
            ? read.Answer
            : throw new CommandFailedException(read.Line.Display, result, []);
    }

    private static void Check(string text, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        if (text.Any(char.IsControl) || !CommandLineBuilder.IsUnicode(text))
        {
            throw new ArgumentException("A name has neither control characters nor half a surrogate pair.", parameterName);
        }
    }

    private static void CheckIndex(int? index)
    {
        if (index is < 0 or > MaxIndex)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, "A place is from 0 to 65535.");
        }
    }

    private Task<T> CallAsync<T>(Func<IPhonebookCommands, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var commands = _runner.Require(ModemFeature.Phonebook).Phonebook!; // what has the feature has the commands
            return _runner.CallAsync(() => body(commands), cancellationToken);
        });
}
