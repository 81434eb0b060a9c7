using System.Net;
using ModemDriver.Links;

namespace ModemDriver.Lifecycle;

/// <summary>UDP links: what they may need besides the link itself.</summary>
internal sealed partial class ModemRunner
{
    private const string AnyPeer = "0.0.0.0";

    /// <summary>Opens a UDP link.</summary>
    public async Task<(Link Link, DatagramQueue Received)> OpenUdpAsync(
        UdpRequest request, CancellationToken cancellationToken)
    {
        var dialect = Require(ModemFeature.Udp);
        if (dialect.Links?.Udp is not { } commands)
        {
            throw NotSupported(dialect, ModemFeature.Udp);
        }

        if (request.Allocation == LinkIdAllocation.ModuleAssigned)
        {
            Require(ModemFeature.ModuleAssignedLinkId);
        }

        RequireIf(request.PeerMode != UdpPeerMode.Fixed || request.Host == AnyPeer, ModemFeature.UdpAnyPeer);
        LinkSet.RefuseToLoseBorders(commands, request.Allocation);
        ThrowIfNotOnline(request.EndPoint);

        // Once, and not by the module for each datagram; some firmware takes addresses only.
        var address = await ResolveAsync(request.Host, cancellationToken);
        return await Links.OpenUdpAsync(request with { Host = address }, cancellationToken);
    }

    /// <summary>Refuses a datagram to others than a link's own peer where the module has no way to send it.</summary>
    /// <exception cref="FeatureNotSupportedException">It has none.</exception>
    public void RequirePeer(Link link, string address, int port) => RequireIf(
        link.State == LinkState.Open && link.EndPoint != new UdpRequest(address, port).EndPoint, ModemFeature.UdpAnyPeer);

    /// <summary>The address of a host, as text. An address is not asked for.</summary>
    /// <exception cref="LinkException">The name was not found.</exception>
    public async Task<string> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out _))
        {
            return host;
        }

        var resolve = Require(d => d.Services, ModemFeature.NameResolution).Resolve(host);
        var result = await Channel.ExecuteAsync(resolve, cancellationToken);
        return result.IsSuccess && resolve.Answer is { } address
            ? address.ToString()
            : throw new LinkException(
                LinkFailure.NameNotFound, null, host, $"The module did not find the name {host}: it answered {result.Text}.")
            {
                Port = PortName,
            };
    }
}
