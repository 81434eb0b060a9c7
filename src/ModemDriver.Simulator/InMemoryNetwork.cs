using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
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
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly DatagramExchange _datagrams = new();
    private int _nextLocalPort = 54_010;

    /// <summary>Runs servers and the continuations of peers. Default: the thread pool.</summary>
    public PipeScheduler Scheduler { get; init; } = PipeScheduler.ThreadPool;

    /// <summary>What a direction of a connection holds before its sender waits. Default: 16,384 bytes.</summary>
    public int WindowBytes { get; init; } = 16 * 1024;

    /// <summary>What an echo takes. Default: 4 ms.</summary>
    public TimeSpan PingTime { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Exceptions that left a server; its connection was reset.</summary>
    public IReadOnlyCollection<Exception> ServerFailures => _failures;

    /// <summary>Starts a server.</summary>
    /// <param name="address">An IPv4 address in dots.</param>
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
    /// <param name="address">An IPv4 address in dots.</param>
    /// <param name="port">1 to 65,535.</param>
    public InMemoryListener Listen(string address, int port)
    {
        var listener = new InMemoryListener();
        Serve(address, port, listener.OfferAsync);
        return listener;
    }

    /// <summary>Stops a server: new connections are refused, old ones live on.</summary>
    /// <param name="address">An IPv4 address in dots.</param>
    /// <param name="port">1 to 65,535.</param>
    public void Refuse(string address, int port)
    {
        _ = _servers.TryRemove(EndPoint(address, port), out _);
        _ = _blackHoles.TryRemove(EndPoint(address, port), out _);
    }

    /// <summary>Connections to this end point get no answer at all.</summary>
    /// <param name="address">An IPv4 address in dots.</param>
    /// <param name="port">1 to 65,535.</param>
    public void BlackHole(string address, int port) => _blackHoles[EndPoint(address, port)] = true;

    /// <summary>A host that answers an echo, though it serves nothing.</summary>
    /// <param name="address">An IPv4 address in dots.</param>
    public void AddHost(string address) => _hosts[IPAddress.Parse(address)] = true;

    /// <summary>Gives a host name an address.</summary>
    /// <param name="name">Letters are compared without case.</param>
    /// <param name="address">An IPv4 address in dots.</param>
    public void AddName(string name, string address) => _names[name] = IPAddress.Parse(address);

    internal override async Task<NetworkConnection> ConnectAsync(
        IPEndPoint remote, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_blackHoles.ContainsKey(remote))
        {
            await Task.Delay(ConnectTimeout, time, cancellationToken);
            throw new NetworkException($"No answer from {remote} within {ConnectTimeout}.");
        }

        if (!_servers.TryGetValue(remote, out Func<InMemoryPeer, Task>? server))
        {
            throw new NetworkException($"{remote} refuses.");
        }

        var local = new IPEndPoint(IPAddress.Any, Interlocked.Increment(ref _nextLocalPort));
        var connection = new InMemoryConnection(local, remote, Scheduler, WindowBytes);
        Scheduler.Schedule(_ => _ = RunAsync(server, connection.Peer), null);
        return connection;
    }

    /// <summary>Opens a UDP socket for a peer of the module.</summary>
    /// <param name="address">An IPv4 address in dots.</param>
    /// <param name="port">1 to 65,535, or 0 for a free one.</param>
    /// <exception cref="IOException">The end point is taken.</exception>
    public InMemoryDatagramPeer OpenDatagrams(string address, int port) =>
        _datagrams.Open(IPAddress.Parse(address), port);

    internal override NetworkDatagrams OpenDatagrams(IPAddress address, int port) =>
        new InMemoryDatagramSocket(_datagrams.Open(address, port));

    internal override Task<IPAddress> ResolveAsync(
        string name, TimeProvider time, CancellationToken cancellationToken) =>
        _names.TryGetValue(name, out IPAddress? address)
            ? Task.FromResult(address)
            : Task.FromException<IPAddress>(new NetworkException($"{name} is not known."));

    internal override async Task<TimeSpan?> PingAsync(
        IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        bool answers = _hosts.ContainsKey(address);
        await Task.Delay(answers ? PingTime : PingTimeout, time, cancellationToken);
        return answers ? PingTime : null;
    }

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
