using ModemDriver.Cellular;
using ModemDriver.Dialects;

namespace ModemDriver.Lifecycle;

/// <summary>What the owner does with card, access point and radio, as far as it touches the modem's state.</summary>
internal sealed partial class ModemRunner
{
    /// <summary>Gives the PIN, and waits until the card can be used.</summary>
    public Task UnlockAsync(string pin, bool mayUseLastTry, CancellationToken cancellationToken) =>
        GiveCodeAsync(
            commands => _unlock.UnlockAsync(commands, pin, mayUseLastTry, cancellationToken), cancellationToken);

    /// <summary>Gives the PUK with a new PIN, and waits until the card can be used.</summary>
    public Task UnblockAsync(string puk, string newPin, CancellationToken cancellationToken) =>
        GiveCodeAsync(commands => _unlock.UnblockAsync(commands, puk, newPin, cancellationToken), cancellationToken);

    /// <summary>Reads what there is to know of the card.</summary>
    public async Task<SimInfo> ReadSimAsync(CancellationToken cancellationToken)
    {
        var commands = Require(ModemFeature.Cellular).Cellular!; // a dialect with the feature has it
        var read = commands.ReadSim();
        var result = await ExecuteAsync(read, cancellationToken);
        var state = SimAnswer.Of(read.Answer, result);
        if (state == SimState.NotInserted)
        {
            return new SimInfo(state);
        }

        var enabled = commands.ReadPinEnabled();
        var imsi = commands.ReadImsi();
        await ExecuteAsync(enabled, cancellationToken);
        await ExecuteAsync(imsi, cancellationToken);
        return new SimInfo(state)
        {
            Tries = await _unlock.ReadTriesAsync(commands, cancellationToken),
            Iccid = await _unlock.ReadIccidAsync(commands, cancellationToken),
            Imsi = imsi.Answer,
            IsPinEnabled = enabled.Answer,
        };
    }

    /// <summary>Takes another access point; a modem that is online goes online anew with it.</summary>
    public async Task ChangeApnAsync(ApnOptions? apn, CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            Require(ModemFeature.PacketData);
            var before = _cellular.Apn;
            _cellular.Apn = apn;
            if (State == ModemState.Online)
            {
                await TryApnAsync(before, cancellationToken);
            }
        }
        finally
        {
            _joining.Leave();
        }
    }

    // Only one that worked is gone back to after a failure.
    private async Task TryApnAsync(ApnOptions? before, CancellationToken cancellationToken)
    {
        try
        {
            await AttachCellularAsync(AttachGoal.Online, cancellationToken);
        }
        catch (Exception exception) when (exception is ModemException or OperationCanceledException or ArgumentException)
        {
            _cellular.Apn = before;
            Raise(ModemEvent.AttemptFailed, exception);
            throw;
        }
    }

    /// <summary>Gives the address back; links are failed. From now on the modem does not go online by itself.</summary>
    public async Task GoOfflineAsync(CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            var commands = Require(ModemFeature.PacketData).PacketData!; // a dialect with the feature has it
            await ReleaseAsync(
                async () =>
                {
                    foreach (var step in commands.Deactivate())
                    {
                        await ExecuteAsync(step, cancellationToken);
                    }
                });
        }
        finally
        {
            _joining.Leave();
        }
    }

    /// <summary>Switches the radio; off, links are failed, and the modem does not come back by itself.</summary>
    public async Task SetRadioAsync(RadioState state, CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            var command = Require(ModemFeature.RadioSwitch).Cellular!.SetRadio(state); // a dialect with the feature has it
            if (state == RadioState.Full)
            {
                await ExecuteOrThrowAsync(command, cancellationToken);
                Kept.Forget(ModemFeature.RadioSwitch);
            }
            else
            {
                await ReleaseAsync(() => ExecuteOrThrowAsync(command, cancellationToken).AsTask());

                // A module that starts anew has its radio on, whatever it is in.
                Kept.Keep(ModemFeature.RadioSwitch, dialect => [dialect.Cellular!.SetRadio(state)]);
            }
        }
        finally
        {
            _joining.Leave();
        }
    }

    private async Task ReleaseAsync(Func<Task> body)
    {
        _goal = null;
        _isLeaving = true;
        try
        {
            Raise(ModemEvent.NetworkReleased, null);
            await body();
        }
        finally
        {
            _isLeaving = false;
        }
    }

    private async Task GiveCodeAsync(Func<ICellularCommands, Task> give, CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            var dialect = Require(ModemFeature.Cellular);
            var read = dialect.Cellular!.ReadSim(); // a dialect with the feature has it
            await ExecuteAsync(read, cancellationToken);

            // A card that wants none would refuse it, and it would pass for a wrong one.
            if (read.Answer is not (SimState.Ready or SimState.SecondCodeRequired))
            {
                await give(dialect.Cellular!);
            }

            await WaitForCardAsync(dialect, cancellationToken);
        }
        finally
        {
            _joining.Leave();
        }
    }

    // A modem that fell out of its network because the card was locked goes back to it.
    private async Task WaitForCardAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        await _cellular.WaitForSimAsync(dialect.Cellular!, isUnlocked: true, cancellationToken);
        if (State == ModemState.Locked)
        {
            if (_goal is null)
            {
                Raise(ModemEvent.SimUnlocked, null);
            }
            else
            {
                Raise(ModemEvent.PacketDataLost, Closed("the card had been locked"));
            }
        }
    }
}
