using ModemDriver.Framing;

namespace ModemDriver.Dialects.Luat;

/// <summary>How the module has been set to hand over what arrives. The vendor's AT manual, AT+CIPRXGET, AT+CIPHEAD.</summary>
/// <remarks>
/// <code>
/// +CIPRXGET: 2,&lt;n&gt;,&lt;got&gt;,&lt;left&gt;     and a line end: fetched, multiple mode
/// +CIPRXGET: 2,&lt;got&gt;,&lt;left&gt;         fetched, single mode
/// +RECEIVE,&lt;n&gt;,&lt;len&gt;:              and a line end that may be missing: pushed, multiple mode
/// +IPD,&lt;len&gt;[,&lt;TCP|UDP&gt;]:          pushed, single mode, with AT+CIPHEAD=1
/// </code>
/// </remarks>
internal sealed class LuatReceiving
{
    private readonly PayloadHeader _fetchedNumbered =
        new("+CIPRXGET: 2,", countField: 1, HeaderEnding.LineEnd, linkField: 0, maxPayload: MaxPayload, leftField: 2);

    private readonly PayloadHeader _fetched =
        new("+CIPRXGET: 2,", countField: 0, HeaderEnding.LineEnd, maxPayload: MaxPayload, leftField: 1);

    /// <summary>The most that the module gives or pushes at a time, in bytes.</summary>
    public const int MaxPayload = 1460;

    /// <summary>Whether the module can keep what arrives until it is fetched.</summary>
    public bool CanKeep { get; private set; } = true;

    /// <summary>Whether the user wants everything pushed.</summary>
    public bool WantsPush { get; set; }

    /// <summary>Whether the module keeps what arrives.</summary>
    public bool IsPassive => CanKeep && !WantsPush;

    /// <summary>The module has refused to keep anything.</summary>
    public void FallBackToPush() => CanKeep = false;

    /// <summary>The header of fetched data.</summary>
    public PayloadHeader Fetched(ConnectionMode mode) => mode == ConnectionMode.Multiple ? _fetchedNumbered : _fetched;

    /// <summary>The headers of pushed data.</summary>
    public static PayloadHeader[] Pushed(ConnectionMode mode) =>
        mode == ConnectionMode.Multiple ? PushedNumbered : [NewUnnumbered()];

    /// <summary>The headers of multiple mode.</summary>
    public static PayloadHeader[] PushedNumbered =>
    [
        new("+RECEIVE,", countField: 1, HeaderEnding.ColonAndOptionalLineEnd, linkField: 0, maxPayload: MaxPayload),

        // Right behind the prompt the first two signs have been seen to be missing.
        new("ECEIVE,", countField: 1, HeaderEnding.ColonAndOptionalLineEnd, linkField: 0, maxPayload: MaxPayload),
    ];

    private static PayloadHeader NewUnnumbered() =>
        new("+IPD,", countField: 0, HeaderEnding.Colon, maxPayload: MaxPayload);
}
