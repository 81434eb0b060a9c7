using System.Net;
using MQTTnet.Channel;

namespace ModemDriver.Mqtt;

/// <summary>Gives MQTTnet a link of a modem where it would open a socket of the host.</summary>
/// <remarks>Called once for each connection attempt, so a reconnecting client gets a new link each time.</remarks>
internal sealed class LinkStreamProvider(
    Func<string, int, CancellationToken, Task<Stream>> connect, TimeProvider timeProvider) : IMqttClientStreamProvider
{
    public async Task<Stream> ConnectAsync(EndPoint remoteEndPoint, CancellationToken cancellationToken)
    {
        (string host, int port) = remoteEndPoint switch
        {
            // The name goes to the module as it is: the module resolves it, in the network that it is in.
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => throw new NotSupportedException($"A link cannot be opened to {remoteEndPoint}."),
        };
        Stream link = await connect(host, port, cancellationToken).ConfigureAwait(false);
        return new PacketStream(link, timeProvider);
    }
}
