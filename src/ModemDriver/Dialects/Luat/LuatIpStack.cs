using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>What is known of the module's IP stack: its mode, its state, and whether it is to have an address.</summary>
/// <remarks>
/// Moved by the results of our commands, by notices, and by what <c>AT+CIPSTATUS</c> prints. Nothing depends on it but
/// whether <c>AT+CIPSHUT</c> is needed: one too many costs half a second, and ends what has ended.
/// </remarks>
internal sealed class LuatIpStack
{
    private readonly HashSet<int> _links = [];

    /// <summary>The connection mode that was set last.</summary>
    public ConnectionMode Mode { get; private set; } = ConnectionMode.Single;

    /// <summary>Where the stack stands.</summary>
    public LuatIpState State { get; private set; }

    /// <summary>
    /// Whether the stack was given an address that was not given back: a change of the mode has to bring it back.
    /// </summary>
    public bool IsWanted { get; set; }

    /// <summary>Whether the modes can be set now.</summary>
    public bool IsInitial => State == LuatIpState.IpInitial;

    /// <summary>Whether the module's own MQTT is in use, which has the words of links.</summary>
    public bool IsMqttInUse { get; set; }

    /// <summary>Refuses a link whose words could not be told from those of the module's own MQTT.</summary>
    /// <exception cref="InvalidOperationException">It is in use, and links have no numbers.</exception>
    public void ThrowIfWordsAreTaken(ConnectionMode mode)
    {
        if (mode == ConnectionMode.Single && IsMqttInUse)
        {
            throw new InvalidOperationException(
                "In single mode this module has the same words for a link and for its MQTT, which is in use; close it, or use multiple mode.");
        }
    }

    /// <summary>Something has happened.</summary>
    public void Apply(LuatIpEvent happened)
    {
        if (happened is LuatIpEvent.Shut or LuatIpEvent.ContextLost)
        {
            _links.Clear();
        }

        State = LuatIpStates.Next(Mode, State, happened);
    }

    /// <summary>A link is being opened.</summary>
    public void OnOpening(int linkId)
    {
        _links.Add(linkId);
        Apply(LuatIpEvent.Opening);
    }

    /// <summary>A link has ended; with the last one the stack moves.</summary>
    public void OnEnded(int linkId, LuatIpEvent how)
    {
        if (_links.Remove(linkId) && _links.Count == 0)
        {
            Apply(how);
        }
    }

    /// <summary>The mode was set.</summary>
    public void OnMode(ConnectionMode mode) => Mode = mode;

    /// <summary>The module has printed its state.</summary>
    public void OnPrinted(LuatIpState state) => State = state != LuatIpState.Unknown ? state : State;

    /// <summary>The module has said something of its own.</summary>
    public void OnNotice(in ModuleNotice notice)
    {
        switch (notice.Kind)
        {
            case NoticeKind.PacketDataLost:
                Apply(LuatIpEvent.ContextLost);
                break;
            case NoticeKind.LinkConnected:
                Apply(LuatIpEvent.Opened);
                break;
            case NoticeKind.LinkConnectFailed:
                OnEnded(notice.LinkId, LuatIpEvent.OpenFailed);
                break;
            case NoticeKind.LinkClosed:
                OnEnded(notice.LinkId, LuatIpEvent.Closed);
                break;
        }
    }
}

/// <summary>A command that moves the module's IP stack.</summary>
/// <param name="line">What is sent.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="done">Told, in order with the wire, whether it has succeeded.</param>
internal sealed class LuatStackCommand(CommandLine line, TimeSpan timeLimit, Action<bool> done)
    : AtCommand(line, timeLimit)
{
    private IReadOnlyList<ResultCode> _codes = [];

    /// <summary>Result codes of this command alone.</summary>
    public IReadOnlyList<ResultCode> Codes
    {
        init => _codes = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => _codes;

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result) => done(result.IsSuccess);
}
