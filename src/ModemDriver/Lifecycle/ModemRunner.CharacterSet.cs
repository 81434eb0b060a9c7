using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <content>
/// The character set of texts (AT+CSCS), which is one for the whole module. Whoever relies on it, or sets another one for a
/// while, has his turn.
/// </content>
internal sealed partial class ModemRunner
{
    // The set that has all letters.
    private const string All = "UCS2";

    private readonly LoopGate _characterSetTurn = new();
    private QueryCommand<string?>? _characterSetQuestion;
    private string? _characterSet;
    private string? _characterSetOwed;

    /// <summary>The character set of the module; null where it is not known.</summary>
    public string? CharacterSet => _characterSet ?? _characterSetQuestion?.Answer ?? MessageSet;

    /// <summary>
    /// Runs commands in a character set that has all letters of the texts; the one of before is set again. One at a time.
    /// </summary>
    public async Task<T> WithCharacterSetAsync<T>(
        IPhonebookCommands commands, Func<string?, bool> isEnough, Func<string?, Task<T>> body, CancellationToken cancellationToken)
    {
        await _characterSetTurn.EnterAsync(cancellationToken);
        try
        {
            var now = await ReadCharacterSetAsync(commands.ReadCharacterSet(), cancellationToken);
            if (now != All)
            {
                _characterSetOwed = null; // Whatever was owed, somebody has chosen since.
            }

            if (!isEnough(now))
            {
                await ChooseAllLettersAsync(commands, now, cancellationToken);
                now = All;
            }

            try
            {
                return await body(now);
            }
            finally
            {
                await RestoreCharacterSetAsync(commands);
            }
        }
        finally
        {
            _characterSetTurn.Leave();
        }
    }

    // Null: the module does not say.
    private async Task<string?> ReadCharacterSetAsync(QueryCommand<string?> ask, CancellationToken cancellationToken)
    {
        _characterSet = (await ExecuteAsync(ask, cancellationToken)).IsSuccess ? ask.Answer : null;
        return _characterSet;
    }

    // A command whose answer did not come may have been carried out.
    private async Task ChooseAllLettersAsync(IPhonebookCommands commands, string? before, CancellationToken cancellationToken)
    {
        _characterSetOwed = before;
        try
        {
            await ExecuteOrThrowAsync(commands.SetCharacterSet(All), cancellationToken);
            _characterSet = All;
        }
        catch (CommandFailedException)
        {
            _characterSetOwed = null;
            throw;
        }
    }

    // Who has called has his result; what cannot be set back now is set back with the next use.
    private async Task RestoreCharacterSetAsync(IPhonebookCommands commands)
    {
        if (_characterSetOwed is not { } before)
        {
            return;
        }

        string why;
        try
        {
            var result = await ExecuteAsync(commands.SetCharacterSet(before), CancellationToken.None);
            if (result.IsSuccess)
            {
                (_characterSet, _characterSetOwed) = (before, null);
                return;
            }

            why = result.Text;
        }
        catch (ModemException exception)
        {
            why = exception.Message;
        }

        Log.CharacterSetNotRestored(_logger, PortName, before, why);
    }

    private void ForgetCharacterSet() =>
        (_characterSetQuestion, _characterSet, _characterSetOwed, _textSet) = (null, null, null, null);
}
