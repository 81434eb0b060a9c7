using ModemDriver.Diagnostics;

namespace ModemDriver.Links;

/// <content>What is told of a link to those who measure.</content>
internal sealed partial class Link
{
    private bool _wasCountedOpen;
    private bool _peerHasClosed;

    /// <summary>What the modem measures; <see langword="null"/> for a link of no modem.</summary>
    public ModemMetrics? Metrics { get; init; }

    /// <summary>It has come up.</summary>
    public void CountOpened()
    {
        _wasCountedOpen = true;
        Metrics?.CountLinkOpened(MetricText<LinkKind>.Of(Kind), IsAccepted);
    }
}
