using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>What AT+CIPSTART does behind its OK.</summary>
internal sealed class LinkOpener(LuatModule module)
{
    private ModuleHost Host => module.Host;

    private SimulatedNetwork Network => Host.Options.Network;

    /// <summary>Connects, and tells the host how that went.</summary>
    /// <param name="link">Its record.</param>
    /// <param name="activates">The shortcut: the context has to come up first.</param>
    internal async Task OpenAsync(LuatLink link, bool activates)
    {
        if (activates && !await module.Stack.ActivateAsync(link.Life))
        {
            link.Life.ThrowIfCancellationRequested();
            link.End(orderly: false);
            module.Stack.Fail();
            SayFailure(link);
            return;
        }

        if (!link.IsDatagram)
        {
            await Host.Clock.WaitAsync(Host.Timings.Cellular.Connect, link.Life); // UDP is a local matter.
        }

        NetworkConnection? connection = await ConnectAsync(link);
        if (link.Life.IsCancellationRequested)
        {
            connection?.Abort(); // It was closed, or the module reset, meanwhile.
            link.Life.ThrowIfCancellationRequested();
        }

        if (connection is null)
        {
            link.End(orderly: false);
            module.Links.AfterFailure();
            SayFailure(link);
            return;
        }

        link.Connection = connection;
        if (module.Ip.IsTransparent)
        {
            module.Input.WhenCommand(() => EnterTransparent(link));
            return;
        }

        module.Links.Connected(link);
        bool isEnded = module.Switches[LuatSwitches.ConnectEnd] == "line-end";
        module.Respond.Raw($"\r\n{module.Prefix(link)}CONNECT OK{(isEnded ? "\r\n" : "")}");
    }

    private void EnterTransparent(LuatLink link)
    {
        if (link.Life.IsCancellationRequested)
        {
            return; // It was closed while a command was under way.
        }

        module.Links.Connected(link);
        module.Transparent.Enter(link);
    }

    private void SayFailure(LuatLink link)
    {
        if (!module.Ip.IsMultiple)
        {
            module.Respond.Urc("STATE: " + IpStates.Name(module.Stack.State, link.Request.Protocol));
        }

        module.Respond.Urc(module.Prefix(link) + "CONNECT FAIL");
    }

    private async Task<NetworkConnection?> ConnectAsync(LuatLink link)
    {
        LinkRequest request = link.Request;
        IPAddress? address = module.Packet.Flows ? await module.Stack.ResolveAsync(request.Host, link.Life) : null;
        link.Life.ThrowIfCancellationRequested();
        if (address is null || module.Stack.Address is not IPAddress local)
        {
            return null;
        }

        var remote = new IPEndPoint(address, request.Port);
        try
        {
            if (link.IsDatagram)
            {
                return new DatagramLink(Network.OpenDatagrams(local, module.Ip.LocalPorts[link.Id]), remote, mode: 0);
            }

            NetworkConnection connection = await Network.ConnectAsync(remote, Host.Clock.Provider, link.Life);
            return module.Ip.IsSecure ? await module.Handshake.ConnectAsync(connection, link.Id, link.Life) : connection;
        }
        catch (NetworkException failure)
        {
            Host.Trace("! " + failure.Message);
            return null;
        }
    }
}
