using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Clients;

/// <summary>The handler of the framework, with links of a modem under it.</summary>
internal static class ModemHttpHandler
{
    public static SocketsHttpHandler Create(Modem modem, ModemHttpOptions options)
    {
        options.Validate();
        return new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) => await modem
                .ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken)
                .ConfigureAwait(false),
            ConnectTimeout = options.ConnectTimeLimit,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            PooledConnectionIdleTimeout = options.IdleTimeLimit,

            // The PC's proxy is for the PC's network, which is not the one that the links go through.
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                // Some systems still allow older ones, which RFC 8996 forbids.
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = ChainPolicy(options),
            },
        };
    }

    // Nothing is fetched by the PC's own network: no missing certificates, no revocation lists.
    private static X509ChainPolicy ChainPolicy(ModemHttpOptions options)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (options.TrustedRoots is { Count: > 0 } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }
}
