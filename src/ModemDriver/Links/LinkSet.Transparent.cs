using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>The transparent session: one link in single mode, led through the module's data state.</summary>
internal sealed partial class LinkSet
{
    private TransparentLink? _transparent;
    private (ITransparentCommands? Commands, ConnectionMode Mode)? _modeToRestore;

    /// <summary>The transparent session; <see langword="null"/> while there is none.</summary>
    public TransparentLink? Transparent => _transparent;

    /// <summary>Told, on the loop, when the line goes into the data state and out of it.</summary>
    public Action<bool>? DataStateChanged { get; set; }

    /// <summary>Opens a link and goes into the data state. The connection mode is changed for as long as it lasts.</summary>
    /// <exception cref="LinkException">Another link is open, or this one could not be opened.</exception>
    public async Task<TransparentLink> OpenTransparentAsync(
        TransparentRequest request, CancellationToken cancellationToken)
    {
        // Built first: a host that cannot be sent is refused before anything is.
        Commands.Transparent!.Open(request, sink: null);
        using var limit = new CancellationTokenSource(request.TimeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _opening.EnterAsync(both.Token);
        }
        catch (OperationCanceledException)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(
                LinkFailure.TimedOut, null, request.EndPoint, $"No turn within {request.TimeLimit}.") { Port = _port };
        }

