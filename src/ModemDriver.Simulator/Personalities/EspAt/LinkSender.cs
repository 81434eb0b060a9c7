using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Hands payload to the network, within the send timeout of the link.</summary>
internal sealed class LinkSender(EspAtModule module)
{
    private ModuleHost Host => module.Host;

    /// <summary>False when the link is lost, or the network has not taken it in time.</summary>
    /// <param name="link">Which link.</param>
    /// <param name="data">All of it, or nothing that is known.</param>
    /// <param name="remote">Whom else to send a datagram to; <see langword="null"/> for the link's own peer.</param>
    internal async Task<bool> TrySendAsync(EspAtLink link, ReadOnlyMemory<byte> data, IPEndPoint? remote = null)
    {
        if (link.IsClosed || (link.KeepsBorders && !module.Opener.HasAddress(link.Connection.Remote.AddressFamily)))
        {
            return false;
        }

        int timeout = module.Settings.Current.TcpOptions[link.Id].SendTimeout;
        using var deadline = timeout > 0
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), Host.Clock.Provider)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, link.Life);
        try
        {
            await (remote is not null && link.Connection is DatagramLink datagrams
                ? datagrams.SendAsync(data, remote, either.Token)
                : link.Connection.SendAsync(data, either.Token));
            return true;
        }
        catch (NetworkException failure)
        {
            Host.Trace($"! link {link.Id}: {failure.Message}");
            return false;
        }
        catch (OperationCanceledException)
        {
            // The link was lost meanwhile, or the stack took too long; a reset of the module is the caller's matter.
            return false;
        }
    }
}
