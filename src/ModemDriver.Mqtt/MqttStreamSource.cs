using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Mqtt.OnModule;
using ModemDriver.Mqtt.Session;

namespace ModemDriver.Mqtt;

/// <summary>Opens the Stream of each connection to the broker.</summary>
public sealed class MqttStreamSource
{
    private readonly Func<CancellationToken, ValueTask<Stream>> _open;

    private MqttStreamSource(
        string name,
        Func<CancellationToken, ValueTask<Stream>> open,
        SslClientAuthenticationOptions? tls,
        IAvailability availability,
        bool flushes)
    {
        Name = name;
        _open = open;
        Tls = tls;
        Availability = availability;
        Flushes = flushes;
    }

    /// <summary>What logs call it: the broker as <c>host:port</c>, or the name that was given.</summary>
    public string Name { get; }

    /// <summary>Whether connections can be opened at the moment.</summary>
    internal IAvailability Availability { get; }

    /// <summary>TLS over it; <see langword="null"/> for none.</summary>
    internal SslClientAuthenticationOptions? Tls { get; }

    /// <summary>Whether what was written must be flushed to be sent.</summary>
    internal bool Flushes { get; }

    /// <summary>A link of a modem, a new one for each connection.</summary>
    /// <param name="modem">The modem. The client does not own it; while it is not online, nothing is tried.</param>
    /// <param name="host">The broker by name or address; a name is resolved by the module.</param>
    /// <param name="port">1 to 65535. Default 1883; with TLS usually 8883.</param>
    /// <param name="tls">
    /// TLS on this computer, over the link; a missing target host is the broker's, and without a policy of certificates none
    /// is downloaded. Copied. Default <see langword="null"/>: none.
    /// </param>
    /// <exception cref="ArgumentException">The host is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 1 to 65535.</exception>
    public static MqttStreamSource ForModem(
        Modem modem, string host, int port = 1883, SslClientAuthenticationOptions? tls = null)
    {
        ArgumentNullException.ThrowIfNull(modem);
        return new MqttStreamSource(
            NameOf(host, port),
            async token => await modem.ConnectAsync(host, port, token).ConfigureAwait(false),
            WithTarget(tls, host),
            new ModemAvailability(modem),
            flushes: false);
    }

    /// <summary>
    /// The MQTT client inside a module (<see cref="ModemFeature.OnBoardMqtt"/>), which does in the client's place what the packets
    /// say. MQTT 3.1.1 only. docs/mqtt.md says what it changes: received messages come at QoS 0, and each connection begins a
    /// new session.
    /// </summary>
    /// <param name="modem">The modem. The client does not own it; while it is not online, nothing is tried.</param>
    /// <param name="host">The broker by name or address; a name is resolved by the module.</param>
    /// <param name="port">1 to 65535. Default 1883; with TLS usually 8883.</param>
    /// <param name="tls">TLS of the module. Default <see langword="null"/>: none.</param>
    /// <exception cref="ArgumentException">The host is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 1 to 65535.</exception>
    public static MqttStreamSource ForModule(Modem modem, string host, int port = 1883, ModuleTlsOptions? tls = null)
    {
        ArgumentNullException.ThrowIfNull(modem);
        string name = NameOf(host, port);
        var streams = new ModuleStreams(
            modem.ConnectModuleMqttAsync, new ModuleMqttOptions(host, "-") { Port = port, Tls = tls });
        return new MqttStreamSource(name, streams.OpenAsync, tls: null, new ModemAvailability(modem), flushes: false);
    }

    /// <summary>A TCP connection of this computer.</summary>
    /// <param name="host">The broker by name or address.</param>
    /// <param name="port">1 to 65535. Default 1883; with TLS usually 8883.</param>
    /// <param name="tls">As for <see cref="ForModem"/>.</param>
    /// <exception cref="ArgumentException">The host is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 1 to 65535.</exception>
    public static MqttStreamSource ForTcp(string host, int port = 1883, SslClientAuthenticationOptions? tls = null) =>
        new(
            NameOf(host, port),
            async token =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(host, port, token).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            WithTarget(tls, host),
            AlwaysAvailable.Instance,
            flushes: false);

    /// <summary>Streams of the caller's.</summary>
    /// <param name="name">What logs call it.</param>
    /// <param name="open">
    /// Opens a new Stream, which the client disposes. Disposing it must end its pending reads and writes. It is read and
    /// written at the same time, and flushed after each burst of packets.
    /// </param>
    /// <param name="tls">TLS over it, with a target host. Default <see langword="null"/>: none.</param>
    public static MqttStreamSource ForStreams(
        string name, Func<CancellationToken, ValueTask<Stream>> open, SslClientAuthenticationOptions? tls = null) =>
        ForStreams(name, open, tls, AlwaysAvailable.Instance);

    /// <summary>Streams that can be opened at times only.</summary>
    internal static MqttStreamSource ForStreams(
        string name,
        Func<CancellationToken, ValueTask<Stream>> open,
        SslClientAuthenticationOptions? tls,
        IAvailability availability)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(open);
        return new MqttStreamSource(name, open, tls, availability, flushes: true);
    }

    /// <summary>Opens a Stream; with TLS, shakes hands.</summary>
    internal async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream plain = await _open(cancellationToken).ConfigureAwait(false);
        if (Tls is null)
        {
            return plain;
        }

        SslStream secure = new(plain, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(Tls, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string NameOf(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65_535);
        return $"{host}:{port}";
    }

    // A copy: the caller may use his options for another broker as well.
    private static SslClientAuthenticationOptions? WithTarget(SslClientAuthenticationOptions? tls, string host) =>
        tls is null
            ? null
            : new SslClientAuthenticationOptions
            {
                TargetHost = string.IsNullOrEmpty(tls.TargetHost) ? host : tls.TargetHost,
                // Unless the caller says otherwise, nothing is fetched by this computer's own network, which may be none.
                CertificateChainPolicy = tls.CertificateChainPolicy ?? new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = tls.CertificateRevocationCheckMode,
                },
                EnabledSslProtocols = tls.EnabledSslProtocols,
                EncryptionPolicy = tls.EncryptionPolicy,
                CipherSuitesPolicy = tls.CipherSuitesPolicy,
                AllowRenegotiation = tls.AllowRenegotiation,
                AllowTlsResume = tls.AllowTlsResume,
                ApplicationProtocols = tls.ApplicationProtocols,
                ClientCertificates = tls.ClientCertificates,
                ClientCertificateContext = tls.ClientCertificateContext,
                LocalCertificateSelectionCallback = tls.LocalCertificateSelectionCallback,
                RemoteCertificateValidationCallback = tls.RemoteCertificateValidationCallback,
            };
}
