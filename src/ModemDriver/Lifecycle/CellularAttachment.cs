using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <summary>Gets a cellular module onto its network: card, radio, registration, attach, address; and tells why not.</summary>
internal sealed class CellularAttachment(
    CommandChannel channel, NoticeBoard notices, TimeProvider time, CellularOptions options, SimUnlock unlock)
    : IAttachment
{
    private static readonly TimeSpan AskSimAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskNetworkAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAddressAgain = TimeSpan.FromSeconds(1);

    // A module that has a card says so within seconds of its start, at worst after ten.
    private static readonly TimeSpan NoCardLimit = TimeSpan.FromSeconds(10);

    // A refusal may be that of one network of several; the module tries the others within half a minute.
    private static readonly TimeSpan DeniedLimit = TimeSpan.FromSeconds(30);

    // A module that a network has sent away need not look for one again by itself; between two searches it pauses for less.
    private static readonly TimeSpan NotSearchingLimit = TimeSpan.FromSeconds(30);

    // Vendors advise so long between off and on.
    private static readonly TimeSpan RadioPause = TimeSpan.FromSeconds(5);

    // Attach and activation, with the longest limits of the commands.
    private static readonly TimeSpan ActivationLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan AddressLimit = TimeSpan.FromSeconds(15);

    private readonly RegistrationBoard _registration = new();
    private bool _isPreferred;

    /// <summary>Told of the steps that are states of the modem.</summary>
    public required Action<ModemEvent> Happened { private get; init; }

    /// <summary>
    /// Whether a module that does not search is given up soon, since its radio can be cycled next. Off for a first attach: some
    /// modules need a while until they begin.
    /// </summary>
    public bool GivesUpUnlessSearching { get; set; }

    /// <summary>Told of each change of the registration.</summary>
    public required Action<CellularRegistration> Registered { private get; init; }

    /// <summary>Told of a command that was refused without harm, and of the answer.</summary>
    public required Action<string, string> Refused { private get; init; }

    /// <summary>The registration that counts; null while nothing is known.</summary>
    public CellularRegistration? Registration => _registration.Best;

    /// <summary>The access point, for this attach and all later ones.</summary>
    public ApnOptions? Apn { get; set; } = options.Apn;

    /// <inheritdoc/>
    public ModemEvent Loss => ModemEvent.PacketDataLost;

    /// <summary>How long one attempt may take, with everything that the network does.</summary>
    public static TimeSpan LimitOf(CellularOptions options) =>
        options.SimTimeLimit + options.RegistrationTimeLimit + ActivationLimit;

    /// <inheritdoc/>
    public void Forget()
    {
        _registration.Clear();
        _isPreferred = false;
    }

    /// <summary>Takes over what a URC says of the registration.</summary>
    public void Report(CellularRegistration part)
    {
        if (_registration.Report(part))
        {
            Registered(_registration.Best!); // something was reported
        }
    }

    /// <inheritdoc/>
    public async Task AttachAsync(Dialect dialect, AttachGoal goal, CancellationToken cancellationToken)
    {
        var commands = dialect.Cellular!; // chosen for a dialect that has it
        var radio = commands.ReadRadio();
        await channel.ExecuteAsync(radio, cancellationToken);
        if (radio.Answer == RadioState.Minimum)
        {
            // Without power the card cannot be read.
            await SwitchOnAsync(commands, cancellationToken);
        }

        await WaitForSimAsync(commands, isUnlocked: false, cancellationToken);
        if (radio.Answer is not (RadioState.Full or RadioState.Minimum))
        {
            await SwitchOnAsync(commands, cancellationToken);
        }

        await PreferAsync(commands, cancellationToken);
        await WaitForRegistrationAsync(commands, cancellationToken);
        Happened(ModemEvent.RegistrationFound);
        if (goal == AttachGoal.Online)
        {
            Happened(ModemEvent.AttachBegan);
            await AttachPacketAsync(commands, cancellationToken);
            await ActivateAsync(dialect.PacketData!, cancellationToken); // required before
        }
    }

    /// <inheritdoc/>
    public async Task<bool> HasLeftAsync(Dialect dialect, Func<bool> mayAsk)
    {
        if (dialect.PacketData is not { } commands)
        {
            return false;
        }

        var read = commands.ReadAddress();
        read.MayWrite = mayAsk;
        await channel.ExecuteAsync(read);
        return read.Answer is null;
    }

    /// <summary>Switches the radio off and on, which mends much that nothing else does. The card is locked anew.</summary>
    public async Task CycleRadioAsync(Dialect dialect, CancellationToken cancellationToken)
    {
        var commands = dialect.Cellular!; // chosen for a dialect that has it
        await channel.ExecuteAsync(commands.SetRadio(RadioState.Minimum), cancellationToken);
        await Task.Delay(RadioPause, time, cancellationToken);
        await SwitchOnAsync(commands, cancellationToken);
    }

    private async Task SwitchOnAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        var on = commands.SetRadio(RadioState.Full);
        var result = await channel.ExecuteAsync(on, cancellationToken);
        if (!result.IsSuccess)
        {
            throw Failed(NetworkJoinFailure.RadioOff, $"the module answered {Words(result)} to {on.Line.Display}");
        }
    }

    // A module that refuses to prefer one takes whatever it finds, which is what it does without.
    private async Task PreferAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        if (options is { PreferredOperator: null, AccessTechnology: null } || _isPreferred)
        {
            return;
        }

        var prefer = commands.Prefer(options.PreferredOperator, options.AccessTechnology);
        var result = await channel.ExecuteAsync(prefer, cancellationToken);
        _isPreferred = result.IsSuccess;
        if (!result.IsSuccess)
        {
            Refused(prefer.Line.Display, result.Text);
        }
    }

    /// <summary>Waits until the card can be used; gives it its PIN where that is known.</summary>
    /// <param name="commands">The dialect's commands.</param>
    /// <param name="isUnlocked">Whether the PIN was given just now: the card may want it for a moment longer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitForSimAsync(
        ICellularCommands commands, bool isUnlocked, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var read = commands.ReadSim();
            var result = await channel.ExecuteAsync(read, cancellationToken);
            var state = SimAnswer.Of(read.Answer, result);
            if (state is SimState.Ready or SimState.SecondCodeRequired)
            {
                return;
            }

            if (!isUnlocked)
            {
                ThrowIfLocked(state);
            }

            if (state == SimState.PinRequired && !isUnlocked)
            {
                await unlock.UnlockAsync(commands, cancellationToken);
                isUnlocked = true;
                started = time.GetTimestamp();
                continue;
            }

            if (time.GetElapsedTime(started) >= LimitOf(state))
            {
                throw NotReady(state, result);
            }

            await notices.WaitAsync(NoticeKind.SimChanged, AskSimAgain, cancellationToken);
        }
    }

    private TimeSpan LimitOf(SimState state) =>
        state == SimState.NotInserted && NoCardLimit < options.SimTimeLimit ? NoCardLimit : options.SimTimeLimit;

    private void ThrowIfLocked(SimState state)
    {
        switch (state)
        {
            case SimState.PukRequired:
                throw Sim(SimFailure.PukRequired, "the card wants its PUK");
            case SimState.DeviceLocked:
                throw Sim(SimFailure.DeviceLocked, "the module is locked to a card, a network or a provider");
        }
    }

    private SimException NotReady(SimState state, in FinalResult result) => state switch
    {
        SimState.NotInserted => Sim(SimFailure.NotInserted, "there is no card"),
        SimState.Failed => Sim(SimFailure.Failed, $"the card does not work: {Words(result)}"),
        _ => Sim(SimFailure.NotReady, $"the card was not ready within {options.SimTimeLimit}: {Words(result)}"),
    };

    private async Task WaitForRegistrationAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        long? deniedSince = null;
        long? restsSince = null;
        var isWoken = false;
        _registration.Clear();
        while (true)
        {
            await ReadRegistrationAsync(commands, cancellationToken);
            var found = _registration.Best;
            if (found is { Status: RegistrationStatus.NotRegistered } && !isWoken)
            {
                isWoken = true;
                await WakeAsync(commands, cancellationToken);
            }

            if (found is { IsRegistered: true })
            {
                RefuseRoaming(found);
                return;
            }

            deniedSince = found is { Status: RegistrationStatus.Denied } ? deniedSince ?? time.GetTimestamp() : null;
            if (deniedSince is { } since && time.GetElapsedTime(since) >= DeniedLimit)
            {
                throw Failed(
                    NetworkJoinFailure.RegistrationDenied,
                    $"the network has refused the card or the module{CauseText(found)}");
            }

            restsSince = found is { Status: RegistrationStatus.NotRegistered } ? restsSince ?? time.GetTimestamp() : null;
            if (GivesUpUnlessSearching && restsSince is { } resting && time.GetElapsedTime(resting) >= NotSearchingLimit)
            {
                throw Failed(
                    NetworkJoinFailure.NotRegistered, $"the module has not searched for a network for {NotSearchingLimit}");
            }

            if (time.GetElapsedTime(started) >= options.RegistrationTimeLimit)
            {
                throw Failed(
                    NetworkJoinFailure.NotRegistered,
                    $"not registered within {options.RegistrationTimeLimit} (last: {found?.Status.ToString() ?? "no answer"})");
            }

            await notices.WaitAsync(NoticeKind.RegistrationChanged, AskNetworkAgain, cancellationToken);
        }
    }

    // An earlier program may have told the module to leave the network: it then does not search until it is told to.
    private async Task WakeAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        var read = commands.ReadOperator(new CurrentOperator(OperatorSelectionMode.Unknown, null, null, null));
        await channel.ExecuteAsync(read, cancellationToken);
        if (read.Answer.Mode == OperatorSelectionMode.Deregistered)
        {
            await channel.ExecuteAsync(commands.SelectOperator(null, null), cancellationToken);
        }
    }

    /// <summary>Asks for the registration in every part of the network.</summary>
    public async Task ReadRegistrationAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        foreach (var read in commands.ReadRegistration())
        {
            await channel.ExecuteAsync(read, cancellationToken);
            if (read.Registration is { } part)
            {
                Report(part);
            }
        }
    }

    private void RefuseRoaming(CellularRegistration found)
    {
        if (found.Status == RegistrationStatus.Roaming && !options.AllowRoaming)
        {
            throw Failed(NetworkJoinFailure.RoamingNotAllowed, "only a network of others is there");
        }
    }

    private async Task AttachPacketAsync(ICellularCommands commands, CancellationToken cancellationToken)
    {
        var read = commands.ReadAttached();
        await channel.ExecuteAsync(read, cancellationToken);
        if (read.Answer == true)
        {
            return;
        }

        var result = await channel.ExecuteAsync(commands.SetAttached(true), cancellationToken);
        if (!result.IsSuccess)
        {
            throw Failed(NetworkJoinFailure.AttachFailed, $"the module was not let into the packet network: {Words(result)}");
        }
    }

    private async Task ActivateAsync(IPacketDataCommands commands, CancellationToken cancellationToken)
    {
        commands.Choose(Apn);
        foreach (var step in commands.Deactivate())
        {
            await channel.ExecuteAsync(step, cancellationToken);
        }

        foreach (var step in commands.Activate())
        {
            var result = await channel.ExecuteAsync(step, cancellationToken);
            if (!result.IsSuccess)
            {
                throw Failed(
                    NetworkJoinFailure.ActivationFailed,
                    $"the module answered {Words(result)} to {step.Line.Display}{RemarksOf(step)}");
            }
        }

        await WaitForAddressAsync(commands, cancellationToken);
    }

    private async Task WaitForAddressAsync(IPacketDataCommands commands, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var read = commands.ReadAddress();
            await channel.ExecuteAsync(read, cancellationToken);
            if (read.Answer is not null)
            {
                return;
            }

            if (time.GetElapsedTime(started) >= AddressLimit)
            {
                throw Failed(NetworkJoinFailure.NoAddress, $"no address within {AddressLimit}");
            }

            await Task.Delay(AskAddressAgain, time, cancellationToken);
        }
    }

    private static string Words(in FinalResult result) => CmeError.Read(result.Text)?.ToString() ?? result.Text;

    private static string CauseText(CellularRegistration? found) =>
        found?.RejectCause is { } cause ? $" (cause {cause})" : string.Empty;

    private static string RemarksOf(AtCommand step) =>
        step.Remarks.Count == 0 ? string.Empty : $" (it said: {string.Join(" | ", step.Remarks)})";

    private SimException Sim(SimFailure reason, string what) =>
        new(reason, $"{channel.Port}: {what}.") { Port = channel.Port };

    private NetworkJoinException Failed(NetworkJoinFailure reason, string what) =>
        new(Apn?.Name ?? string.Empty, reason, $"The cellular network was not joined ({reason}): {what}.")
        {
            Port = channel.Port,
        };
}
