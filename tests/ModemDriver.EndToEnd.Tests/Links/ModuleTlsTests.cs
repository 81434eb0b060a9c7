using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.EndToEnd.Tests.Http;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Links;

/// <summary>TLS that the module does, against a server that does it by .NET.</summary>
public sealed class ModuleTlsTests
{
    private const string Name = "server.test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    [InlineData("esp-at-2.0")]
    public async Task Without_verification_any_server_is_talked_to(string firmware)
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync(firmware, authority, new ModuleCertificates());
        await using LinkStream link = await ConnectAsync(rig, new ModuleTlsOptions { VerifyServer = false });
        byte[] sent = Traffic.Bytes(9_000, 4);
        var heard = new byte[sent.Length];

        await link.WriteAsync(sent, Token);
        await link.ReadExactlyAsync(heard, Token).Within(Token);

        Assert.Equal(sent, heard);
    }

    [Fact]
    public async Task A_root_that_is_missing_in_the_flash_is_named()
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync("esp-at", authority, new ModuleCertificates());

        LinkException failed = await Assert.ThrowsAsync<LinkException>(() => ConnectAsync(rig, new ModuleTlsOptions()));

        Assert.Equal(LinkFailure.TlsFailed, failed.Reason);
        Assert.Contains("NO CA FOUND", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_trusted_once_the_module_knows_the_time_and_not_before()
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync("esp-at", authority, Trusting(authority));

        LinkException early = await Assert.ThrowsAsync<LinkException>(() => ConnectAsync(rig, new ModuleTlsOptions()));
        await rig.Modem.SetTimeSourceAsync(new NetworkTimeOptions(), Token).Within(Token);
        await rig.Modem.WaitForTimeAsync(cancellationToken: Token).Within(Token);
        await using LinkStream link = await ConnectAsync(rig, new ModuleTlsOptions());
        await link.WriteAsync("hello"u8.ToArray(), Token);
        var heard = new byte[5];
        await link.ReadExactlyAsync(heard, Token).Within(Token);

        Assert.Equal(LinkFailure.TlsFailed, early.Reason);
        Assert.Equal("hello"u8.ToArray(), heard);
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_refused()
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync("esp-at", authority, Trusting(authority));
        await rig.Modem.SetTimeSourceAsync(new NetworkTimeOptions(), Token).Within(Token);
        await rig.Modem.WaitForTimeAsync(cancellationToken: Token).Within(Token);

        LinkException failed = await Assert.ThrowsAsync<LinkException>(
            () => ConnectAsync(rig, new ModuleTlsOptions { ExpectedName = "another.test" }));

        Assert.Equal(LinkFailure.TlsFailed, failed.Reason);
    }

    public static TheoryData<string, int> FirmwaresAndFaults()
    {
        var rows = new TheoryData<string, int>();
        foreach (string firmware in (string[])["esp-at", "esp-at-1.7", "esp-at-2.0"])
        {
            foreach (int plan in Enumerable.Range(0, Faults.Length))
            {
                rows.Add(firmware, plan);
            }
        }

        return rows;
    }

    // TLS runs on threads of its own, so these pass in real time: no fault here makes the driver wait out a long limit.
    private static Fault[] Faults =>
    [
        Fault.SplitOutput(1),
        Fault.Busy(3),
        Fault.Splice("AT+CIPSEND", 2, 0, "a line of a log\r\r\n"),
        Fault.LateAnswer("AT+CIP", 1, TimeSpan.FromMilliseconds(300)),
        Fault.SendFail(2),
        Fault.ResetAt(3),
        Fault.UnplugAt(3),
    ];

    [Theory]
    [MemberData(nameof(FirmwaresAndFaults))]
    public async Task With_a_fault_the_same_bytes_come_back_or_the_link_says_so(string firmware, int plan)
    {
        using var authority = new TestAuthority();
        await using Rig rig = await OpenAsync(firmware, authority, new ModuleCertificates());
        LinkStream link = await ConnectAsync(rig, new ModuleTlsOptions { VerifyServer = false });
        rig.Module.Faults.Add(Faults[plan]);
        byte[] sent = Traffic.Bytes(12_000, 5);
        var heard = new byte[sent.Length];
        int count = 0;
        bool hasFailed = false;
        try
        {
            await using (link)
            {
                Task writing = link.WriteAsync(sent, Token).AsTask();
                for (int read = 1; read > 0 && count < heard.Length; count += read)
                {
                    read = await link.ReadAsync(heard.AsMemory(count), Token).AsTask().Within(Token);
                }

                await writing.Within(Token);
            }
        }
        catch (IOException)
        {
            hasFailed = true;
        }

        Assert.True(sent.AsSpan().StartsWith(heard.AsSpan(0, count)), $"{Faults[plan]}: other bytes came back");
        Assert.True(count == sent.Length || hasFailed, $"{Faults[plan]}: {count} bytes, and then an end");
        await rig.Modem.WaitForStateAsync(ModemState.Online, cancellationToken: Token).Within(Token);
        await using LinkStream next = await ConnectAsync(rig, new ModuleTlsOptions { VerifyServer = false });
        await next.WriteAsync("hello"u8.ToArray(), Token);
        await next.ReadExactlyAsync(heard.AsMemory(0, 5), Token).Within(Token);
        Assert.Equal("hello"u8.ToArray(), heard[..5]);
    }

    private static ModuleCertificates Trusting(TestAuthority authority) =>
        new() { Authorities = new Dictionary<int, X509Certificate2> { [0] = authority.Root } };

    private static async Task<Rig> OpenAsync(string firmware, TestAuthority authority, ModuleCertificates flash)
    {
        Rig rig = await Rig.OpenAsync(firmware, simulate: options => options with { Certificates = flash });
        X509Certificate2 certificate = authority.Issue(Name);
        rig.Network.AddName(Name, Rig.Host);
        rig.Network.Serve(Rig.Host, 443, async peer =>
        {
            // A client that trusts nobody breaks the handshake off; that is the client's story.
            await using var tls = new SslStream(peer);
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await Servers.EchoAsync(tls);
            }
            catch (Exception broken) when (broken is IOException or System.Security.Authentication.AuthenticationException)
            {
                await peer.DisposeAsync();
            }
        });
        return rig;
    }

    private static Task<LinkStream> ConnectAsync(Rig rig, ModuleTlsOptions options) =>
        rig.Modem.ConnectAsync(new LinkRequest(Name, 443) { ModuleTls = options }, Token).Within(Token);
}
