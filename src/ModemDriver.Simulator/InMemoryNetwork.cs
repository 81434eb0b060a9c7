using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator;

/// <summary>A network inside the process: servers are delegates. What nobody serves refuses. Its members may be called
/// from any thread.</summary>
public sealed class InMemoryNetwork : SimulatedNetwork
{
    private readonly ConcurrentDictionary<IPEndPoint, Func<InMemoryPeer, Task>> _servers = new();
    private readonly ConcurrentDictionary<IPEndPoint, bool> _blackHoles = new();
    private readonly ConcurrentDictionary<IPAddress, bool> _hosts = new();
    private readonly ConcurrentDictionary<string, IPAddress> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, IPAddress> _names6 = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentDictionary<InMemoryModuleListener, bool> _listeners = new();
    private readonly DatagramExchange _datagrams = new();
    // Local ports go round within the ephemeral ones, as far as this network uses them.
    private const int FirstLocalPort = 54_011;
    private const int LocalPorts = IPEndPoint.MaxPort - FirstLocalPort + 1;

    private uint _localPorts;

    /// <summary>Runs servers and the continuations of peers. Default: the thread pool.</summary>
    public PipeScheduler Scheduler { get; init; } = PipeScheduler.ThreadPool;

    /// <summary>What a direction of a connection holds before its sender waits. Default: 16,384 bytes.</summary>
    public int WindowBytes { get; init; } = 16 * 1024;

    /// <summary>What an echo takes. Default: 4 ms.</summary>
    public TimeSpan PingTime { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Exceptions that left a server; its connection was reset.</summary>
    public IReadOnlyCollection<Exception> ServerFailures => _failures;

    /// <summary>Starts a server.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">1 to 65,535.</param>
    /// <param name="server">Called for each connection. When it ends, the connection is closed.</param>
    public void Serve(string address, int port, Func<InMemoryPeer, Task> server)
    {
        ArgumentNullException.ThrowIfNull(server);
        IPEndPoint local = EndPoint(address, port);
        _hosts[local.Address] = true;
        _servers[local] = server;
    }

    /// <summary>Starts a server whose connections are taken one by one.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">1 to 65,535.</param>
    public InMemoryListener Listen(string address, int port)
    {
        var listener = new InMemoryListener();
        Serve(address, port, listener.OfferAsync);
        return listener;
    }

    /// <summary>Stops a server: new connections are refused, old ones live on.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">1 to 65,535.</param>
    public void Refuse(string address, int port)
    {
        _ = _servers.TryRemove(EndPoint(address, port), out _);
        _ = _blackHoles.TryRemove(EndPoint(address, port), out _);
    }

    /// <summary>Connections to this end point get no answer at all.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">1 to 65,535.</param>
    public void BlackHole(string address, int port) => _blackHoles[EndPoint(address, port)] = true;

    /// <summary>A host that answers an echo, though it serves nothing.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    public void AddHost(string address) => _hosts[IPAddress.Parse(address)] = true;

    /// <summary>Gives a host name an address; it may have one of each version of IP.</summary>
    /// <param name="name">Letters are compared without case.</param>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    public void AddName(string name, string address)
    {
        var known = IPAddress.Parse(address);
        NamesOf(known.AddressFamily)[name] = known;
    }

    internal override async Task<NetworkConnection> ConnectAsync(
        IPEndPoint remote, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_blackHoles.ContainsKey(remote))
        {
            await Task.Delay(ConnectTimeout, time, cancellationToken);
            throw new NetworkException($"No answer from {remote} within {ConnectTimeout}.");
        }

        var connection = new InMemoryConnection(
            new IPEndPoint(remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, NextPort()),
            remote, Scheduler, WindowBytes);
        if (_servers.TryGetValue(remote, out Func<InMemoryPeer, Task>? server))
        {
            Scheduler.Schedule(_ => _ = RunAsync(server, connection.Peer), null);
        }
        else if (FindListener(remote) is InMemoryModuleListener listener)
        {
            // Another module: it has the peer's end.
            listener.Offer(new StreamConnection(
                connection.Peer, remote, connection.Local, connection.Peer.Reset));
        }
        else
        {
            throw new NetworkException($"{remote} refuses.");
        }

        return connection;
    }

    /// <summary>Connects to a server of a module.</summary>
    /// <param name="address">The module's address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">The port on which it listens.</param>
    /// <param name="from">Who connects. Default: <see langword="null"/>, 192.168.1.50 with a port of its own.</param>
    /// <returns>The client's end; whoever asked for it disposes it.</returns>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public InMemoryPeer Connect(string address, int port, IPEndPoint? from = null)
    {
        IPEndPoint local = EndPoint(address, port);
        InMemoryModuleListener listener = FindListener(local) ?? throw new NetworkException($"{local} refuses.");
        from ??= new IPEndPoint(new IPAddress([192, 168, 1, 50]), NextPort());
        var connection = new InMemoryConnection(local, from, Scheduler, WindowBytes);
        listener.Offer(connection);
        return connection.Peer;
    }

    internal override NetworkListener Listen(ListenRequest request)
    {
        var listener = new InMemoryModuleListener(request, closed => _listeners.TryRemove(closed, out _));
        _listeners[listener] = true;
        return listener;
    }

    /// <summary>Opens a UDP socket for a peer of the module.</summary>
    /// <param name="address">An address, of IPv4 in dots, or of IPv6.</param>
    /// <param name="port">1 to 65,535, or 0 for a free one.</param>
    /// <exception cref="IOException">The end point is taken.</exception>
    public InMemoryDatagramPeer OpenDatagrams(string address, int port) =>
        _datagrams.Open(IPAddress.Parse(address), port);

    internal override NetworkDatagrams OpenDatagrams(IPAddress address, int port) =>
        new InMemoryDatagramSocket(_datagrams.Open(address, port));

    internal override Task<IPAddress> ResolveAsync(
        string name, TimeProvider time, CancellationToken cancellationToken, AddressFamily family) =>
        NamesOf(family).TryGetValue(name, out IPAddress? address)
            ? Task.FromResult(address)
            : Task.FromException<IPAddress>(new NetworkException($"{name} is not known."));

    internal override async Task<TimeSpan?> PingAsync(
        IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        bool answers = _hosts.ContainsKey(address);
        await Task.Delay(answers ? PingTime : PingTimeout, time, cancellationToken);
        return answers ? PingTime : null;
    }

    private ConcurrentDictionary<string, IPAddress> NamesOf(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? _names6 : _names;

    private int NextPort() => FirstLocalPort + (int)((Interlocked.Increment(ref _localPorts) - 1) % LocalPorts);

    private InMemoryModuleListener? FindListener(IPEndPoint local) =>
        _listeners.Keys.FirstOrDefault(listener => listener.Serves(local));

    private static IPEndPoint EndPoint(string address, int port) => new(IPAddress.Parse(address), port);

    private async Task RunAsync(Func<InMemoryPeer, Task> server, InMemoryPeer peer)
    {
        try
        {
            await server(peer);
            await peer.DisposeAsync();
        }
#pragma warning disable CA1031 // A server is the test's own code: what it throws is kept for the test to see.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failures.Enqueue(failure);
            peer.Reset();
        }
    }
}
