using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Messaging;

namespace ModemDriver.Lifecycle;

/// <content>In which form short messages are spoken of: octets, or text where the module knows nothing else.</content>
internal sealed partial class ModemRunner
{
    private bool _usesTexts;
    private string? _textSet;

    /// <summary>The character set of texts of messages; null where it is not known, or does not matter.</summary>
    public string? MessageSet => _usesTexts ? _textSet : null;

    // Null: no module, or none with messages.
    private IMessageCommands? MessageCommands => Dialect is { } dialect ? MessageCommandsOf(dialect) : null;

    /// <summary>
    /// Has the module speak in octets, or, where it refuses and knows texts only, in texts. The settings hold for the module: they
    /// are made before each use.
    /// </summary>
    /// <returns>The commands of the form.</returns>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    public async Task<IMessageCommands> ChooseMessageFormAsync(CancellationToken cancellationToken)
    {
        var dialect = Require(ModemFeature.Sms);
        var octets = dialect.Messages!; // a module that has the feature has the commands
        if (!_usesTexts)
        {
            var choose = octets.ChooseForm();
            var result = await ExecuteAsync(choose, cancellationToken);
            if (result.IsSuccess)
            {
                return octets;
            }

            // It may know them, and refuse now: as while its card is busy.
            var ask = octets.ReadKnowsForm();
            await ExecuteAsync(ask, cancellationToken);
            if (ask.Answer == true || dialect.TextMessages is not { } texts
                || !(await ExecuteAsync(texts.ChooseForm(), cancellationToken)).IsSuccess)
            {
                throw Refused(choose, result);
            }

            _usesTexts = true;
        }

        await ChooseTextsAsync(dialect, cancellationToken);
        return MessageCommandsOf(dialect)!; // as above
    }

    private IMessageCommands? MessageCommandsOf(Dialect dialect) => _usesTexts ? dialect.TextMessages : dialect.Messages;

    // The settings of before were made again. What the module speaks now it must have accepted, or says itself.
    private async Task LearnTextSetAsync(Dialect dialect, IReadOnlyList<AtCommand> refused, CancellationToken cancellationToken)
    {
        if (!_usesTexts || !Kept.Has(ModemFeature.Sms) || dialect.TextMessages?.RefineForm() is not [.., { } choose])
        {
            return;
        }

        if (refused.All(command => command.Line.Display != choose.Line.Display))
        {
            _textSet = All;
        }
        else if (dialect.Ussd is { } ussd)
        {
            var ask = ussd.ReadCharacterSet();
            await Channel.ExecuteAsync(ask, cancellationToken);
            _textSet = ask.Answer;
        }
    }

    private async Task ChooseTextsAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        var texts = dialect.TextMessages!; // it was chosen, so it is there
        await _characterSetTurn.EnterAsync(cancellationToken);
        try
        {
            await ExecuteOrThrowAsync(texts.ChooseForm(), cancellationToken);
            var isLast = false;
            foreach (var command in texts.RefineForm())
            {
                isLast = (await ExecuteAsync(command, cancellationToken)).IsSuccess;
            }

            // The last of them is the set. A module that has no such keeps the one that it has.
            _characterSetOwed = null;
            _textSet = _characterSet = isLast ? All
                : dialect.Ussd is { } ussd ? await ReadCharacterSetAsync(ussd.ReadCharacterSet(), cancellationToken) : null;
        }
        finally
        {
            _characterSetTurn.Leave();
        }
    }
}
