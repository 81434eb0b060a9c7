using System.Net;
using ModemDriver.Commands;

namespace ModemDriver.Cellular;

/// <summary>
/// How the IP stack of a registered module gets its address and gives it back: what a dialect must supply. All are built
/// anew for each use.
/// </summary>
/// <remarks>The caller has seen to SIM, registration and attach before.</remarks>
internal interface IPacketDataCommands
{
    /// <summary>Takes over the access point for every activation from now on, also those that a change of the connection
    /// mode needs.</summary>
    /// <param name="apn"><see langword="null"/>: the one that the network chooses.</param>
    void Choose(ApnOptions? apn);

    /// <summary>Ends whatever is active, in whatever state; links end with it. Refusals mean nothing.</summary>
    IReadOnlyList<AtCommand> Deactivate();

    /// <summary>Activates; run in order from the deactivated state, all must succeed.</summary>
    IReadOnlyList<AtCommand> Activate();

    /// <summary>Asks for the address; <see langword="null"/> while nothing is active. A refusal means the same.</summary>
    QueryCommand<IPAddress?> ReadAddress();
}
