using System.Net;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>How the module's own services reach servers.</summary>
internal sealed class ServiceNetwork(LuatModule module)
{
    private ModuleHost Host => module.Host;

    /// <summary>Whether packet data flow at all.</summary>
    internal bool IsUp => module.Packet.Flows && module.Packet.Default.Address is not null;

    /// <summary>Connects, and shakes hands where that is asked for.</summary>
    /// <param name="host">A name, or four numbers.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="tlsContext">The number of AT+SSLCFG; <see langword="null"/>: without TLS.</param>
    /// <param name="life">Gives up.</param>
    /// <returns>The connection, or why there is none.</returns>
    internal async Task<(NetworkConnection? Connection, ServiceFailure Failure)> ConnectAsync(
        string host, int port, int? tlsContext, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Host.Timings.Cellular.Connect, life);
        life.ThrowIfCancellationRequested();
        if (!IsUp)
        {
            return (null, ServiceFailure.Network);
        }

        IPAddress? address = await module.Stack.ResolveAsync(host, life);
        life.ThrowIfCancellationRequested();
        if (address is null)
        {
            return (null, ServiceFailure.Name);
        }

        try
        {
            NetworkConnection connection = await Host.Options.Network.ConnectAsync(
                new IPEndPoint(address, port), Host.Clock.Provider, life);
            NetworkConnection? ready = tlsContext is int context
                ? await module.Handshake.ConnectAsync(connection, context, life)
                : connection;
            return (ready, ready is null ? ServiceFailure.Connect : ServiceFailure.None);
        }
        catch (NetworkException failure)
        {
            Host.Trace("! " + failure.Message);
            return (null, ServiceFailure.Connect);
        }
    }
}

/// <summary>Why a service has no connection.</summary>
internal enum ServiceFailure
{
    None,
    Network,
    Name,
    Connect,
}
