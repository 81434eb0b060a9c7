using ModemDriver.Cellular;
using ModemDriver.Dialects;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <summary>The cellular network: what the module says of it, and what that does to the modem.</summary>
internal sealed partial class ModemRunner
{
    private CellularRegistration? _toldRegistration;
    private SimState _toldSim;
    private ITimer? _registrationLoss;

    /// <summary>Told of each change of the registration, off the loop; null while nobody wants to know.</summary>
    public Action<CellularRegistration>? RegistrationChanged { get; set; }

    /// <summary>Told of each change of the card, off the loop; null while nobody wants to know.</summary>
    public Action<SimState>? SimChanged { get; set; }

    /// <summary>The registration that counts for data, as last told; null while nothing is known.</summary>
    public CellularRegistration? Registration => _cellular.Registration;

    /// <summary>Asks for the registration.</summary>
    public Task ReadRegistrationAsync(Dialect dialect, CancellationToken cancellationToken) =>
        _cellular.ReadRegistrationAsync(dialect.Cellular!, cancellationToken); // required before

    /// <summary>Registers with the network, and goes no further.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await _joining.EnterAsync(cancellationToken);
        try
        {
            Require(ModemFeature.Cellular);
            if (State != ModemState.Online)
            {
                await AttachCellularAsync(AttachGoal.Registered, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is ModemException or OperationCanceledException)
        {
            Raise(ModemEvent.AttemptFailed, exception);
            throw;
        }
        finally
        {
            _joining.Leave();
        }
    }

    private async Task AttachCellularAsync(AttachGoal goal, CancellationToken cancellationToken)
    {
        Kept.Forget(ModemFeature.RadioSwitch);
        Raise(ModemEvent.SearchBegan, null);
        try
        {
            await AttemptAsync(token => _cellular.AttachAsync(Dialect!, goal, token), cancellationToken);
        }
        catch (SimException exception) when (WantsCode(exception))
        {
            Raise(ModemEvent.SimLocked, exception);
            throw;
        }

        if (goal == AttachGoal.Online)
        {
            await OnJoinedAsync(cancellationToken);
        }
        else
        {
            _goal = goal;
        }
    }

    // No attempt of the modem's own helps; the owner has to give it.
    private static bool WantsCode(Exception? failure) =>
        failure is SimException { Reason: SimFailure.PinRequired or SimFailure.PinWithheld or SimFailure.PinRefused
            or SimFailure.PukRequired or SimFailure.PukRefused or SimFailure.DeviceLocked };

    // The steps of a recovery are no states of their own.
    private void OnAttachStep(ModemEvent step)
    {
        if (State != ModemState.Recovering)
        {
            Raise(step, null);
        }
    }

    private static bool IsCellular(NoticeKind kind) =>
        kind is NoticeKind.RegistrationChanged or NoticeKind.SimChanged or NoticeKind.SimRemoved
            or NoticeKind.SignalReported;

    private void OnCellularReport(in CellularReport report)
    {
        if (report.Registration is { } part)
        {
            _cellular.Report(part);
        }

        if (report.Signal is { } signal)
        {
            _signalReport?.TrySetResult(signal);
        }

        if (report.Sim is { } sim)
        {
            OnSim(sim);
        }
    }

    private void OnSim(SimState sim)
    {
        if (sim == _toldSim)
        {
            return;
        }

        _toldSim = sim;
        if (SimChanged is { } told)
        {
            _events.Post(nameof(CellularInterface.SimChanged), () => told(sim));
        }
    }

    // Told by the attachment, whoever has said it: a URC, or an answer.
    private void OnRegistration(CellularRegistration registration)
    {
        if (RegistrationChanged is { } told && !Equals(registration, _toldRegistration))
        {
            _events.Post(nameof(CellularInterface.RegistrationChanged), () => told(registration));
        }

        _toldRegistration = registration;
        if (registration.IsRegistered)
        {
            StopRegistrationLoss();
            if (!_isJoining && State == ModemState.Searching)
            {
                Raise(ModemEvent.RegistrationFound, null);
            }
        }
        else if (!_isJoining)
        {
            Raise(ModemEvent.RegistrationLost, null);
            if (State == ModemState.Online)
            {
                _registrationLoss ??= _time.CreateTimer(
                    _ => _loop.Post(OnRegistrationLoss),
                    null,
                    _options.Cellular.RegistrationLossLimit,
                    Timeout.InfiniteTimeSpan);
            }
        }
    }

    // The module has searched long enough by itself.
    private void OnRegistrationLoss()
    {
        if (_registrationLoss is null)
        {
            return;
        }

        StopRegistrationLoss();
        if (State == ModemState.Online)
        {
            OnNetworkLeft($"the module has not been registered for {_options.Cellular.RegistrationLossLimit}");
        }
    }

    private void StopRegistrationLoss()
    {
        _registrationLoss?.Dispose();
        _registrationLoss = null;
    }

    // What happens while the module is being attached is found by the attempt that is under way.
    private void OnCellularNotice(NoticeKind kind)
    {
        if (_isJoining || _isLeaving)
        {
            return;
        }

        switch (kind)
        {
            case NoticeKind.PacketDataLost when State == ModemState.Online:
                Raise(ModemEvent.PacketDataLost, Closed("the network has ended the context of the module"));
                break;
            case NoticeKind.SimRemoved:
                Raise(ModemEvent.SimRemoved, Closed("the card was taken out"));
                break;
        }
    }

    private ModemClosedException Closed(string what) => new($"{PortName}: {what}.") { Port = PortName };
}
