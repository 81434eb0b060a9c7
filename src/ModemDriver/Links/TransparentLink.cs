using System.Buffers;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Links;

/// <summary>The loop's side of a transparent session: the one link whose bytes the line carries without frames.</summary>
/// <remarks>
/// The buffers, the end and the faults are those of <see cref="Link"/>. In the data state what arrives goes straight
/// into its buffer, and what is written straight to the port; between suspending and resuming the module pushes it with
/// headers, which <see cref="LinkSet.OnPushed"/> takes, into the same buffer, so that the order stays.
/// </remarks>
internal sealed partial class TransparentLink : IDataSink
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly CommandChannel _channel;
    private readonly ITransparentCommands _commands;
    private readonly ModemLoop _loop;
    private readonly ILinkOwner _owner;
    private readonly DataStateRules _rules;
    private readonly EscapeShield _shield;
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;
    private bool _isLeaving;

    // Some adapters have DCD tied to their other lines: only one that was off before the session says something.
    private readonly bool _isCarrierWired;

    public TransparentLink(
        Link link, CommandChannel channel, ITransparentCommands commands, DataStateRules rules, ModemLoop loop,
        ILinkOwner owner)
    {
        Link = link;
        _channel = channel;
        _commands = commands;
        _rules = rules;
        _loop = loop;
        _owner = owner;
        _shield = new EscapeShield(rules.Escape[0], rules.Escape.Length, rules.ReadBytes);
        _watch = new WordWatch(rules.Suspicious);
        _isCarrierWired = rules.CarrierTells && channel.Carrier == false;
        link.OnWork = _ => Kick();
    }

    /// <summary>The link.</summary>
    public Link Link { get; }

    /// <summary>One change of the state at a time: suspending, resuming, closing.</summary>
    public LoopGate Gate { get; } = new();

    /// <summary>Whether the line is in the data state.</summary>
    public bool IsInData { get; private set; }

    /// <summary>What can be known about the loss of the link.</summary>
    public LossDetection LossDetection => _isCarrierWired ? LossDetection.Dcd : _commands.LossDetection;

    /// <summary>Whether a command may suspend it for as long as it runs.</summary>
    public bool SuspendsForCommands { get; init; }

    /// <summary>Whether all that arrives while it is suspended is shown before the word that the peer has closed.</summary>
    public bool ShowsWhileSuspended { get; init; }

    /// <summary>The calls for which it is suspended at this moment; <see langword="null"/> for none.</summary>
    public SuspendedCalls? Calls { get; set; }

    /// <summary>Whether it is suspended for calls, or is being so.</summary>
    public bool HasCalls => Calls is not null;

    /// <summary>Told, on the loop, when the data state begins and ends.</summary>
    public Action<bool>? OnDataState { get; set; }

    /// <summary>Ends when the module is as it was before the session.</summary>
    public Task Restored => _restored.Task;

    /// <inheritdoc/>
    public void OnData(ReadOnlySpan<byte> bytes)
    {
        if (Link.State != LinkState.Open && Link is not { State: LinkState.Opening, WasConnected: true })
        {
            return;
        }

        if (IsSuspect)
        {
            Withhold(bytes);
        }
        else
        {
            TakeWatched(bytes);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, bool mustBeRead)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Link.Append(bytes, isLast: true);
        if (mustBeRead ? Link.Room >= -Link.BufferBytes : Link.Room >= 0 || _channel.TryPauseReceiving(true))
        {
            // On the way out, and for commands, the line must be read, since the module's word stands behind the data: as
            // much again is kept for that.
        }
        else
        {
            _owner.Lose(
                Link,
                LinkFailure.Overflow,
                $"its reader left {Link.BufferBytes} bytes unread, and nothing on this line holds the module back",
                null);
        }
    }

    /// <summary>Goes into the data state. The gate is held.</summary>
    /// <exception cref="LinkException">The link has ended, or the module refuses.</exception>
    public async Task EnterAsync()
    {
        ThrowIfEnded();
        var result = await BeginToEnterAsync();
        if (!result.IsSuccess)
        {
            throw _owner.Lose(Link, LinkFailure.Refused, $"the module refused its data state ({result.Text})", null);
        }

        if (_commands.EntersByResult)
        {
            OnEntered();
            return;
        }

        SetInData(true);
        var isIn = await _channel.EnterDataAsync(_rules);
        if (isIn == true)
        {
            Kick();
            return;
        }

        // Refused, because the link is gone; or no answer, and then it may have obeyed: a line would go to the peer.
        if (isIn is null || !await _channel.BringFramesBackAsync(_rules, isProven: false))
        {
            await EscapeAsync(isDoubtful: true);
        }

        SetInData(false);
        throw _owner.Lose(Link, LinkFailure.Refused, "the module did not enter its data state", null);
    }

    /// <summary>The line has come into the data state with the result of a command.</summary>
    public void OnEntered()
    {
        SetInData(true);
        TellSuspicion();
        Kick();
    }

    private async Task<FinalResult> BeginToEnterAsync()
    {
        try
        {
            return await _channel.ExecuteAsync(_commands.Enter(this));
        }
        catch (CommandTimeoutException reason)
        {
            // It may have obeyed, and then what comes has no headers, and no other link can be opened.
            var line = System.Text.Encoding.ASCII.GetString(_rules.LeaveLine).TrimEnd();
            await _channel.ExecuteAsync(new SimpleCommand(line, _rules.LeaveLimit));
            throw _owner.Lose(Link, LinkFailure.Refused, "the module did not say that it enters its data state", reason);
        }
    }

    /// <summary>Goes back to the command state; the link is kept. The gate is held.</summary>
    /// <exception cref="LinkException">The module did not leave its data state.</exception>
    /// <exception cref="ModemClosedException">The channel is broken.</exception>
    public async Task<DataStateExit> LeaveAsync()
    {
        _isLeaving = true;
        try
        {
            await _channel.EndDataWritesAsync(_pump);
            _channel.TryPauseReceiving(false);
            return await EscapeAsync();
        }
        finally
        {
            _isLeaving = false;
            SetInData(_channel.IsInData);
        }
    }

    /// <summary>Ends the session whose escape may have reached the peer.</summary>
    /// <exception cref="LinkException">It was not obeyed at once: the session cannot be trusted.</exception>
    public void ThrowIfInDoubt(DataStateExit exit)
    {
        if (exit == DataStateExit.LeftInDoubt)
        {
            throw _owner.Lose(
                Link,
                LinkFailure.SendFailed,
                "the escape was obeyed only after a repetition: the peer may have received it as data",
                null);
        }
    }

    /// <summary>The module is as it was before the session, or will never be.</summary>
    public void NoteRestored() => _restored.TrySetResult();

    /// <summary>Why nothing can be done with the session any more.</summary>
    public void ThrowIfEnded()
    {
        if (Link.State is not LinkState.Open)
        {
            throw Link.WhyNotSent();
        }
    }

    /// <summary>There may be something to send, or room again.</summary>
    public void Kick()
    {
        if (IsInData && Link.Room > 0)
        {
            _channel.TryPauseReceiving(false);
        }

        if (IsInData && !_isPumping && !_isLeaving && !IsSuspect && Link.HasDataToSend)
        {
            _isPumping = true;
            _pump = PumpAsync();
            _loop.Watch(_pump);
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (!_isLeaving && !IsSuspect && IsInData && Link.TryTakeToSend(_commands.MaxWriteBytes, out var bytes))
            {
                await SendAsync(bytes);
                if (!_channel.IsLossless)
                {
                    // A module without flow control takes what its buffer holds, and then needs a moment.
                    await _channel.QuietAsync(Pace);
                }

                _owner.OnProgress(Link);
            }
        }
        catch (ModemClosedException reason)
        {
            // The channel has told its listener; what was being sent is lost with the link.
            _owner.Lose(Link, LinkFailure.ModemClosed, reason.Message, reason);
        }
        finally
        {
            _isPumping = false;
        }
    }

    private async Task SendAsync(ReadOnlySequence<byte> bytes)
    {
        var length = _shield.Next(bytes, _commands.MaxWriteBytes);
        if (length == 0)
        {
            Link.ReleaseSent(bytes.Slice(0, 0), wereSent: false);
            await _channel.QuietAsync(_rules.QuietBefore);
            _shield.Paused();
            return;
        }

        // One write, so that nothing can stand between its bytes.
        var piece = bytes.Slice(0, length);
        var isSent = false;
        var rented = piece.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (rented is not null)
            {
                piece.CopyTo(rented);
            }

            await _channel.WriteDataAsync(rented is null ? piece.First : rented.AsMemory(0, length));
            isSent = true;
        }
        finally
        {
            Link.ReleaseSent(piece, isSent);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private async Task<DataStateExit> EscapeAsync(bool isDoubtful = false)
    {
        var exit = await _channel.LeaveDataAsync(_rules, () => IsSuspect || isDoubtful);
        if (exit == DataStateExit.Stuck)
        {
            var reason = new ModemProtocolException("the command state after the escape sequence", "nothing");
            _channel.Break(reason);
            throw _owner.Lose(Link, LinkFailure.ModemClosed, "the module did not leave its data state", reason);
        }

        return exit;
    }

    private void SetInData(bool isInData)
    {
        if (IsInData != isInData)
        {
            IsInData = isInData;
            if (!isInData)
            {
                GiveBegun();
            }

            OnDataState?.Invoke(isInData);
        }
    }
}
