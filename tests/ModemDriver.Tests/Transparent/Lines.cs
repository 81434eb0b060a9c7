using ModemDriver.Transport;

namespace ModemDriver.Tests.Transparent;

/// <summary>Control lines that a test reads and sets.</summary>
internal sealed class Lines : IControlLines
{
    public bool IsReady { get; private set; } = true;

    /// <summary>Whether the port has DTR.</summary>
    public bool HasDtr { get; init; } = true;

    /// <summary>DCD as the module has it.</summary>
    public bool? Carrier { get; set; }

    public bool? ClearToSend => null;

    public bool? DataSetReady => null;

    public bool? DataCarrierDetect => Carrier;

    public bool? RingIndicator => null;

    public bool TrySetDataTerminalReady(bool asserted)
    {
        IsReady = HasDtr ? asserted : IsReady;
        return HasDtr;
    }

    public bool TrySetRequestToSend(bool asserted) => false;
}
