using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Cli.Demo;

/// <summary>The servers of this host that the module's links lead to, and the address that they are reached at.</summary>
internal sealed class DemoServers : IAsyncDisposable
{
    private const int WebBodyBytes = 512 * 1024;

    private readonly DemoBroker? _broker;

    private DemoServers(
        IPAddress address, DemoWebServer web, X509Certificate2 certificate, DemoBroker? broker, BrokerAddress mqtt)
    {
        Address = address;
        Web = web;
        Certificate = certificate;
        _broker = broker;
        Mqtt = mqtt;
    }

    /// <summary>This host, as seen from the module.</summary>
    public IPAddress Address { get; }

    public DemoWebServer Web { get; }

    public X509Certificate2 Certificate { get; }

    public BrokerAddress Mqtt { get; }

    /// <summary>Where a server listens: on loopback for the simulator, on every interface for a real module.</summary>
    public IPAddress ListenAddress => IPAddress.IsLoopback(Address) ? Address : IPAddress.Any;

    public static async Task<DemoServers> StartAsync(
        IPAddress address, BrokerAddress? foreignBroker, TimeProvider time, CancellationToken cancellationToken)
    {
        IPAddress listen = IPAddress.IsLoopback(address) ? address : IPAddress.Any;
        X509Certificate2 certificate = DemoCertificate.Create(address, time);
        DemoWebServer web = await DemoWebServer.StartAsync(listen, certificate, WebBodyBytes, cancellationToken)
            .ConfigureAwait(false);
        if (foreignBroker is not null)
        {
            return new DemoServers(address, web, certificate, null, foreignBroker);
        }

        DemoBroker broker = await DemoBroker.StartAsync(listen).ConfigureAwait(false);
        return new DemoServers(
            address, web, certificate, broker, new BrokerAddress(address.ToString(), broker.Port));
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        await Web.DisposeAsync().ConfigureAwait(false);
        Certificate.Dispose();
    }
}

/// <summary>Where a broker is.</summary>
internal sealed record BrokerAddress(string Host, int Port);
