using MQTTnet;

namespace ModemDriver.Mqtt;

/// <summary>Runs MQTTnet's client over a link of a modem.</summary>
public static class ModemMqtt
{
    /// <summary>Has the client connect through <paramref name="modem"/> instead of through this host's own network.</summary>
    /// <param name="builder">The options of an MQTTnet client.</param>
    /// <param name="modem">Open and online when the client connects. The client does not own it.</param>
    /// <param name="host">The broker by name or address; a name is resolved by the module, in the module's network.</param>
    /// <param name="port">The broker's TCP port, 1 to 65535. Default 1883; with TLS usually 8883.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">The host is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 1 to 65535.</exception>
    /// <remarks>
    /// <para>Each connection attempt opens a link of its own, so <c>ReconnectAsync</c> works after the module has lost
    /// one. A link that cannot be opened fails the attempt with a <see cref="LinkException"/> inside.</para>
    /// <para>TLS is MQTTnet's own (<c>WithTlsOptions</c>), laid over the link on this host.</para>
    /// <para>Packets are written in one piece (<c>WithoutPacketFragmentation</c>): two writes a publish would be two
    /// send transactions of the module. A cancelled publish never leaves half a packet on the link: the packet is
    /// completed within 10 s, or the link is closed.</para>
    /// <para>Give every publish at QoS 1 and 2 a token with a deadline: MQTTnet by itself waits for the acknowledgement
    /// without limit.</para>
    /// </remarks>
    public static MqttClientOptionsBuilder WithModem(
        this MqttClientOptionsBuilder builder, Modem modem, string host, int port = 1883)
    {
        ArgumentNullException.ThrowIfNull(modem);
        return WithLinks(
            builder,
            async (name, number, token) => await modem.ConnectAsync(name, number, token).ConfigureAwait(false),
            host,
            port,
            TimeProvider.System);
    }

    internal static MqttClientOptionsBuilder WithLinks(
        MqttClientOptionsBuilder builder,
        Func<string, int, CancellationToken, Task<Stream>> connect,
        string host,
        int port,
        TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65_535);
        return builder
            .WithTcpServer(host, port)
            .WithStreamProvider(new LinkStreamProvider(connect, timeProvider))
            .WithoutPacketFragmentation();
    }
}
