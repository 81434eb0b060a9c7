using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ModemDriver.Cli.Demo;

/// <summary>Steps of the tour about the modes of links and of the line.</summary>
internal sealed class ModeSteps(Modem modem, DemoServers servers, DemoTarget target)
{
    private const int ModulePort = 8080;
    private const int TransparentBytes = 256 * 1024;
    private const int FastRate = 921_600;

    private string HostName => servers.Address.ToString();

    /// <summary>The module listens, and a browser of this computer reads a page from it.</summary>
    public async Task<DemoOutcome> ServePageAsync(CancellationToken cancellationToken)
    {
        LinkListener listener = await modem.ListenAsync(ModulePort, cancellationToken).ConfigureAwait(false);
        await using (listener.ConfigureAwait(false))
        {
            Uri url = target.UrlOf(ModulePort, await ModuleAddressAsync(cancellationToken).ConfigureAwait(false));
            using var browser = new HttpClient();
            Task<string> page = browser.GetStringAsync(url, cancellationToken);
            string request = await ServeOnceAsync(listener, cancellationToken).ConfigureAwait(false);
            string body = await page.ConfigureAwait(false);
            return body == "hello from the module"
                ? new DemoOutcome($"{request.Split('\r')[0]} answered to {url.Authority}", body.Length)
                : throw new DemoFailedException($"The page read '{body}'.");
        }
    }

    /// <summary>TLS that runs in the module: without a check of the certificate, and refused with one.</summary>
    public async Task<DemoOutcome> UseModuleTlsAsync(CancellationToken cancellationToken)
    {
        var request = new LinkRequest(HostName, servers.Web.HttpsPort)
        {
            ModuleTls = new ModuleTlsOptions { VerifyServer = false },
        };
        LinkStream link = await modem.ConnectAsync(request, cancellationToken).ConfigureAwait(false);
        int received;
        await using (link.ConfigureAwait(false))
        {
            await link.WriteAsync(
                Encoding.ASCII.GetBytes($"GET /body HTTP/1.0\r\nHost: {HostName}\r\n\r\n"), cancellationToken)
                .ConfigureAwait(false);
            using var answer = new MemoryStream();
            await link.CopyToAsync(answer, cancellationToken).ConfigureAwait(false);
            received = CheckBody(answer.ToArray());
        }

        string refused = modem.Supports(ModemFeature.ModuleTlsVerification)
            ? await RefuseAsync(request with { ModuleTls = new ModuleTlsOptions() }, cancellationToken).ConfigureAwait(false)
            : "this firmware cannot check one";
        return new DemoOutcome($"read without a check, SHA-256 equal; with one: {refused}", received);
    }

