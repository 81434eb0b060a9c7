using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>TLS of the module: what it trusts, what it shows, and the handshake.</summary>
internal sealed class LinkTls(EspAtModule module)
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(30);

    // What the TLS libraries of these firmware releases speak.
    private const SslProtocols Version = SslProtocols.Tls12;

    private ModuleHost Host => module.Host;

    private ModuleCertificates Certificates => Host.Options.Certificates;

    /// <summary>What the flash lacks for a policy, as the firmware says it; <see langword="null"/> when all is there.
    /// </summary>
    internal string? Missing(TlsPolicy policy)
    {
        if (policy.ShowsCertificate)
        {
            if (!Certificates.Clients.TryGetValue(policy.ClientSlot, out X509Certificate2? client))
            {
                return "NO CERT FOUND";
            }

            if (!client.HasPrivateKey)
            {
                return "NO PRVT_KEY FOUND";
            }
        }

        return policy.VerifiesServer && !Certificates.Authorities.ContainsKey(policy.AuthoritySlot)
            ? "NO CA FOUND"
            : null;
    }

    internal string? MissingForServer(bool requiresClient)
    {
        string? missing = requiresClient ? Missing(new TlsPolicy(2, 0, 0)) : null;
        return Certificates.Server is null ? "NO CERT FOUND" : missing;
    }

    /// <summary>The handshake as a client. A failure ends what it stands on.</summary>
    internal async Task<(NetworkConnection? Connection, OpenFailure Failure)> ConnectAsync(
        NetworkConnection inner, LinkRequest request, TlsPolicy policy, TlsNames names, CancellationToken life)
    {
        if (Missing(policy) is string missing)
        {
            // A saved link of transparent mode has no command that could have said so.
            Host.Trace("! TLS: " + missing);
            inner.Close();
            return (null, OpenFailure.NoAnswer);
        }

        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = Version,
            TargetHost = ServerName(names, request),
            ApplicationProtocols = [.. names.Protocols.Select(name => new SslApplicationProtocol(name))],
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                IsTrusted(certificate as X509Certificate2, chain, policy, names.CommonName),
        };
        if (policy.ShowsCertificate)
        {
            X509Certificate2 client = Certificates.Clients[policy.ClientSlot];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => client;
        }

        return await HandshakeAsync(inner, (tls, token) => tls.AuthenticateAsClientAsync(options, token), life);
    }

    /// <summary>The handshake as a server.</summary>
    /// <param name="inner">An accepted connection.</param>
    /// <param name="requiresClient">Whether the client must show a certificate of the first authority.</param>
    /// <param name="life">Ends with the module.</param>
    internal async Task<NetworkConnection?> AcceptAsync(
        NetworkConnection inner, bool requiresClient, CancellationToken life)
    {
        var policy = new TlsPolicy(requiresClient ? 2 : 0, 0, 0);
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = Version,
            ServerCertificate = Certificates.Server!, // The command has looked.
            ClientCertificateRequired = requiresClient,
            CertificateChainPolicy = Policy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => !requiresClient
                || IsTrusted(certificate as X509Certificate2, chain, policy, commonName: ""),
        };
        return (await HandshakeAsync(inner, (tls, token) => tls.AuthenticateAsServerAsync(options, token), life))
            .Connection;
    }

    private async Task<(NetworkConnection? Connection, OpenFailure Failure)> HandshakeAsync(
        NetworkConnection inner, Func<SslStream, CancellationToken, Task> shake, CancellationToken life)
    {
        (NetworkConnection? connection, TlsFailure failure) =
            await TlsHandshake.RunAsync(Host, inner, shake, HandshakeLimit, life);
        return (connection, failure switch
        {
            TlsFailure.None => OpenFailure.None,
            TlsFailure.ClosedByPeer => OpenFailure.ClosedInHandshake,
            _ => OpenFailure.NoAnswer,
        });
    }

    private string ServerName(TlsNames names, LinkRequest request) =>
        names.ServerName.Length == 0 && module.Switches.IsOn(LinkSwitches.SniFromHost)
            ? request.Host
            : names.ServerName;

    private bool IsTrusted(X509Certificate2? shown, X509Chain? sent, TlsPolicy policy, string commonName)
    {
        X509Certificate2Collection intermediates = sent?.ChainPolicy.ExtraStore ?? [];
        if (shown is null)
        {
            return false;
        }

        // NonOS keeps the whole chain in a buffer that the host has sized: AT+CIPSSLSIZE.
        int room = module.Profile.Links.HasTlsBuffer ? module.Settings.TlsBufferBytes : int.MaxValue;
        if (intermediates.Append(shown).Distinct().Sum(each => each.RawDataMemory.Length) > room)
        {
            Host.Trace("! TLS: the certificates do not fit the buffer");
            return false;
        }

        return !policy.VerifiesServer || (IsSigned(shown, intermediates, policy) && IsNamed(shown, commonName));
    }

    private bool IsSigned(X509Certificate2 shown, X509Certificate2Collection intermediates, TlsPolicy policy) =>
        TlsHandshake.IsSigned(
            Host, shown, intermediates, Certificates.Authorities[policy.AuthoritySlot], module.Time.Now.UtcDateTime);

    private static bool IsNamed(X509Certificate2 shown, string name) => name.Length == 0
        || shown.MatchesHostname(name)
        || shown.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == name;

    /// <summary>By the module's own clock, which knows the time only after SNTP; without asking anybody.</summary>
    private X509ChainPolicy Policy() => TlsHandshake.Policy(module.Time.Now.UtcDateTime);
}
