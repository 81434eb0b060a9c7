using System.Net;

namespace ModemDriver.Simulator.Network;

/// <summary>A server of the module.</summary>
internal abstract class NetworkListener
{
    /// <summary>The next connection.</summary>
    /// <exception cref="NetworkException">The listener was closed.</exception>
    internal abstract ValueTask<NetworkConnection> AcceptAsync(CancellationToken cancellationToken);

    /// <summary>Stops listening; connections live on.</summary>
    internal abstract void Close();
}

/// <summary>What a server of the module wants.</summary>
/// <param name="Port">The port that the module knows.</param>
/// <param name="Addresses">The addresses at which the module can be reached, at the moment of the call.</param>
/// <param name="IsIPv6">Of which version of IP it is.</param>
internal sealed record ListenRequest(int Port, Func<IReadOnlyList<IPAddress>> Addresses, bool IsIPv6 = false);
