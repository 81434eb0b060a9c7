using ModemDriver.Framing;
using ModemDriver.Links;

namespace ModemDriver.Dialects.EspAt;

/// <summary>How the module has been set to hand over what arrives; it decides the form of the headers.</summary>
/// <remarks>
/// <code>
/// +CIPRECVDATA,&lt;n&gt;:&lt;data&gt;                        NonOS, whatever AT+CIPDINFO says
/// +CIPRECVDATA:&lt;n&gt;,&lt;data&gt;                        ESP-AT
/// +CIPRECVDATA:&lt;n&gt;,"&lt;address&gt;",&lt;port&gt;,&lt;data&gt;     ESP-AT with AT+CIPDINFO=1
/// </code>
/// </remarks>
internal sealed class EspAtReceiving(EspAtFirmware firmware)
{
    private readonly bool _isNonOs = firmware.Generation == EspAtGeneration.NonOs;
    private readonly HashSet<int> _pushed = [];
    private readonly PayloadHeader _plain = firmware.Generation == EspAtGeneration.NonOs
        ? new PayloadHeader("+CIPRECVDATA,", countField: 0, HeaderEnding.Colon)
        : new PayloadHeader("+CIPRECVDATA:", countField: 0, HeaderEnding.CommaAfterCount);

    private readonly PayloadHeader _withSender =
        new("+CIPRECVDATA:", countField: 0, HeaderEnding.CommaAfterCount, senderField: 1);

    /// <summary>Whether the module can keep what arrives until it is fetched.</summary>
    public bool CanKeep { get; private set; } = EspAtFeatures.Has(firmware, ModemFeature.PassiveReceive);

    /// <summary>Whether the user wants everything pushed.</summary>
    public bool WantsPush { get; set; }

    /// <summary>Whether received data says from whom it is.</summary>
    public bool ShowsSenders { get; set; }

    /// <summary>The header of fetched data, as the module is set now.</summary>
    public PayloadHeader Fetched => ShowsSenders && !_isNonOs ? _withSender : _plain;

    /// <summary>The module has refused to keep anything.</summary>
    public void FallBackToPush() => CanKeep = false;

    /// <summary>Whether it keeps what arrives on a link. NonOS keeps nothing but TCP.</summary>
    public bool IsPassive(LinkKind kind, int? linkId) =>
        CanKeep && !WantsPush && (kind == LinkKind.Tcp || !_isNonOs) && (linkId is not { } id || !_pushed.Contains(id));

    /// <summary>Whether a number was set to be pushed, by itself.</summary>
    public bool IsPushed(int linkId) => _pushed.Contains(linkId);

    /// <summary>A number has been set, by itself.</summary>
    public void SetPushed(int linkId, bool isPushed)
    {
        if (isPushed)
        {
            _pushed.Add(linkId);
        }
        else
        {
            _pushed.Remove(linkId);
        }
    }
}
