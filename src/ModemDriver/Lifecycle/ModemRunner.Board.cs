using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Lifecycle;

/// <content>The services that the module itself has: its bearer, and who uses them.</content>
internal sealed partial class ModemRunner
{
    private readonly Dictionary<ModemFeature, IServiceListener> _services = [];

    /// <summary>What limits are measured by.</summary>
    public TimeProvider Time => _time;

    /// <summary>Sets when the module sleeps, and has it woken before a command.</summary>
    public async Task SetSleepAsync(SleepMode mode, TimeSpan quietTime, CancellationToken cancellationToken)
    {
        var sleeps = Require(ModemFeature.SleepModes).Sleep!; // what has the feature has the commands
        var before = Channel.SleepsAfter;

        // From the first of the commands on: it may be the second that finds the module asleep.
        Channel.SleepsAfter = sleeps.SleepsAfter(mode, quietTime) ?? before;
        try
        {
            await SetAsync(
                ModemFeature.SleepModes, dialect => dialect.Sleep!.SetSleep(mode, quietTime), mode != SleepMode.Awake, cancellationToken);
            Channel.SleepsAfter = sleeps.SleepsAfter(mode, quietTime);
        }
        catch (CommandFailedException)
        {
            Channel.SleepsAfter = before;
            throw;
        }
    }

    /// <summary>Takes a service, of which there is one.</summary>
    /// <exception cref="InvalidOperationException">Somebody has it.</exception>
    public void TakeService(ModemFeature feature, IServiceListener user)
    {
        if (!_services.TryAdd(feature, user))
        {
            throw new InvalidOperationException(
                $"The module has one client for {feature}, and it is in use; dispose what holds it first.");
        }
    }

    /// <summary>Whether somebody has a service.</summary>
    public bool IsTaken(ModemFeature feature) => _services.ContainsKey(feature);

    /// <summary>Calls a handler of a user, off the loop and in order.</summary>
    public void Tell(string name, Action handler) => _events.Post(name, handler);

    /// <summary>Follows a method that nobody waits for.</summary>
    public void Watch(Task task) => _loop.Watch(task);

    /// <summary>Gives a service back.</summary>
    public void GiveBackService(ModemFeature feature, IServiceListener user)
    {
        if (_services.GetValueOrDefault(feature) == user)
        {
            _services.Remove(feature);
            Kept.Forget(feature);
        }
    }

    /// <summary>Opens the bearer of the module's own services, if it is not open.</summary>
    /// <returns>Whether it is open now.</returns>
    public async Task<bool> OpenBearerAsync(IBearerCommands commands, CancellationToken cancellationToken)
    {
        if (await IsBearerOpenAsync(commands, cancellationToken))
        {
            return true;
        }

        // A refusal of any of them is seen by what the module says afterwards.
        foreach (var command in commands.Open(_cellular.Apn))
        {
            await ExecuteAsync(command, cancellationToken);
        }

        return await IsBearerOpenAsync(commands, cancellationToken);
    }

    private async Task<bool> IsBearerOpenAsync(IBearerCommands commands, CancellationToken cancellationToken)
    {
        var ask = commands.ReadIsOpen();
        return (await ExecuteAsync(ask, cancellationToken)).IsSuccess && ask.Answer;
    }

    private void OnServiceLine(ReadOnlySpan<byte> line)
    {
        foreach (var user in _services.Values)
        {
            user.OnLine(line);
        }
    }

    // The rest of a payload that broke off may look like one of its own.
    private void OnServicePayload(in AtFrame piece)
    {
        if (piece.Offset == 0 && Channel.IsRestDue)
        {
            OnServiceBytesLost(isOfService: true);
            return;
        }

        foreach (var user in _services.Values)
        {
            user.OnPayload(piece);
        }
    }

    private void OnServicePayloadWhole()
    {
        foreach (var user in _services.Values)
        {
            user.OnPayloadWhole();
        }
    }

    private void OnServiceBytesLost(bool isOfService)
    {
        foreach (var user in _services.Values)
        {
            user.OnBytesLost(isOfService);
        }
    }

    private void OnServicesLost(Exception reason)
    {
        foreach (var user in _services.Values)
        {
            user.OnLost(reason);
        }
    }
}
