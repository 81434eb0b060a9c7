using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <summary>
/// Gives PINs to cards so that a wrong one costs one try, ever: docs/decisions/0009. Used on the loop.
/// </summary>
/// <remarks>
/// A PIN is remembered before it is given and forgotten when the card takes it: a program that ends in between has used
/// its one try.
/// </remarks>
internal sealed class SimUnlock(ModemLoop loop, CommandChannel channel, CellularOptions options)
{
    private readonly PinRecord _record = new(options.PinRecordPath ?? PinRecord.DefaultPath);

    // A PIN that this card has taken since the modem was opened: a module that starts anew asks for it again.
    private (string Card, string Pin)? _taken;

    /// <summary>Gives the PIN that is known for the card, if there is one that may be used by itself.</summary>
    /// <exception cref="SimException">There is none, it may not be used, or it was refused.</exception>
    public async Task UnlockAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        var tries = await ReadTriesAsync(commands, cancellationToken);
        if (options.Pin is null && _taken is null)
        {
            throw NoPin(tries);
        }

        var card = await ReadCardAsync(commands, cancellationToken);
        if (card is not null && _taken is { } taken && taken.Card == card)
        {
            await GiveAsync(commands, card, taken.Pin, tries, cancellationToken);
            return;
        }

        var pin = options.Pin ?? throw NoPin(tries);
        await RefuseToLoseTryAsync(card, pin, tries);
        await GiveAsync(commands, card, pin, tries, cancellationToken);
    }

    /// <summary>Gives a PIN that the owner has just given, whatever was refused before.</summary>
    /// <exception cref="SimException">It was refused, or would take the last try without leave.</exception>
    public async Task UnlockAsync(
        ICellularCommands commands, string pin, bool mayUseLastTry, CancellationToken cancellationToken)
    {
        var tries = await ReadTriesAsync(commands, cancellationToken);
        if (tries?.Pin == 1 && !mayUseLastTry)
        {
            throw Failure(SimFailure.PinWithheld, "the card has one try left, and it was not to be used", 1);
        }

        await GiveAsync(commands, await ReadCardAsync(commands, cancellationToken), pin, tries, cancellationToken);
    }

    /// <summary>Gives the PUK and a new PIN.</summary>
    /// <exception cref="SimException">It was refused.</exception>
    public async Task UnblockAsync(
        ICellularCommands commands, string puk, string newPin, CancellationToken cancellationToken)
    {
        var command = commands.EnterPuk(puk, newPin);
        var result = await channel.ExecuteAsync(command, cancellationToken);
        if (!result.IsSuccess)
        {
            var tries = await ReadTriesAsync(commands, cancellationToken);
            throw Failure(SimFailure.PukRefused, $"the card has refused the PUK: {Words(result)}", tries?.Puk);
        }

        if (await ReadCardAsync(commands, cancellationToken) is { } card)
        {
            _taken = (card, newPin);
            await TryRecordAsync(() => _record.Remove(card, newPin));
        }
    }

    /// <summary>Asks how many tries are left; null where the module does not say.</summary>
    public async Task<SimTries?> ReadTriesAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        foreach (var read in commands.ReadTries())
        {
            var result = await channel.ExecuteAsync(read, cancellationToken);
            if (result.IsSuccess && read.Answer is { } tries)
            {
                return tries;
            }
        }

        return null;
    }

    /// <summary>Asks for the number of the card; null where it cannot be read.</summary>
    public async Task<string?> ReadIccidAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        foreach (var read in commands.ReadIccid())
        {
            await channel.ExecuteAsync(read, cancellationToken);
            if (read.Answer is { } iccid)
            {
                return iccid;
            }
        }

        return null;
    }

    // A card whose number cannot be read while it is locked is told by the module that it is in.
    private async Task<string?> ReadCardAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        if (await ReadIccidAsync(commands, cancellationToken) is { } iccid)
        {
            return "iccid:" + iccid;
        }

        var read = commands.ReadImei();
        await channel.ExecuteAsync(read, cancellationToken);
        return read.Answer is { } imei ? "imei:" + imei : null;
    }

    private async Task RefuseToLoseTryAsync(string? card, string pin, SimTries? tries)
    {
        if (tries?.Pin is { } left && left < tries.PinFull)
        {
            throw Withheld($"the card has {left} of {tries.PinFull} tries left: somebody has given a wrong one", left);
        }

        if (card is null)
        {
            throw Withheld("neither card nor module tells its number, so a refusal could not be remembered", tries?.Pin);
        }

        bool isRefused;
        try
        {
            isRefused = await RimCall.RunAsync(loop, () => _record.Contains(card, pin));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Withheld($"what was refused before cannot be read: {exception.Message}", tries?.Pin);
        }

        if (isRefused)
        {
            throw Withheld("it was refused before, or given without an answer", tries?.Pin);
        }

        if (!await TryRecordAsync(() => _record.Add(card, pin)))
        {
            throw Withheld("a refusal could not be remembered: the file cannot be written", tries?.Pin);
        }
    }

    private async Task GiveAsync(
        ICellularCommands commands, string? card, string pin, SimTries? before, CancellationToken cancellationToken)
    {
        if (card is not null)
        {
            await TryRecordAsync(() => _record.Add(card, pin));
        }

        _taken = null;
        var result = await channel.ExecuteAsync(commands.EnterPin(pin), cancellationToken);
        if (!result.IsSuccess)
        {
            var tries = await ReadTriesAsync(commands, cancellationToken);
            if (IsUntouched(result, before, tries) && card is not null)
            {
                await TryRecordAsync(() => _record.Remove(card, pin));
            }

            throw Refusal(result, before, tries);
        }

        if (card is not null)
        {
            _taken = (card, pin);
            await TryRecordAsync(() => _record.Remove(card, pin));
        }
    }

    // A busy card has not looked at the PIN; nor has one whose module did not allow the command, if no try is gone.
    private static bool IsUntouched(in FinalResult result, SimTries? before, SimTries? after) =>
        CmeError.Read(result.Text)?.Reason switch
        {
            CmeReason.Busy => true,
            CmeReason.NotAllowed or CmeReason.NotSupported => before?.Pin is { } left && after?.Pin == left,
            _ => false,
        };

    private SimException Refusal(in FinalResult result, SimTries? before, SimTries? after) =>
        IsUntouched(result, before, after)
            ? Failure(SimFailure.NotReady, $"the card has not looked at its PIN: {Words(result)}", after?.Pin)
        : CmeError.Read(result.Text)?.Reason == CmeReason.SimPukRequired
            ? Failure(SimFailure.PukRequired, "the card has refused the PIN for the last time, and wants its PUK", after?.Puk)
            : Failure(SimFailure.PinRefused, $"the card has refused the PIN: {Words(result)}", after?.Pin);

    private async Task<bool> TryRecordAsync(Action change)
    {
        try
        {
            return await RimCall.RunAsync(
                loop,
                () =>
                {
                    change();
                    return true;
                });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Words(in FinalResult result) => CmeError.Read(result.Text)?.ToString() ?? result.Text;

    private SimException NoPin(SimTries? tries) =>
        Failure(SimFailure.PinRequired, "the card wants its PIN, and none was given", tries?.Pin);

    private SimException Withheld(string why, int? left) =>
        Failure(SimFailure.PinWithheld, $"the PIN of the options was not used: {why}", left);

    private SimException Failure(SimFailure reason, string what, int? left) =>
        new(reason, $"{channel.Port}: {what}{(left is { } tries ? $" ({tries} left)" : string.Empty)}.", left)
        {
            Port = channel.Port,
        };
}
