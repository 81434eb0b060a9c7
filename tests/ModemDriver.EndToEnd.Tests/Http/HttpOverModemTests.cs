using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ModemDriver.EndToEnd.Tests.Http;

/// <summary>What an ordinary program does with an HttpClient, over links of the module, against Kestrel.</summary>
public sealed class HttpOverModemTests
{
    private const int Length = 50_000;

    // A connection that waits for its next request must not be given up because the machine is slow.
    private static readonly ModemHttpOptions Patient = new() { IdleTimeLimit = TimeSpan.FromMinutes(10) };

    private static readonly byte[] Page = Traffic.Bytes(Length, seed: 20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    [InlineData("air780")]
    [InlineData("air820")]
    public async Task A_page_with_a_length_and_one_in_chunks_arrive_whole(string firmware)
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server, firmware);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());

        using HttpResponseMessage whole = await client.GetAsync(Url("/page"), Token).Within(Token);
        using HttpResponseMessage chunked = await client.GetAsync(Url("/chunks"), Token).Within(Token);

        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(Length, whole.Content.Headers.ContentLength);
        Assert.Equal(Page, await whole.Content.ReadAsByteArrayAsync(Token));
        Assert.True(chunked.Headers.TransferEncodingChunked);
        Assert.Equal(Page, await chunked.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("esp-at", false)]
    [InlineData("esp-at", true)]
    [InlineData("esp-at-1.7", true)]
    [InlineData("esp-at-2.0", true)]
    public async Task A_posted_body_arrives_whole_with_a_length_or_in_chunks(string firmware, bool inChunks)
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server, firmware);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, Url("/hash"))
        {
            Content = new ByteArrayContent(Page),
        };
        request.Headers.TransferEncodingChunked = inChunks;

        using HttpResponseMessage response = await client.SendAsync(request, Token).Within(Token);

        string heard = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal($"{(inChunks ? "chunked" : Length)} {Convert.ToHexString(SHA256.HashData(Page))}", heard);
    }

    [Fact]
    public async Task Requests_one_after_another_share_one_link()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler(Patient));

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Page, await client.GetByteArrayAsync(Url("/page"), Token).Within(Token));
        }

        LinkInfo link = Assert.Single(await rig.Modem.ReadLinksAsync(Token).Within(Token));
        Assert.Equal(1, server.Connections);
        Assert.True(link.BytesReceived > 10 * Length);
    }

    [Fact]
    public async Task A_server_that_closes_after_each_answer_gets_a_link_for_each_request()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());

        // More than the module has numbers: each is free again when the next is wanted.
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal("bye", await client.GetStringAsync(Url("/close"), Token).Within(Token));
        }

        Assert.Equal(8, server.Connections);
    }

    [Fact]
    public async Task Twenty_requests_at_once_to_one_server_take_no_more_links_than_allowed()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        using var client = new HttpClient(
            rig.Modem.CreateHttpHandler(new ModemHttpOptions { MaxConnectionsPerServer = 3 }));

        byte[][] pages = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => client.GetByteArrayAsync(Url("/page"), Token))).Within(Token);

        Assert.All(pages, page => Assert.Equal(Page, page));
        Assert.InRange(server.MostConnections, 1, 3);
    }

    [Fact]
    public async Task More_servers_than_links_are_all_answered_as_links_become_free()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        int[] ports = [.. Enumerable.Range(8001, 12)];
        foreach (int port in ports)
        {
            rig.Network.Serve(Rig.Host, port, server.ServeAsync);
        }

        // A connection that nobody uses is in the way of the next server until it is given up.
        using var client = new HttpClient(
            rig.Modem.CreateHttpHandler(new ModemHttpOptions { IdleTimeLimit = TimeSpan.FromSeconds(1) }));
        byte[][] pages = await Task.WhenAll(ports.Select(
            port => client.GetByteArrayAsync(new Uri($"http://{Rig.Host}:{port}/page"), Token))).Within(Token);

        Assert.All(pages, page => Assert.Equal(Page, page));

        // Never more than five at once: the module has no sixth number. A server learns of a link's end a little later.
        Assert.True(server.Connections >= ports.Length);
    }

    [Fact]
    public async Task Clients_of_the_factory_share_the_handler()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        var services = new ServiceCollection();
        services.AddHttpClient("modem").ConfigurePrimaryHttpMessageHandler(() => rig.Modem.CreateHttpHandler(Patient));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();

        for (int i = 0; i < 3; i++)
        {
            using HttpClient client = factory.CreateClient("modem");
            Assert.Equal(Page, await client.GetByteArrayAsync(Url("/page"), Token).Within(Token));
        }

        Assert.Single(await rig.Modem.ReadLinksAsync(Token));
    }

    [Fact]
    public async Task A_host_name_is_resolved_by_the_module()
    {
        await using StreamWebServer server = await StartServerAsync();
        await using Rig rig = await OpenAsync(server);
        rig.Network.AddName("only.the.module.knows", Rig.Host);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());

        Assert.Equal(Page, await client.GetByteArrayAsync(new Uri("http://only.the.module.knows/page"), Token).Within(Token));
    }

    [Fact]
    public async Task The_handler_is_as_the_options_say_and_keeps_off_the_computers_own_network()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at", goOnline: false);
        using SocketsHttpHandler handler = rig.Modem.CreateHttpHandler(new ModemHttpOptions
        {
            ConnectTimeLimit = TimeSpan.FromSeconds(7), MaxConnectionsPerServer = 3, IdleTimeLimit = TimeSpan.FromSeconds(9),
        });

        Assert.Equal(TimeSpan.FromSeconds(7), handler.ConnectTimeout);
        Assert.Equal(3, handler.MaxConnectionsPerServer);
        Assert.Equal(TimeSpan.FromSeconds(9), handler.PooledConnectionIdleTimeout);
        Assert.False(handler.UseProxy);
        X509ChainPolicy? policy = handler.SslOptions.CertificateChainPolicy;
        Assert.True(policy?.DisableCertificateDownloads);
        Assert.Equal(X509RevocationMode.NoCheck, policy?.RevocationMode);
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
    }

    [Theory]
    [InlineData(0, 2, 15)]
    [InlineData(-1, 2, 15)]
    [InlineData(60, 0, 15)]
    [InlineData(60, 2, 0)]
    public async Task Options_out_of_range_are_refused(int connectSeconds, int connections, int idleSeconds)
    {
        await using Rig rig = await Rig.OpenAsync("esp-at", goOnline: false);

        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Modem.CreateHttpHandler(new ModemHttpOptions
        {
            ConnectTimeLimit = TimeSpan.FromSeconds(connectSeconds),
            MaxConnectionsPerServer = connections,
            IdleTimeLimit = TimeSpan.FromSeconds(idleSeconds),
        }));
    }

    private static Uri Url(string path) => new($"http://{Rig.Host}{path}");

    private static async Task<Rig> OpenAsync(StreamWebServer server, string firmware = "esp-at")
    {
        Rig rig = await Rig.OpenAsync(firmware);
        rig.Network.Serve(Rig.Host, 80, server.ServeAsync);
        return rig;
    }

    private static Task<StreamWebServer> StartServerAsync() => StreamWebServer.StartAsync(static application =>
    {
        application.MapGet("/page", () => Results.Bytes(Page));
        application.MapGet("/chunks", WriteChunksAsync);
        application.MapPost("/hash", HashAsync);
        application.MapGet("/close", (HttpContext context) =>
        {
            context.Response.Headers.Connection = "close";
            return "bye";
        });
    });

    private static async Task WriteChunksAsync(HttpContext context)
    {
        for (int at = 0; at < Length; at += 3000)
        {
            await context.Response.Body.WriteAsync(Page.AsMemory(at, Math.Min(3000, Length - at)));
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task HashAsync(HttpContext context)
    {
        byte[] hash = await SHA256.HashDataAsync(context.Request.Body);
        StringValues coding = context.Request.Headers.TransferEncoding;
        string form = coding.Count > 0 ? coding.ToString() : $"{context.Request.ContentLength}";
        await context.Response.WriteAsync($"{form} {Convert.ToHexString(hash)}");
    }
}