        // From here on the commands run to their ends, each within its own limit: half a session helps nobody.
        try
        {
            RefuseBesideOthers();
            both.Token.ThrowIfCancellationRequested();
            await RestoreIfDueAsync();
            return await ChangingModeAsync(() => OpenTransparentAsync(request, Commands.Transparent!));
        }
        finally
        {
            _opening.Leave();
        }
    }

    private void RefuseBesideOthers()
    {
        if (_suspended is { } suspended)
        {
            throw new LinkException(suspended.Failure, null, null, suspended.What, suspended.Reason) { Port = _port };
        }

        RefuseBesideListener("of a transparent session");
        if (_table.Links.FirstOrDefault() is { } inTheWay)
        {
            throw NewException(
                LinkFailure.NumberInUse,
                inTheWay,
                $"A transparent session needs the module for itself; link {inTheWay.Id} to {inTheWay.EndPoint} is open.",
                null);
        }
    }

    private async Task<TransparentLink> OpenTransparentAsync(
        TransparentRequest request, ITransparentCommands commands)
    {
        var modeBefore = Mode;
        var link = new Link(_loop, request.EndPoint, _table.NextGeneration(), request.BufferBytes)
        {
            IsTransparent = true,
        };
        TransparentLink? session = null;
        try
        {
            var isReported = await PrepareAsync(commands, request);
            _table.Lease(0, link);
            var rules = commands.Rules(isReported);
            rules = rules with
            {
                QuietBefore = request.EscapeGuard ?? rules.QuietBefore,
                DtrLeaves = rules.DtrLeaves || request.DropDtr,
                PeerClosed = request.Protocol == TransparentProtocol.Udp ? [] : rules.PeerClosed,
            };
            session = new TransparentLink(link, _channel, commands, rules, _loop, this)
            {
                Time = _time,
                SuspendsForCommands = request.SuspendForCommands,
                ShowsWhileSuspended = commands.ShowsWhileSuspended,
                OnDataState = isInData => DataStateChanged?.Invoke(isInData),
                Suspected = suspect => _loop.Watch(CheckSuspicionAsync(suspect)),
            };
            var open = commands.Open(request, session);
            open.Connected = () => link.WasConnected = true;
            await ExecuteOpenAsync(open, link);
            _transparent = session;
            link.OnCloseRequested = _ => _loop.Watch(CloseTransparentAsync(session));
            if (commands.EntersByResult)
            {
                session.OnEntered();
            }
            else
            {
                await session.EnterAsync();
            }

            _loop.Watch(RestoreAfterAsync(session, commands, modeBefore));
            return session;
        }
        catch (ModemException)
        {
            await AbandonTransparentAsync(_transparent is not null, link, commands, modeBefore);
            throw;
        }
    }

    private async Task AbandonTransparentAsync(
        bool hasSession, Link link, ITransparentCommands commands, ConnectionMode modeBefore)
    {
        _transparent = null;
        if (_suspended is not null)
        {
            _modeToRestore = (commands, modeBefore);
            return;
        }

        if (_channel.BrokenReason is not null)
        {
            return;
        }

        try
        {
            if (hasSession)
            {
                // It was given up, and is being closed.
                await LoopWait.ForAsync(link.Ended, DrainLimit, _time);
            }

            await RestoreAsync(commands, modeBefore);
        }
        catch (Exception reason) when (reason is ModemException or TimeoutException)
        {
            // The caller is told why there is no session; the module is the recovery's now.
            Log.LinkClosed(_logger, _port, 0, $"and the module not restored: {reason.Message}");
            if (reason is ModemException failed)
            {
                GiveUpHalfWay(failed);
            }
        }
    }

    private async Task<bool> PrepareAsync(ITransparentCommands commands, TransparentRequest request)
    {
        if (Mode != ConnectionMode.Single && !commands.SetsMode)
        {
            await ConfigureAsync(Commands, ConnectionMode.Single);
        }

        foreach (var (command, isRequired) in commands.Prepare(request))
        {
            var result = await _channel.ExecuteAsync(command);
            if (isRequired && !result.IsSuccess)
            {
                throw new CommandFailedException(command.Line.Display, result, command.Remarks) { Port = _port };
            }
        }

        if (commands.SetsMode)
        {
            Adopt(Commands, ConnectionMode.Single);
        }

        if (commands.ReadReportSetting() is not { } ask)
        {
            return false;
        }

        var answer = await _channel.ExecuteAsync(ask);
        return answer.IsSuccess && ask.IsKnown
            && (ask.Change is null || (await _channel.ExecuteAsync(ask.Change)).IsSuccess);
    }

    private async Task CloseTransparentAsync(TransparentLink session)
    {
        var link = session.Link;
        if (link.State != LinkState.Open)
        {
            return;
        }

        await ResumeForRestAsync(session);
        if (link.State == LinkState.Open)
        {
            link.Become(LinkState.Closing);
            session.Kick();
            await SendRestAsync(link);
            await EndTransparentAsync(session);
        }
    }

    // What was accepted while it was suspended can only be sent in the data state.
    private async Task ResumeForRestAsync(TransparentLink session)
    {
        try
        {
            if (!session.IsInData && session.Link.HasDataToSend && _channel.BrokenReason is null)
            {
                await ResumeAsync(session, CancellationToken.None);
            }
        }
        catch (ModemException reason)
        {
            Log.LinkFaulted(_logger, _port, session.Link.Id, LinkFailure.SendFailed, reason);
        }
    }

    private async Task EndTransparentAsync(TransparentLink session)
    {
        await session.Gate.EnterAsync(CancellationToken.None);
        try
        {
            if (session.IsInData && _channel.BrokenReason is null)
            {
                await session.LeaveAsync();
            }
        }
        catch (ModemException reason)
        {
            Log.LinkFaulted(_logger, _port, session.Link.Id, LinkFailure.ModemClosed, reason);
        }
        finally
        {
            session.Gate.Leave();
        }

        if (!session.Link.Ended.IsCompleted && _channel.BrokenReason is null && !session.IsInData)
        {
            await CloseAsync(session.Link);
        }
    }

    private async Task RestoreAfterAsync(
        TransparentLink session, ITransparentCommands commands, ConnectionMode modeBefore)
    {
        await session.Link.Ended;
        try
        {
            if (_suspended is not null)
            {
                // The network is being changed or restored; before the next link is opened.
                _modeToRestore = (commands, modeBefore);
            }
            else if (_channel.BrokenReason is null)
            {
                await _opening.EnterAsync(CancellationToken.None);
                try
                {
                    await LeaveEndedAsync(session);
                    await RestoreAsync(commands, modeBefore);
                }
                finally
                {
                    _opening.Leave();
                }
            }
        }
        catch (ModemException reason)
        {
            // The module has started anew, or the port is gone: the recovery brings it to its mode.
            Log.LinkClosed(_logger, _port, 0, $"and the module not restored: {reason.Message}");
            GiveUpHalfWay(reason);
        }
        finally
        {
            _transparent = null;
            session.NoteRestored();
        }
    }

    private static async Task LeaveEndedAsync(TransparentLink session)
    {
        if (session.IsInData)
        {
            await session.LeaveAsync();
        }
    }

    /// <summary>Brings back, once, what a session has changed that ended with the network.</summary>
    private async Task RestoreIfDueAsync()
    {
        if (_modeToRestore is { } due)
        {
            await RestoreAsync(due.Commands, due.Mode);
        }
    }

    private Task<ConnectionMode> RestoreAsync(ITransparentCommands? commands, ConnectionMode mode) =>
        ChangingModeAsync(async () =>
        {
            // Due until it has succeeded: a recovery that does not bring the module up does not bring it to its mode either.
            _modeToRestore = (commands, mode);
            if (commands is not null && await TryUndoAsync(commands.Restore(fromAnyMode: false)) is not null
                && await TryUndoAsync(commands.Restore(fromAnyMode: true)) is { } refused)
            {
                throw new CommandFailedException(refused.Command.Line.Display, refused.Result, refused.Command.Remarks) { Port = _port };
            }

            await ConfigureAsync(Commands, mode);
            return mode;
        });

    // A module that still sends whatever comes would take the next link's bytes for commands, and its commands for bytes. One
    // step that is refused makes the next ones fail as well: they are taken once more, all of them.
    private async Task<(AtCommand Command, FinalResult Result)?> TryUndoAsync(IReadOnlyList<AtCommand> steps)
    {
        (AtCommand, FinalResult)? refused = null;
        foreach (var command in steps)
        {
            var result = await _channel.ExecuteAsync(command);
            refused ??= result.IsSuccess ? null : (command, result);
        }

        return refused;
    }

    /// <summary>Makes the module open a link by itself when it starts, or stops that.</summary>
    public async Task<(AtCommand Command, FinalResult Result)> SaveTransparentAsync(TransparentRequest? request)
    {
        var commands = Commands.Transparent!;
        var command = (request is null ? commands.ClearSaved() : commands.Save(request))
            ?? throw new InvalidOperationException("Asked of a dialect without it: its table of features is wrong.");
        return (command, await _channel.ExecuteAsync(command));
    }
}
