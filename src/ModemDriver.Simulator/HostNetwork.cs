using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator;

/// <summary>The sockets, the resolver and the ping of this machine: a link reaches a real server, and a server of the
/// module is a listening socket on the loopback address, 127.0.0.1 or ::1.</summary>
public sealed class HostNetwork : SimulatedNetwork
{
    private const int FirstUnprivilegedPort = 1024;

    private readonly Lock _gate = new();
    private readonly List<ModuleListener> _listeners = [];

    /// <summary>Which real port on the loopback address (value; 0 for any free one) stands for a port of the module
    /// (key), 1 to 65,535. A port that is not here, the default for all, stands for itself when it is 1024 or more and
    /// free, else for a free one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A port is out of its range.</exception>
    public IReadOnlyDictionary<int, int> ListenPorts
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach ((int modulePort, int port) in value)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(modulePort, 1, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(modulePort, 65_535, nameof(value));
                ArgumentOutOfRangeException.ThrowIfLessThan(port, 0, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65_535, nameof(value));
            }

            field = value;
        }
    } = new Dictionary<int, int>();

    /// <summary>Told, on the module's loop, that a server of the module has started. Must not block, must not throw.
    /// Default: <see langword="null"/>.</summary>
    public Action<ModuleListener>? Listening { get; init; }

    /// <summary>The servers of modules that are running now, in the order in which they started.</summary>
    public IReadOnlyList<ModuleListener> Listeners
    {
        get
        {
            lock (_gate)
            {
                return [.. _listeners];
            }
        }
    }

    internal override async Task<NetworkConnection> ConnectAsync(
        IPEndPoint remote, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(remote, either.Token);
            return new SocketConnection(socket);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            socket.Dispose();
            throw new NetworkException($"No answer from {remote} within {ConnectTimeout}.");
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new NetworkException($"{remote} cannot be reached.", refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal override NetworkListener Listen(ListenRequest request)
    {
        ModuleListener? told = null;
        SocketListener listener = Bind(request, () => Forget(told));
        told = new ModuleListener(request.Port, listener.Port);
        lock (_gate)
        {
            _listeners.Add(told);
        }

        Listening?.Invoke(told);
        return listener;
    }

    internal override NetworkDatagrams OpenDatagrams(IPAddress address, int port) =>
        new SocketDatagrams(address.AddressFamily, port);

    private SocketListener Bind(ListenRequest request, Action closed)
    {
        int modulePort = request.Port;
        IPAddress loopback = request.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        bool isMapped = ListenPorts.TryGetValue(modulePort, out int port);
        try
        {
            port = isMapped ? port : modulePort >= FirstUnprivilegedPort ? modulePort : 0;
            return new SocketListener(modulePort, new IPEndPoint(loopback, port), closed);
        }
        catch (SocketException) when (!isMapped && port != 0)
        {
            return new SocketListener(modulePort, new IPEndPoint(loopback, 0), closed);
        }
        catch (SocketException taken)
        {
            throw new NetworkException($"Port {port} of this machine cannot be had.", taken);
        }
    }

    private void Forget(ModuleListener? listener)
    {
        lock (_gate)
        {
            _ = _listeners.RemoveAll(each => ReferenceEquals(each, listener));
        }
    }

    internal override async Task<IPAddress> ResolveAsync(
        string name, TimeProvider time, CancellationToken cancellationToken, AddressFamily family)
    {
        using var deadline = new CancellationTokenSource(ResolveTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(name, family, either.Token);
            return found.Length > 0 ? found[0] : throw new NetworkException($"{name} has no address of {family}.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new NetworkException($"No address of {name} within {ResolveTimeout}.");
        }
        catch (SocketException unknown)
        {
            throw new NetworkException($"{name} is not known.", unknown);
        }
    }

    internal override async Task<TimeSpan?> PingAsync(
        IPAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        using var ping = new Ping();
        try
        {
            PingReply reply = await ping.SendPingAsync(
                address, PingTimeout, cancellationToken: cancellationToken).WaitAsync(
                PingTimeout, time, cancellationToken);
            return reply.Status == IPStatus.Success ? TimeSpan.FromMilliseconds(reply.RoundtripTime) : null;
        }
        catch (Exception unanswered) when (unanswered is PingException or TimeoutException)
        {
            return null;
        }
    }
}
