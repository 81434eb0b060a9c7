using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ModemDriver.Cli.Demo;

/// <summary>Kestrel on two free ports of this host, HTTP and HTTPS, with one random body to fetch.</summary>
internal sealed class DemoWebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DemoWebServer(WebApplication application, byte[] body)
    {
        _application = application;
        BodyLength = body.Length;
        BodyDigest = Convert.ToHexStringLower(SHA256.HashData(body));
    }

    public int BodyLength { get; }

    /// <summary>The SHA-256 of the body, in hexadecimal.</summary>
    public string BodyDigest { get; }

    public int HttpPort { get; private set; }

    public int HttpsPort { get; private set; }

    public static async Task<DemoWebServer> StartAsync(
        IPAddress address, X509Certificate2 certificate, int bodyLength, CancellationToken cancellationToken)
    {
        byte[] body = RandomNumberGenerator.GetBytes(bodyLength);
        ListenOptions? plain = null;
        ListenOptions? secure = null;

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        // The tool writes to the terminal, the server does not; nor does it end the program on Ctrl-C.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Microsoft.Extensions.Hosting.IHostLifetime, NoHostLifetime>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, 0, options => plain = options);
            kestrel.Listen(address, 0, options =>
            {
                secure = options;
                options.UseHttps(certificate);
            });
        });
        WebApplication application = builder.Build();
        application.Run(context => ServeAsync(context, body));

        var server = new DemoWebServer(application, body);
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        server.HttpPort = plain!.IPEndPoint!.Port;
        server.HttpsPort = secure!.IPEndPoint!.Port;
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task ServeAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
