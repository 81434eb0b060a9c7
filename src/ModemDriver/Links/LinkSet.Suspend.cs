using ModemDriver.Channel;
using ModemDriver.Diagnostics;

namespace ModemDriver.Links;

/// <content>A transparent session between its two states, and the doubt whether the module is in the one it should be.
/// </content>
internal sealed partial class LinkSet
{
    /// <summary>Goes back to the command state; the link is kept.</summary>
    public async Task SuspendAsync(TransparentLink session, CancellationToken cancellationToken)
    {
        await session.Gate.EnterAsync(cancellationToken);
        try
        {
            session.ThrowIfEnded();
            if (session.IsInData)
            {
                await LeaveAsync(session, isLinkAsked: true);
            }
        }
        finally
        {
            session.Gate.Leave();
        }
    }

    /// <summary>Goes into the data state again.</summary>
    public static async Task ResumeAsync(TransparentLink session, CancellationToken cancellationToken)
    {
        await session.Gate.EnterAsync(cancellationToken);
        try
        {
            session.ThrowIfEnded();
            if (!session.IsInData)
            {
                await session.EnterAsync();
            }
        }
        finally
        {
            session.Gate.Leave();
        }
    }

    /// <summary>
    /// Runs a call in the command state, and goes back to the data state if that was left for it. Calls that come
    /// meanwhile, and those within this one, share the suspension; suspending and resuming wait for their end.
    /// </summary>
    public async Task<T> RunSuspendedAsync<T>(
        TransparentLink session, Func<Task<T>> action, CancellationToken cancellationToken)
    {
        if (session.Calls is { } shared)
        {
            return await shared.RunAsync(action);
        }

        await session.Gate.EnterAsync(cancellationToken);
        var calls = new SuspendedCalls();
        session.Calls = calls;
        try
        {
            var wasInData = session.IsInData;
            if (wasInData)
            {
                await LeaveAsync(session, isLinkAsked: false);
            }

            calls.SetReady();
            try
            {
                return await calls.RunAsync(action);
            }
            finally
            {
                await calls.EndAsync();
                session.Calls = null;
                if (wasInData)
                {
                    await TryReenterAsync(session);
                }
            }
        }
        finally
        {
            // Also when the data state could not be left: whoever waits is refused by the state of the modem.
            session.Calls = null;
            calls.SetReady();
            session.Gate.Leave();
        }
    }

    // The command has its own outcome, which its caller is told; that of the session is told by its Stream.
    private async Task TryReenterAsync(TransparentLink session)
    {
        try
        {
            if (session.Link.State == LinkState.Open && _channel.BrokenReason is null)
            {
                await session.EnterAsync();
            }
        }
        catch (ModemException reason)
        {
            Log.LinkFaulted(_logger, _port, session.Link.Id, LinkFailure.Refused, reason);
        }
    }

    private async Task LeaveAsync(TransparentLink session, bool isLinkAsked)
    {
        var exit = await session.LeaveAsync();
        if (exit == DataStateExit.Left)
        {
            // It obeyed, so it was in the data state until then: no word amid the data was its own.
            Trust(session);
        }

        if (!session.IsSuspect)
        {
            session.ThrowIfInDoubt(exit);
        }

        if (isLinkAsked || session.IsSuspect)
        {
            await CheckLinkAsync(session);
            session.ThrowIfInDoubt(exit);
            Trust(session);
        }
    }

    private void Trust(TransparentLink session)
    {
        session.Trust();
        if (session.Link is { State: LinkState.Open, WasClosed: true })
        {
            BecomePeerClosed(session.Link);
        }
    }

    // A module that has started anew takes commands and has no links; it is led through the same door.
    private async Task CheckSuspicionAsync(TransparentLink session)
    {
        try
        {
            await session.AwaitPauseAsync();
            await session.Gate.EnterAsync(CancellationToken.None);
            try
            {
                if (session is { IsSuspect: true, IsInData: true, Link.State: LinkState.Open })
                {
                    Log.SessionSuspect(_logger, _port);
                    await LeaveAsync(session, isLinkAsked: true);
                    await TryReenterAsync(session);
                }
            }
            finally
            {
                session.Gate.Leave();
            }
        }
        catch (LinkException) when (session.Link.State == LinkState.Closed)
        {
            // In order: the peer has closed.
        }
        catch (ModemException reason)
        {
            // The session has ended by it, or the modem recovers: its Stream tells.
            Log.LinkFaulted(_logger, _port, session.Link.Id, LinkFailure.ModemClosed, reason);
        }
    }

    // The module does not say in its data state that the link has ended; back in the command state it can be asked.
    private async Task CheckLinkAsync(TransparentLink session)
    {
        var list = Commands.List(Mode);
        var result = await _channel.ExecuteAsync(list);
        if (result.IsSuccess && !list.LinkIds.Contains(0) && session.Link.State == LinkState.Open)
        {
            // A notice of it shows that the module was in its command state by then: no word amid the data was its own.
            var isAtWord = !session.Link.WasClosed && list.ClosedIds.Contains(0);
            session.Link.WasClosed = true;
            if (!isAtWord || !session.TryEndAtWord())
            {
                // Whether it ended in order, and what the peer has sent, nobody knows.
                throw Lose(session.Link, LinkFailure.ClosedByPeer, "the module no longer has it", null);
            }

            if (session.Link.State == LinkState.Open)
            {
                BecomePeerClosed(session.Link);
            }
        }

        session.ThrowIfEnded();
    }
}
