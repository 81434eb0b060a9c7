namespace ModemDriver.Dialects.Luat;

/// <summary>Where the module's IP stack stands, as <c>AT+CIPSTATUS</c> prints it behind <c>STATE: </c>.</summary>
internal enum LuatIpState
{
    /// <summary>Not known: whoever used the module before may have left it anywhere.</summary>
    Unknown,

    /// <summary><c>IP INITIAL</c>: nothing is set; the only state in which the connection mode can be.</summary>
    IpInitial,

    /// <summary><c>IP START</c>: the access point is named.</summary>
    IpStart,

    /// <summary><c>IP CONFIG</c>: being activated.</summary>
    IpConfig,

    /// <summary><c>IP GPRSACT</c>: active.</summary>
    IpGprsAct,

    /// <summary><c>IP STATUS</c>: the address was read, and no link is open.</summary>
    IpStatus,

    /// <summary><c>TCP CONNECTING</c>, <c>UDP CONNECTING</c>: the one link is being opened.</summary>
    Connecting,

    /// <summary><c>CONNECT OK</c>: the one link is open.</summary>
    ConnectOk,

    /// <summary><c>TCP CLOSING</c>, <c>UDP CLOSING</c>: the one link is being closed.</summary>
    Closing,

    /// <summary><c>TCP CLOSED</c>, <c>UDP CLOSED</c>: the one link is closed; the next one needs no shutting.</summary>
    Closed,

    /// <summary><c>IP PROCESSING</c>: links are open, in multiple mode.</summary>
    IpProcessing,

    /// <summary><c>PDP DEACT</c>: the network has taken the address back; only shutting leads out.</summary>
    PdpDeact,
}

/// <summary>What moves the IP stack from one state to another.</summary>
internal enum LuatIpEvent
{
    /// <summary><c>AT+CSTT</c> was accepted.</summary>
    NameSet,

    /// <summary><c>AT+CIICR</c> was sent.</summary>
    Activating,

    /// <summary><c>AT+CIICR</c> has succeeded.</summary>
    Activated,

    /// <summary><c>AT+CIICR</c> has failed.</summary>
    ActivationFailed,

    /// <summary><c>AT+CIFSR</c> has given an address.</summary>
    AddressRead,

    /// <summary><c>AT+CIPSTART</c> was accepted.</summary>
    Opening,

    /// <summary><c>CONNECT OK</c>, or <c>CONNECT</c> in transparent mode.</summary>
    Opened,

    /// <summary><c>CONNECT FAIL</c>, for the last link that there was.</summary>
    OpenFailed,

    /// <summary><c>AT+CIPCLOSE</c> was sent, for the last link that there was.</summary>
    Closing,

    /// <summary><c>CLOSE OK</c> or <c>CLOSED</c>, for the last link that there was.</summary>
    Closed,

    /// <summary><c>+PDP DEACT</c>.</summary>
    ContextLost,

    /// <summary><c>SHUT OK</c>.</summary>
    Shut,
}

/// <summary>One row of a table of docs/dialects/luat.md.</summary>
internal sealed record LuatIpTransition(LuatIpState From, LuatIpEvent Event, LuatIpState To);

/// <summary>
/// The two machines of the module's IP stack as tables. docs/dialects/luat.md has the same tables; a test compares.
/// </summary>
/// <remarks>
/// The vendor's AT manual, chapter TCP/IP, and logs. In every state <c>AT+CIPSHUT</c> leads to <c>IP INITIAL</c>; an event
/// that has no row for a state changes nothing there.
/// </remarks>
internal static class LuatIpStates
{
    private static readonly LuatIpTransition[] UpToAddress =
    [
        new(LuatIpState.IpInitial, LuatIpEvent.NameSet, LuatIpState.IpStart),
        new(LuatIpState.IpStart, LuatIpEvent.Activating, LuatIpState.IpConfig),
        new(LuatIpState.IpConfig, LuatIpEvent.Activated, LuatIpState.IpGprsAct),
        new(LuatIpState.IpConfig, LuatIpEvent.ActivationFailed, LuatIpState.PdpDeact),
        new(LuatIpState.IpGprsAct, LuatIpEvent.AddressRead, LuatIpState.IpStatus),
    ];

