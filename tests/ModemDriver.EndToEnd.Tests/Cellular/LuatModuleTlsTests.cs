using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.EndToEnd.Tests.Http;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>TLS that a cellular module does with certificates out of its files, against a server that does it by .NET.</summary>
public sealed class LuatModuleTlsTests
{
    private const string Name = "server.test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("air780", ConnectionMode.Multiple)]
    [InlineData("air780", ConnectionMode.Single)]
    [InlineData("air820", ConnectionMode.Multiple)]
    public async Task A_server_is_verified_by_the_root_that_the_driver_has_written(string firmware, ConnectionMode mode)
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync(firmware, authority, mode);
        await using (LinkStream link = await ConnectAsync(rig, Trusting(authority)))
        {
            await EchoAsync(link, 9_000);
        }

        // The files are there now, and need no text; a link without TLS is one again.
        await using (LinkStream again = await ConnectAsync(rig, new ModuleTlsOptions()))
        {
            await EchoAsync(again, 1_000);
        }

        await using LinkStream plain = await rig.ConnectAsync();
        await Traffic.EchoAsync(plain, 1_000, 2, Token);
    }

    [Theory]
    [InlineData("air780", ConnectionMode.Multiple)]
    [InlineData("air820", ConnectionMode.Single)]
    public async Task Cut_late_and_mixed_answers_change_nothing(string firmware, ConnectionMode mode)
    {
        using var authority = new TestAuthority();
        foreach (Fault[] plan in (Fault[][])
            [
                [Fault.SplitOutput(1)],
                [Fault.SplitOutputRandomly(5)],
                [Fault.LateAnswer("AT+CIPSTART", 1, TimeSpan.FromSeconds(1)), Fault.LateAnswer("AT+CIPSEND", 2, TimeSpan.FromSeconds(1))],
                [
                    Fault.Splice("AT+CIPSEND", 1, 0, "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n"),
                    Fault.Splice("AT+CIPRXGET", 2, 100_000, "\r\n^MODE: 17,17\r\n"),
                ],
            ])
        {
            await using Rig rig = await OpenAsync(firmware, authority, mode);
            foreach (Fault fault in plan)
            {
                rig.Module.Faults.Add(fault);
            }

            await using LinkStream link = await ConnectAsync(rig, Trusting(authority));
            await EchoAsync(link, 9_000);
        }
    }

    [Fact]
    public async Task A_server_of_another_authority_another_name_or_another_time_is_refused()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        await using Rig rig = await OpenAsync("air780", authority);

        Assert.Equal(LinkFailure.TlsFailed, await RefusalAsync(rig, Trusting(other)));
        Assert.Equal(LinkFailure.TlsFailed, await RefusalAsync(rig, Trusting(authority) with { ServerName = "another.test" }));
        await using LinkStream link = await ConnectAsync(rig, Trusting(authority));
        await EchoAsync(link, 1_000);
    }

    [Fact]
    public async Task A_certificate_that_is_out_of_date_is_refused()
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync("air780", authority, minutesLeft: -2);

        Assert.Equal(LinkFailure.TlsFailed, await RefusalAsync(rig, Trusting(authority)));
        await using LinkStream link = await ConnectAsync(rig, new ModuleTlsOptions { VerifyServer = false });
        await EchoAsync(link, 1_000);
    }

    [Fact]
    public async Task A_certificate_of_ones_own_is_shown()
    {
        using var authority = new TestAuthority();
        string? shown = null;
        await using Rig rig = await OpenAsync("air780", authority, seen: subject => shown = subject);
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=device 7", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 own = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        ModuleTlsOptions options = Trusting(authority) with
        {
            ClientCertificate = new ModuleTlsCertificate(own.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()),
        };

        await using LinkStream link = await ConnectAsync(rig, options);
        await EchoAsync(link, 1_000);

        Assert.Equal("CN=device 7", shown);
    }

    [Fact]
    public async Task Firmware_without_TLS_says_so_by_name()
    {
        await using Rig rig = await Rig.OpenAsync("air780eq");

        FeatureNotSupportedException refused = await Assert.ThrowsAsync<FeatureNotSupportedException>(
            () => ConnectAsync(rig, new ModuleTlsOptions()));
        Assert.Equal(ModemFeature.ModuleTls, refused.Feature);
    }

    private static ModuleTlsOptions Trusting(TestAuthority authority) =>
        new() { AuthorityPem = authority.Root.ExportCertificatePem() };

    private static async Task<LinkFailure> RefusalAsync(Rig rig, ModuleTlsOptions options) =>
        (await Assert.ThrowsAsync<LinkException>(() => ConnectAsync(rig, options))).Reason;

    private static async Task EchoAsync(LinkStream link, int count)
    {
        byte[] sent = Traffic.Bytes(count, seed: 4);
        var heard = new byte[sent.Length];
        await link.WriteAsync(sent, Token);
        await link.ReadExactlyAsync(heard, Token).Within(Token);
        Assert.Equal(sent, heard);
    }

    private static async Task<Rig> OpenAsync(
        string firmware,
        TestAuthority authority,
        ConnectionMode mode = ConnectionMode.Multiple,
        int minutesLeft = 60,
        Action<string?>? seen = null)
    {
        Rig rig = await Rig.OpenAsync(firmware, drive: options => options with { ConnectionMode = mode });
        X509Certificate2 certificate = authority.Issue(Name, minutesLeft);
        rig.Network.AddName(Name, Rig.Host);
        rig.Network.Serve(Rig.Host, 443, async peer =>
        {
            // A client that trusts nobody breaks the handshake off; that is the client's story.
            await using var tls = new SslStream(peer, false, (_, shown, _, _) => Note(shown?.Subject));
            try
            {
                await tls.AuthenticateAsServerAsync(certificate, seen is not null, checkCertificateRevocation: false);
                await Servers.EchoAsync(tls);
            }
            catch (Exception broken) when (broken is IOException or AuthenticationException)
            {
                await peer.DisposeAsync();
            }
        });
        return rig;

        bool Note(string? subject)
        {
            seen?.Invoke(subject);
            return true;
        }
    }

    private static Task<LinkStream> ConnectAsync(Rig rig, ModuleTlsOptions options) =>
        rig.Modem.ConnectAsync(new LinkRequest(Name, 443) { ModuleTls = options }, Token).Within(Token);
}
