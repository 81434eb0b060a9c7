using ModemDriver.Diagnostics;

namespace ModemDriver.Links;

/// <summary>The connection mode: one link or several.</summary>
internal sealed partial class LinkSet
{
    private int _modeChanges;

    /// <summary>Whether the module is on its way into another mode, or out of one: it may have no address meanwhile.</summary>
    public bool IsChangingMode => _modeChanges > 0;

    private async Task<T> ChangingModeAsync<T>(Func<Task<T>> change)
    {
        _modeChanges++;
        try
        {
            return await change();
        }
        finally
        {
            _modeChanges--;
        }
    }

    /// <summary>
    /// Takes over a dialect and puts the module into a mode. No link is open: the module has just been brought up, or
    /// the caller has closed them all.
    /// </summary>
    public async Task ConfigureAsync(ILinkCommands commands, ConnectionMode mode)
    {
        if (!commands.ModeEndsLinks)
        {
            await CloseWhatIsListedAsync(commands, mode);
        }

        foreach (var command in commands.SetMode(mode))
        {
            var result = await _channel.ExecuteAsync(command);
            if (!result.IsSuccess && commands.Server is { } server)
            {
                // A server that an earlier program left running is in the way of the mode.
                await _channel.ExecuteAsync(server.Stop());
                result = await _channel.ExecuteAsync(command);
            }

            if (!result.IsSuccess)
            {
                throw new CommandFailedException(command.Line.Display, result, command.Remarks) { Port = _port };
            }
        }

        _modeToRestore = null;
        Adopt(commands, mode);
    }

    // The module is in that mode, and no link is open.
    private void Adopt(ILinkCommands commands, ConnectionMode mode)
    {
        _commands = commands;
        Mode = mode;
        _table.Reset(mode == ConnectionMode.Multiple ? commands.Capabilities.MaxLinks : 1);
        _channel.SetPushedHeaders(commands.PushedHeaders(mode));
        _pump.Configure(commands, mode);
    }

    // What an earlier program left open; it would be in the way of the mode.
    private async Task CloseWhatIsListedAsync(ILinkCommands commands, ConnectionMode mode)
    {
        var started = _time.GetTimestamp();
        var list = commands.List(mode);
        await ListAsync(list);
        if (list.LinkIds.Count == 0)
        {
            return;
        }

        var isDoubtful = true;
        foreach (var command in commands.CloseAll())
        {
            isDoubtful &= !(await _channel.ExecuteAsync(command)).IsSuccess; // each mode refuses the other's
        }

        foreach (var id in list.LinkIds)
        {
            Log.UnknownLinkClosed(_logger, _port, id);
        }

        await ConfirmClosedAsync(commands, mode, started, isDoubtful);
    }

    // A module that took each command has said that they are gone; one that refused any is asked once more.
    private async Task ConfirmClosedAsync(ILinkCommands commands, ConnectionMode mode, long started, bool isDoubtful)
    {
        var again = commands.List(mode);
        int[] left = isDoubtful && await ListAsync(again) ? [.. again.LinkIds.Where(id => _table.Find(id) is null)] : [];
        UnknownClosed?.Invoke(
            _time.GetElapsedTime(started),
            left.Length == 0
                ? null
                : new LinkException(
                    LinkFailure.NumberInUse, left[0], "unknown", $"Link {left[0]} of the module stays open though it was closed.")
                {
                    Port = _port,
                });
    }

    /// <summary>Changes the connection mode of a module that is in use.</summary>
    /// <exception cref="LinkException">A link is open; the message names it.</exception>
    public async Task ChangeModeAsync(ConnectionMode mode, CancellationToken cancellationToken)
    {
        await _opening.EnterAsync(cancellationToken);
        try
        {
            await RestoreIfDueAsync();
            if (mode == Mode)
            {
                return;
            }

            RefuseBesideListener("of another connection mode");
            if (_table.Links.FirstOrDefault() is { } inTheWay)
            {
                throw NewException(
                    LinkFailure.NumberInUse,
                    inTheWay,
                    $"The connection mode cannot change while link {inTheWay.Id} to {inTheWay.EndPoint} is open.",
                    null);
            }

            await ChangingModeAsync(async () =>
            {
                await ConfigureAsync(Commands, mode);
                return mode;
            });
        }
        catch (ModemException exception)
        {
            GiveUpHalfWay(exception);
            throw;
        }
        finally
        {
            _opening.Leave();
        }
    }

    // Where a mode ends links it gives the address up on the way: half-way the module has neither, and nobody knows in
    // which mode it is. The recovery brings it up anew.
    private void GiveUpHalfWay(ModemException exception)
    {
        if (Commands.ModeEndsLinks && exception is not LinkException && _suspended is null
            && _channel.BrokenReason is null)
        {
            _channel.Break(exception);
        }
        else if (exception is not LinkException && _channel.BrokenReason is null)
        {
            // It is recovered already, perhaps without being brought up, or it has kept its address; nobody knows in which
            // mode it is, and its mode is due when the next link is opened.
            _modeToRestore ??= (null, Mode);
        }
    }
}
