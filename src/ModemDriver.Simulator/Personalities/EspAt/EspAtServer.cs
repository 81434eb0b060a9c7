using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The one server of the module: it takes connections, gives them link numbers, and drops idle ones.</summary>
internal sealed class EspAtServer(EspAtModule module)
{
    // How often an idle link looks at AT+CIPSTO, which may change meanwhile.
    private static readonly TimeSpan IdleStep = TimeSpan.FromSeconds(1);

    private NetworkListener? _listener;
    private bool _isExhausted;

    internal int Port { get; private set; }

    /// <summary>TCP, or SSL, perhaps with v6 behind it.</summary>
    internal string Type { get; private set; } = LinkRequest.Tcp;

    /// <summary>Whether clients must show a certificate.</summary>
    internal bool RequiresClient { get; private set; }

    internal bool IsRunning => _listener is not null;

    private ModuleHost Host => module.Host;

    private int AcceptedCount => module.Links.Open.Count(link => link.IsAccepted);

    /// <summary>False when the port cannot be had.</summary>
    internal bool TryStart(int port, string type, bool requiresClient)
    {
        try
        {
            (Port, Type, RequiresClient) = (port, type, requiresClient);
            NetworkListener listener = Host.Options.Network.Listen(
                new ListenRequest(port, Addresses, LinkRequest.IsIPv6(type)));
            _listener = listener;
            _isExhausted = false;
            CancellationToken life = module.Life;
            Host.Loop.StartHere(() => AcceptAsync(listener, life));
            return true;
        }
        catch (NetworkException taken)
        {
            Host.Trace("! " + taken.Message);
            return false;
        }
    }

    /// <summary>Stops listening; accepted links stay.</summary>
    internal void Stop()
    {
        _listener?.Close();
        _listener = null;
    }

    /// <summary>Asked by the network, from any thread.</summary>
    private IReadOnlyList<IPAddress> Addresses()
    {
        if (LinkRequest.IsIPv6(Type))
        {
            return [.. module.IPv6.Addresses.Select(own => own.Address)];
        }

        IPAddress? station = module.Station.Address;
        return (station, module.SoftAp.IsUp) switch
        {
            (null, false) => [],
            (null, true) => [module.SoftApAddress],
            (not null, false) => [station],
            _ => [station, module.SoftApAddress],
        };
    }

    private async Task AcceptAsync(NetworkListener listener, CancellationToken life)
    {
        try
        {
            while (true)
            {
                NetworkConnection connection = await listener.AcceptAsync(life);
                if (life.IsCancellationRequested || Addresses().Count == 0)
                {
                    connection.Abort();
                    life.ThrowIfCancellationRequested();
                    continue;
                }

                if (LinkRequest.ProtocolOf(Type) == LinkRequest.Ssl)
                {
                    Host.Loop.StartHere(() => AcceptTlsAsync(connection, life));
                }
                else
                {
                    Accepted(connection);
                }
            }
        }
        catch (NetworkException closed)
        {
            Host.Trace("! the server has stopped: " + closed.Message);
        }
    }

    private async Task AcceptTlsAsync(NetworkConnection connection, CancellationToken life)
    {
        if (await module.Tls.AcceptAsync(connection, RequiresClient, life) is NetworkConnection secured)
        {
            if (life.IsCancellationRequested)
            {
                secured.Abort();
                return;
            }

            Accepted(secured);
        }
    }

    private void Accepted(NetworkConnection connection)
    {
        bool isFull = AcceptedCount >= module.Settings.MaxAccepted;
        if (_isExhausted || isFull || module.Links.FreeId(lowest: true) is not int id)
        {
            // The peer sees a connection that is closed at once.
            connection.Close();
            module.Respond.Log("connect reach max");
            _isExhausted |= isFull && module.Switches[LinkSwitches.ServerLimit] == "stops";
            return;
        }

        bool isShown = !module.Transparent.IsActive || module.Transparent.ShowsStateTexts;
        EspAtLink link = module.Links.Accept(id, connection, Type, isShown);
        module.Transparent.Accepted(link);
        Host.Loop.StartHere(() => WatchIdleAsync(link));
    }

    /// <summary>AT+CIPSTO: without traffic from the peer the link is closed.</summary>
    private async Task WatchIdleAsync(EspAtLink link)
    {
        while (!link.IsClosed)
        {
            TimeSpan left = TimeSpan.FromSeconds(module.Settings.IdleTimeout) - Host.Clock.Since(link.HeardAt);
            bool isEndless = module.Settings.IdleTimeout == 0;
            if (!isEndless && left <= TimeSpan.Zero)
            {
                Host.Trace(WireText.Format($"! link {link.Id} is idle"));
                module.Links.Close(link);
                return;
            }

            await Host.Clock.WaitAsync(isEndless || left > IdleStep ? IdleStep : left, link.Life);
        }
    }
}
