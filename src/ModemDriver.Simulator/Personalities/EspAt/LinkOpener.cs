using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Connects: for AT+CIPSTART, and for transparent mode, which connects anew by itself.</summary>
internal sealed class LinkOpener(EspAtModule module)
{
    private ModuleHost Host => module.Host;

    private SimulatedNetwork Network => Host.Options.Network;

    /// <summary>Opens a link with the settings of TLS that its number has.</summary>
    internal Task<(NetworkConnection? Connection, OpenFailure Failure)> OpenAsync(
        LinkRequest request, int id, CancellationToken life) =>
        OpenAsync(request, module.Settings.Current.Tls[id], module.Settings.TlsNames[id], life);

    /// <summary>Finds the name and connects. A connection that comes when the air has gone is no connection.</summary>
    internal async Task<(NetworkConnection? Connection, OpenFailure Failure)> OpenAsync(
        LinkRequest request, TlsPolicy policy, TlsNames names, CancellationToken life)
    {
        IPAddress? address = await ResolveAsync(request.Host, request.Family, life);
        life.ThrowIfCancellationRequested();
        if (address is null)
        {
            return (null, OpenFailure.NoName);
        }

        var remote = new IPEndPoint(address, request.Port);
        NetworkConnection? connection = request.Protocol == LinkRequest.Udp
            ? OpenDatagrams(request, remote)
            : await ConnectAsync(remote, request.Timeout, life);
        OpenFailure failure = connection is null ? OpenFailure.NoAnswer : OpenFailure.None;
        if (connection is NetworkConnection inner && request.Protocol == LinkRequest.Ssl)
        {
            (connection, failure) = await module.Tls.ConnectAsync(inner, request, policy, names, life);
        }

        if (life.IsCancellationRequested || (connection is not null && !HasAddress(request.Family)))
        {
            connection?.Abort(); // The air, or the module itself, went away meanwhile.
            life.ThrowIfCancellationRequested();
            return (null, OpenFailure.NoAnswer);
        }

        return (connection, failure);
    }

    /// <summary>Whether the module has an address of this version of IP.</summary>
    internal bool HasAddress(AddressFamily family) => family == AddressFamily.InterNetworkV6
        ? module.IPv6.Addresses.Count > 0
        : module.Station.HasAddress;

    /// <summary>The address of a name, or what is an address itself; <see langword="null"/> when there is none.</summary>
    internal async Task<IPAddress?> ResolveAsync(string name, AddressFamily family, CancellationToken life)
    {
        if (!HasAddress(family))
        {
            return null;
        }

        if (Known(name, family) is IPAddress known)
        {
            return known;
        }

        try
        {
            return await Network.ResolveAsync(name, Host.Clock.Provider, life, family);
        }
        catch (NetworkException unknown)
        {
            Host.Trace("! " + unknown.Message);
            return null;
        }
    }

    private IPAddress? Known(string name, AddressFamily family)
    {
        bool isAddress = family == AddressFamily.InterNetworkV6
            ? IPAddress.TryParse(name, out IPAddress? address)
            : NameCommands.TryParseAddress(name, out address);
        address = isAddress ? address : Host.Options.World.FindName(name);
        return address?.AddressFamily == family ? address : null;
    }

    private DatagramLink? OpenDatagrams(LinkRequest request, IPEndPoint remote)
    {
        try
        {
            // ResolveAsync has found that there is an address; of IPv6 the global one is the last.
            IPAddress local = remote.AddressFamily == AddressFamily.InterNetworkV6
                ? module.IPv6.Addresses[^1].Address
                : module.Station.Address!;
            NetworkDatagrams socket = Network.OpenDatagrams(local, request.LocalPort);
            if (request.LocalPort != 0)
            {
                module.Respond.Log($"local port:{request.LocalPort}");
                module.Respond.Log($"change type:{request.PeerMode}");
            }

            return new DatagramLink(socket, remote, request.PeerMode);
        }
        catch (NetworkException taken)
        {
            Host.Trace("! " + taken.Message);
            return null;
        }
    }

    private async Task<NetworkConnection?> ConnectAsync(IPEndPoint remote, int timeout, CancellationToken life)
    {
        using var deadline = timeout > 0
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), Host.Clock.Provider)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        try
        {
            return await Network.ConnectAsync(remote, Host.Clock.Provider, either.Token);
        }
        catch (NetworkException failure)
        {
            Host.Trace("! " + failure.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            Host.Trace($"! {remote} did not answer within the timeout of the command");
        }

        return null;
    }
}

/// <summary>Why a link did not come up.</summary>
internal enum OpenFailure
{
    None,

    /// <summary>The name has no address.</summary>
    NoName,

    /// <summary>Refused, unreachable, silent for too long, or not trusted.</summary>
    NoAnswer,

    /// <summary>The peer has closed in the middle of a TLS handshake.</summary>
    ClosedInHandshake,
}
