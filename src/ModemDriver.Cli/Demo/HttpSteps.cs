using System.Globalization;
using System.Security.Cryptography;

namespace ModemDriver.Cli.Demo;

/// <summary>Steps that use HttpClient over the modem's links.</summary>
internal sealed class HttpSteps(Modem modem, DemoServers servers)
{
    public Task<DemoOutcome> GetPlainAsync(CancellationToken cancellationToken) =>
        GetAsync("http", servers.Web.HttpPort, cancellationToken);

    /// <summary>TLS on this host, over the link; only the certificate of this run is trusted.</summary>
    public Task<DemoOutcome> GetSecureAsync(CancellationToken cancellationToken) =>
        GetAsync("https", servers.Web.HttpsPort, cancellationToken);

    private async Task<DemoOutcome> GetAsync(string scheme, int port, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = modem.CreateHttpHandler(
            new ModemHttpOptions { TrustedRoots = [servers.Certificate] });
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        var url = new UriBuilder(scheme, servers.Address.ToString(), port, "/body").Uri;
        using HttpResponseMessage response = await client.GetAsync(url, cancellationToken).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        string digest = Convert.ToHexStringLower(SHA256.HashData(body));
        if (!response.IsSuccessStatusCode || !string.Equals(digest, servers.Web.BodyDigest, StringComparison.Ordinal))
        {
            throw new DemoFailedException(
                $"{url} answered {(int)response.StatusCode} with {body.Length} bytes, SHA-256 {digest}; "
                + $"{servers.Web.BodyLength} bytes with {servers.Web.BodyDigest} were served.");
        }

        return new DemoOutcome(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(int)response.StatusCode} {response.ReasonPhrase}, HTTP/{response.Version}, SHA-256 equal"),
            body.Length);
    }
}
