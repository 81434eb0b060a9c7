namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Where the module stands on its way to a connection.</summary>
internal enum IpState
{
    Initial,
    Start,
    Config,
    Active,
    Status,
    Connecting,
    Connected,
    Closing,
    Closed,
    Processing,
    Deactivated,
}

/// <summary>What takes it from one state to another.</summary>
internal enum IpEvent
{
    /// <summary>AT+CSTT.</summary>
    SetApn,

    /// <summary>AT+CIICR.</summary>
    Activate,

    /// <summary>The context is up.</summary>
    Activated,

    /// <summary>AT+CIFSR.</summary>
    ReadAddress,

    /// <summary>AT+CIPSTART.</summary>
    Connect,

    /// <summary>The connection is there.</summary>
    Connected,

    /// <summary>It could not be made.</summary>
    ConnectFailed,

    /// <summary>AT+CIPCLOSE.</summary>
    Close,

    /// <summary>The connection is closed; with several links, the last one.</summary>
    Closed,

    /// <summary>The context is lost.</summary>
    Lost,

    /// <summary>AT+CIPSHUT.</summary>
    Shut,
}

/// <summary>The state machine, as a table.</summary>
internal static class IpStates
{
    /// <summary>The next state; <see langword="null"/> where the event is not allowed, or changes nothing.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">What happens.</param>
    /// <param name="isMultiple">AT+CIPMUX=1.</param>
    internal static IpState? Next(IpState state, IpEvent happened, bool isMultiple) => (state, happened) switch
    {
        (_, IpEvent.Shut) => IpState.Initial,
        (IpState.Initial, IpEvent.SetApn) => IpState.Start,
        (IpState.Start, IpEvent.Activate) => IpState.Config,
        (IpState.Config, IpEvent.Activated) => IpState.Active,
        (IpState.Active, IpEvent.ReadAddress) => IpState.Status,
        (>= IpState.Status and <= IpState.Processing, IpEvent.ReadAddress) => state,
        (IpState.Initial or IpState.Start or IpState.Deactivated, IpEvent.Lost) => null,
        (_, IpEvent.Lost) => IpState.Deactivated,
        _ => isMultiple ? NextOfMany(state, happened) : NextOfOne(state, happened),
    };

    private static IpState? NextOfOne(IpState state, IpEvent happened) => (state, happened) switch
    {
        // The shortcut: from the first state the module does all the steps by itself.
        (IpState.Initial or IpState.Status or IpState.Closed, IpEvent.Connect) => IpState.Connecting,
        (IpState.Connecting, IpEvent.Connected) => IpState.Connected,
        (IpState.Connecting, IpEvent.ConnectFailed) => IpState.Status,
        (IpState.Connecting or IpState.Connected, IpEvent.Close) => IpState.Closing,
        (IpState.Closing or IpState.Connected, IpEvent.Closed) => IpState.Closed,
        _ => null,
    };

    private static IpState? NextOfMany(IpState state, IpEvent happened) => (state, happened) switch
    {
        (IpState.Status or IpState.Processing, IpEvent.Connect) => IpState.Processing,
        (IpState.Processing, IpEvent.Connected) => IpState.Processing,
        (IpState.Processing, IpEvent.Close) => IpState.Processing,
        (IpState.Processing, IpEvent.Closed) => IpState.Status,
        _ => null,
    };

    /// <summary>What AT+CIPSTATUS calls it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="protocol">TCP or UDP, that of the only link.</param>
    internal static string Name(IpState state, string protocol) => state switch
    {
        IpState.Initial => "IP INITIAL",
        IpState.Start => "IP START",
        IpState.Config => "IP CONFIG",
        IpState.Active => "IP GPRSACT",
        IpState.Status => "IP STATUS",
        IpState.Connecting => protocol + " CONNECTING",
        IpState.Connected => "CONNECT OK",
        IpState.Closing => protocol + " CLOSING",
        IpState.Closed => protocol + " CLOSED",
        IpState.Processing => "IP PROCESSING",
        _ => "PDP DEACT",
    };
}
