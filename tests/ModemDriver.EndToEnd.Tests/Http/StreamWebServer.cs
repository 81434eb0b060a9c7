using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ModemDriver.EndToEnd.Tests.Http;

/// <summary>Kestrel without a socket: it is given the Streams of its clients, and speaks HTTP/1.1 on them.</summary>
internal sealed class StreamWebServer : IAsyncDisposable
{
    private readonly Transport _transport;
    private readonly WebApplication _application;

    private StreamWebServer(Transport transport, WebApplication application)
    {
        _transport = transport;
        _application = application;
    }

    /// <summary>How many connections were made so far.</summary>
    public int Connections => _transport.Count;

    /// <summary>The most connections that there were at one time.</summary>
    public int MostConnections => _transport.Most;

    /// <summary>Starts a server; with TLS where there is a certificate.</summary>
    public static async Task<StreamWebServer> StartAsync(
        Action<WebApplication> map, X509Certificate2? certificate = null)
    {
        var transport = new Transport();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.RemoveAll<IConnectionListenerFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(Transport.Address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication application = builder.Build();
        map(application);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new StreamWebServer(transport, application);
    }

    /// <summary>Serves one client until either side has closed.</summary>
    public Task ServeAsync(Stream client) => _transport.ServeAsync(client);

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private sealed class Transport : IConnectionListenerFactory, IConnectionListener
    {
        // A label: nothing is bound to it.
        public static readonly IPEndPoint Address = new(IPAddress.Loopback, 80);

        private readonly Channel<ConnectionContext> _accepted =
            System.Threading.Channels.Channel.CreateUnbounded<ConnectionContext>();

        private readonly Lock _gate = new();
        private int _open;

        public int Count { get; private set; }

        public int Most { get; private set; }

        public EndPoint EndPoint => Address;

        public async Task ServeAsync(Stream client)
        {
            await using var connection = new StreamConnection(client);
            Note(1);
            await _accepted.Writer.WriteAsync(connection);
            await connection.Ended;
            Note(-1);
        }

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) => new(this);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken) =>
            await _accepted.Reader.WaitToReadAsync(cancellationToken) ? await _accepted.Reader.ReadAsync(cancellationToken) : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken)
        {
            _accepted.Writer.TryComplete();
            return default;
        }

        public ValueTask DisposeAsync() => default;

        private void Note(int change)
        {
            lock (_gate)
            {
                _open += change;
                Count += Math.Max(change, 0);
                Most = Math.Max(Most, _open);
            }
        }
    }

    // The base aborts by a work item that cancels a token, and that may come after the token's disposal: not used.
    private sealed class StreamConnection : DefaultConnectionContext
    {
        private readonly Stream _stream;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StreamConnection(Stream stream)
            : base(Guid.NewGuid().ToString())
        {
            _stream = stream;
            Transport = new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream));
        }

        public Task Ended => _ended.Task;

        public override void Abort(ConnectionAbortedException abortReason) => _stream.Dispose();

        public override async ValueTask DisposeAsync()
        {
            if (_ended.TrySetResult())
            {
                await Transport.Input.CompleteAsync();
                await Transport.Output.CompleteAsync();
            }

            await base.DisposeAsync();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
