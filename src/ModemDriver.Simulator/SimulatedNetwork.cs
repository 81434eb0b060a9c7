using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator;

/// <summary>Where the module's links lead: <see cref="HostNetwork"/> or <see cref="InMemoryNetwork"/>.</summary>
public abstract class SimulatedNetwork
{
    private protected SimulatedNetwork()
    {
    }

    /// <summary>How long an unanswered connect takes to fail. Default: 18 s, three tries of a SYN.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>How long an unanswered name query takes to fail. Default: 10 s.</summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an unanswered ping takes to fail. Default: 5 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens a TCP connection.</summary>
    /// <exception cref="NetworkException">Refused, or the deadline has passed.</exception>
    internal abstract Task<NetworkConnection> ConnectAsync(
        IPEndPoint remote, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Starts a server of the module.</summary>
    /// <exception cref="NetworkException">The port cannot be had.</exception>
    internal abstract NetworkListener Listen(ListenRequest request);

    /// <summary>Opens a UDP socket of the module.</summary>
    /// <param name="address">The module's; it says of which IP version the socket is.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <exception cref="NetworkException">The port is taken.</exception>
    internal abstract NetworkDatagrams OpenDatagrams(IPAddress address, int port);

    /// <summary>Finds the address of a name.</summary>
    /// <param name="name">Of a host.</param>
    /// <param name="time">For the deadline.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="family">The version of IP.</param>
    /// <exception cref="NetworkException">There is none, or the deadline has passed.</exception>
    internal abstract Task<IPAddress> ResolveAsync(
        string name,
        TimeProvider time,
        CancellationToken cancellationToken,
        AddressFamily family = AddressFamily.InterNetwork);

    /// <summary>Asks for an echo; <see langword="null"/> when none came before the deadline.</summary>
    internal abstract Task<TimeSpan?> PingAsync(
        IPAddress address, TimeProvider time, CancellationToken cancellationToken);
}