    /// <summary>The line belongs to one link: bytes with the escape sequence in them, commands in between.</summary>
    public async Task<DemoOutcome> GoTransparentAsync(CancellationToken cancellationToken)
    {
        var server = new TransferServer(servers.ListenAddress, TransparentBytes);
        await using (server.ConfigureAwait(false))
        {
            TransparentSession session = await modem.OpenTransparentAsync(HostName, server.Port, cancellationToken)
                .ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                Task<TransferDigests> exchange = TransferPayload.ExchangeAsync(session, TransparentBytes, cancellationToken);
                await session.SuspendAsync(cancellationToken).ConfigureAwait(false);
                await modem.SendAsync("AT+CIPMODE?", cancellationToken: cancellationToken).ConfigureAwait(false);
                await session.ResumeAsync(cancellationToken).ConfigureAwait(false);
                TransferDigests own = await exchange.ConfigureAwait(false);
                TransferDigests peer = await server.ReadDigestsAsync(cancellationToken).ConfigureAwait(false);
                if (own.Sent != peer.Received || own.Received != peer.Sent)
                {
                    throw new DemoFailedException("SHA-256 of the transparent session differs.");
                }

                return new DemoOutcome(
                    "SHA-256 equal both ways, suspended for a command and resumed in between", 2L * TransparentBytes);
            }
        }
    }

    /// <summary>Module and port together, and back.</summary>
    public async Task<DemoOutcome> ChangeBitRateAsync(CancellationToken cancellationToken)
    {
        if (modem.BitRate is not { } before)
        {
            return new DemoOutcome("this port has no bit rate");
        }

        await modem.SetBitRateAsync(FastRate, cancellationToken).ConfigureAwait(false);
        int? fast = modem.BitRate;
        await modem.SetBitRateAsync(before, cancellationToken).ConfigureAwait(false);
        return fast == FastRate && modem.BitRate == before
            ? new DemoOutcome(string.Create(CultureInfo.InvariantCulture, $"{before} to {fast} bit/s and back, verified"))
            : throw new DemoFailedException($"The bit rate was {fast}, and is {modem.BitRate}.");
    }

    /// <summary>Datagrams keep their borders and their senders.</summary>
    public async Task<DemoOutcome> ExchangeDatagramsAsync(CancellationToken cancellationToken)
    {
        using var peer = new UdpClient(new IPEndPoint(servers.ListenAddress, 0));
        UdpLink link = await modem.OpenUdpAsync(
            new UdpRequest(HostName, ((IPEndPoint)peer.Client.LocalEndPoint!).Port), cancellationToken)
            .ConfigureAwait(false);
        await using (link.ConfigureAwait(false))
        {
            long bytes = 0;
            foreach (int length in new[] { 1, 100, link.MaxDatagramBytes })
            {
                byte[] sent = RandomNumberGenerator.GetBytes(length);
                await link.SendAsync(sent, cancellationToken).ConfigureAwait(false);
                UdpReceiveResult heard = await peer.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                await peer.SendAsync(heard.Buffer, heard.RemoteEndPoint, cancellationToken).ConfigureAwait(false);
                Datagram back = await link.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                if (!back.Data.Span.SequenceEqual(sent))
                {
                    throw new DemoFailedException($"A datagram of {length} bytes came back as {back.Data.Length} others.");
                }

                bytes += 2L * length;
            }

            return new DemoOutcome(string.Create(
                CultureInfo.InvariantCulture, $"datagrams of 1, 100 and {link.MaxDatagramBytes} bytes, whole both ways"), bytes);
        }
    }

    public async Task<DemoOutcome> RestartAsync(CancellationToken cancellationToken)
    {
        await modem.ResetModuleAsync(cancellationToken).ConfigureAwait(false);
        await modem.WaitForStateAsync(ModemState.Online, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new DemoOutcome("the module started anew, the modem is online again");
    }

    private async Task<IPAddress?> ModuleAddressAsync(CancellationToken cancellationToken) =>
        (await modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false)).Address;

    private static async Task<string> ServeOnceAsync(LinkListener listener, CancellationToken cancellationToken)
    {
        LinkStream visitor = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        await using (visitor.ConfigureAwait(false))
        {
            var request = new StringBuilder();
            var buffer = new byte[1024];
            while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                int count = await visitor.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    throw new DemoFailedException("The visitor left in the middle of its request.");
                }

                request.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }

            await visitor.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Length: 21\r\nConnection: close\r\n\r\nhello from the module"u8.ToArray(),
                cancellationToken).ConfigureAwait(false);
            return request.ToString();
        }
    }

    private int CheckBody(byte[] answer)
    {
        int head = answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        string digest = Convert.ToHexStringLower(SHA256.HashData(answer.AsSpan(head)));
        return head > 4 && string.Equals(digest, servers.Web.BodyDigest, StringComparison.Ordinal)
            ? answer.Length - head
            : throw new DemoFailedException($"The body of {answer.Length - head} bytes is not what was served.");
    }

    private async Task<string> RefuseAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        try
        {
            LinkStream link = await modem.ConnectAsync(request, cancellationToken).ConfigureAwait(false);
            await link.DisposeAsync().ConfigureAwait(false);
        }
        catch (LinkException refused) when (refused.Reason == LinkFailure.TlsFailed)
        {
            return $"refused ({refused.Reason})";
        }

        throw new DemoFailedException("A certificate that nobody has vouched for was accepted by a check.");
    }
}
