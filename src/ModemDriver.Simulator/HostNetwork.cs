using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator;

/// <summary>The sockets, the resolver and the ping of this machine: a link reaches a real server.</summary>
public sealed class HostNetwork : SimulatedNetwork
{
    internal override async Task<NetworkConnection> ConnectAsync(
        IPEndPoint remote, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
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

    internal override NetworkDatagrams OpenDatagrams(IPAddress address, int port) => new SocketDatagrams(port);

    internal override async Task<IPAddress> ResolveAsync(
        string name, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ResolveTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork, either.Token);
            return found.Length > 0 ? found[0] : throw new NetworkException($"{name} has no IPv4 address.");
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
