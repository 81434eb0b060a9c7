using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>The connection to the network that the module's own services use, beside its stack for links.</summary>
internal interface IBearerCommands
{
    /// <summary>Asks whether it is open.</summary>
    QueryCommand<bool> ReadIsOpen();

    /// <summary>Opens it; a refusal of the last one may mean that it was open.</summary>
    /// <param name="apn">By which access point; null: the network's choice.</param>
    IReadOnlyList<AtCommand> Open(ApnOptions? apn);
}
