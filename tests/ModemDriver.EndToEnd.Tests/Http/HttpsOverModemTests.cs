using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModemDriver.EndToEnd.Tests.Http;

/// <summary>TLS on the host, over a link: who is trusted, and who is not.</summary>
public sealed class HttpsOverModemTests
{
    private const string Name = "server.test";

    private static readonly byte[] Page = Traffic.Bytes(30_000, seed: 21);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    [InlineData("air780")]
    public async Task A_server_whose_authority_is_given_is_trusted(string firmware)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(Name);
        await using StreamWebServer server = await StartServerAsync(certificate);
        await using Rig rig = await OpenAsync(server, firmware);
        using HttpClient client = NewClient(rig, authority.Root);

        byte[] first = await client.GetByteArrayAsync(new Uri($"https://{Name}/page"), Token).Within(Token);
        byte[] second = await client.GetByteArrayAsync(new Uri($"https://{Name}/page"), Token).Within(Token);

        Assert.Equal(Page, first);
        Assert.Equal(Page, second);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task An_authority_that_the_system_does_not_know_is_refused_by_default()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(Name);

        Exception refused = await RefusalAsync(certificate, $"https://{Name}/page");

        Assert.Contains("certificate chain", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_in_the_certificate_is_refused_though_its_authority_is_given()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue("another.test");

        Exception refused = await RefusalAsync(certificate, $"https://{Name}/page", authority.Root);

        Assert.Contains("RemoteCertificateNameMismatch", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_than_the_given_one_is_refused()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        using X509Certificate2 certificate = stranger.Issue(Name);

        Exception refused = await RefusalAsync(certificate, $"https://{Name}/page", authority.Root);

        Assert.Contains("certificate chain", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_refused_though_its_authority_is_given()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(Name, minutesLeft: -2);

        Exception refused = await RefusalAsync(certificate, $"https://{Name}/page", authority.Root);

        Assert.Contains("NotTimeValid", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_above_version_1_1_is_refused()
    {
        const byte ProtocolVersion = 70; // RFC 8446 section 6: the alert for a version that is not spoken.
        var heard = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Rig rig = await Rig.OpenAsync("esp-at");
        rig.Network.AddName(Name, Rig.Host);
        rig.Network.Serve(Rig.Host, 443, async peer =>
        {
            await ReadRecordAsync(peer);

            // A record of TLS 1.1 with a ServerHello: version 1.1, random, no session, AES128-SHA, no compression.
            byte[] hello = [2, 0, 0, 38, 3, 2, .. new byte[32], 0, 0, 0x2f, 0];
            await peer.WriteAsync(new byte[] { 22, 3, 2, 0, (byte)hello.Length }, Token);
            await peer.WriteAsync(hello, Token);
            heard.SetResult(await ReadRecordAsync(peer));
        });
        using HttpClient client = NewClient(rig);

        HttpRequestException failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetByteArrayAsync(new Uri($"https://{Name}/page"), Token).Within(Token));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal(ProtocolVersion, (await heard.Task.Within(Token))[^1]);
    }

    private static async Task<byte[]> ReadRecordAsync(Stream peer)
    {
        var header = new byte[5];
        await peer.ReadExactlyAsync(header, Token);
        var body = new byte[(header[3] << 8) + header[4]];
        await peer.ReadExactlyAsync(body, Token);
        return body;
    }

    // A refusal is an answer about the certificate; and it leaves the modem with all of its links.
    private static async Task<Exception> RefusalAsync(
        X509Certificate2 certificate, string url, params X509Certificate2[] roots)
    {
        await using StreamWebServer server = await StartServerAsync(certificate);
        await using Rig rig = await OpenAsync(server);
        using HttpClient client = NewClient(rig, roots);

        HttpRequestException failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetByteArrayAsync(new Uri(url), Token).Within(Token));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        LinkStream[] all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.ConnectAsync())).Within(Token);
        Assert.Equal(5, all.Length);
        return Assert.IsType<AuthenticationException>(failed.InnerException);
    }

    private static HttpClient NewClient(Rig rig, params X509Certificate2[] roots) =>
        new(rig.Modem.CreateHttpHandler(new ModemHttpOptions
        {
            TrustedRoots = roots.Length == 0 ? null : [.. roots],

            // A connection that waits for its next request must not be given up because the machine is slow.
            IdleTimeLimit = TimeSpan.FromMinutes(10),
        }));

    private static async Task<Rig> OpenAsync(StreamWebServer server, string firmware = "esp-at")
    {
        Rig rig = await Rig.OpenAsync(firmware);
        rig.Network.AddName(Name, Rig.Host);
        rig.Network.Serve(Rig.Host, 443, server.ServeAsync);
        return rig;
    }

    private static Task<StreamWebServer> StartServerAsync(X509Certificate2 certificate) => StreamWebServer.StartAsync(
        static application => application.MapGet("/page", () => Results.Bytes(Page)), certificate);
}