    /// <summary>With <c>AT+CIPMUX=0</c>.</summary>
    public static IReadOnlyList<LuatIpTransition> Single { get; } =
    [
        .. UpToAddress,

        // The module does the three steps before it by itself.
        new(LuatIpState.IpInitial, LuatIpEvent.Opening, LuatIpState.Connecting),
        new(LuatIpState.IpStatus, LuatIpEvent.Opening, LuatIpState.Connecting),
        new(LuatIpState.Connecting, LuatIpEvent.Opened, LuatIpState.ConnectOk),
        new(LuatIpState.Connecting, LuatIpEvent.OpenFailed, LuatIpState.IpStatus),
        new(LuatIpState.Connecting, LuatIpEvent.Closing, LuatIpState.Closing),
        new(LuatIpState.ConnectOk, LuatIpEvent.Closing, LuatIpState.Closing),
        new(LuatIpState.ConnectOk, LuatIpEvent.Closed, LuatIpState.Closed),
        new(LuatIpState.Closing, LuatIpEvent.Closed, LuatIpState.Closed),
        new(LuatIpState.Closed, LuatIpEvent.Opening, LuatIpState.Connecting),
        .. Losses(
            LuatIpState.IpConfig, LuatIpState.IpGprsAct, LuatIpState.IpStatus, LuatIpState.Connecting,
            LuatIpState.ConnectOk, LuatIpState.Closing, LuatIpState.Closed),
    ];

    /// <summary>With <c>AT+CIPMUX=1</c>.</summary>
    public static IReadOnlyList<LuatIpTransition> Multiple { get; } =
    [
        .. UpToAddress,
        new(LuatIpState.IpStatus, LuatIpEvent.Opening, LuatIpState.IpProcessing),
        new(LuatIpState.IpProcessing, LuatIpEvent.OpenFailed, LuatIpState.IpStatus),
        new(LuatIpState.IpProcessing, LuatIpEvent.Closed, LuatIpState.IpStatus),
        .. Losses(LuatIpState.IpConfig, LuatIpState.IpGprsAct, LuatIpState.IpStatus, LuatIpState.IpProcessing),
    ];

    /// <summary>What an event does in a state.</summary>
    public static LuatIpState Next(ConnectionMode mode, LuatIpState state, LuatIpEvent happened)
    {
        if (happened == LuatIpEvent.Shut)
        {
            return LuatIpState.IpInitial;
        }

        foreach (var row in mode == ConnectionMode.Multiple ? Multiple : Single)
        {
            if (row.From == state && row.Event == happened)
            {
                return row.To;
            }
        }

        return state;
    }

    /// <summary>The state that the module prints; <see cref="LuatIpState.Unknown"/> for what it never should.</summary>
    public static LuatIpState Read(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("IP INITIAL"u8) ? LuatIpState.IpInitial
        : text.SequenceEqual("IP START"u8) ? LuatIpState.IpStart
        : text.SequenceEqual("IP CONFIG"u8) ? LuatIpState.IpConfig
        : text.SequenceEqual("IP GPRSACT"u8) ? LuatIpState.IpGprsAct
        : text.SequenceEqual("IP STATUS"u8) ? LuatIpState.IpStatus
        : text.SequenceEqual("TCP CONNECTING"u8) || text.SequenceEqual("UDP CONNECTING"u8) ? LuatIpState.Connecting
        : text.SequenceEqual("CONNECT OK"u8) ? LuatIpState.ConnectOk
        : text.SequenceEqual("TCP CLOSING"u8) || text.SequenceEqual("UDP CLOSING"u8) ? LuatIpState.Closing
        : text.SequenceEqual("TCP CLOSED"u8) || text.SequenceEqual("UDP CLOSED"u8) ? LuatIpState.Closed
        : text.SequenceEqual("IP PROCESSING"u8) ? LuatIpState.IpProcessing
        : text.SequenceEqual("PDP DEACT"u8) ? LuatIpState.PdpDeact
        : LuatIpState.Unknown;

    private static IEnumerable<LuatIpTransition> Losses(params LuatIpState[] states) =>
        states.Select(state => new LuatIpTransition(state, LuatIpEvent.ContextLost, LuatIpState.PdpDeact));
}
