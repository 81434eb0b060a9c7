using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Server;

namespace ModemDriver.Cli.Demo;

/// <summary>An MQTTnet broker on a free port of this host. It keeps sessions while it lives, as brokers do.</summary>
internal sealed class DemoBroker : IAsyncDisposable
{
    private readonly SocketAdapter _adapter;
    private readonly MqttServer _server;

    private DemoBroker(SocketAdapter adapter, MqttServer server)
    {
        _adapter = adapter;
        _server = server;
    }

    public int Port => _adapter.Port;

    public static async Task<DemoBroker> StartAsync(IPAddress address)
    {
        var adapter = new SocketAdapter(address);
        MqttServer server = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithPersistentSessions().Build(), [adapter]);
        await server.StartAsync().ConfigureAwait(false);
        return new DemoBroker(adapter, server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new MqttServerStopOptions()).ConfigureAwait(false);
        _server.Dispose();
        _adapter.Dispose();
    }

    /// <summary>
    /// Accepts on a port that the system chooses and that can be read, which MQTTnet's own listener does not offer.
    /// </summary>
    private sealed class SocketAdapter(IPAddress address) : IMqttServerAdapter
    {
        private readonly TcpListener _listener = new(address, 0);
        private IMqttNetLogger _logger = MqttNetNullLogger.Instance;
        private Task _accepting = Task.CompletedTask;

        public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
        {
            _logger = logger;
            _listener.Start();
            _accepting = AcceptAsync();
            return Task.CompletedTask;
        }

        public async Task StopAsync()
        {
            _listener.Stop();
            await _accepting.ConfigureAwait(false);
        }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            var clients = new List<Task>();
            try
            {
                while (true)
                {
                    clients.Add(ServeAsync(await _listener.AcceptSocketAsync().ConfigureAwait(false)));
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                // StopAsync has closed the listener; the server itself disconnects its clients.
            }

            await Task.WhenAll(clients).ConfigureAwait(false);
        }

        private async Task ServeAsync(Socket socket)
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(4096, 65_535));
            using var channel = new MqttChannelAdapter(
                new MqttTcpChannel(stream, socket.LocalEndPoint!, socket.RemoteEndPoint!, null), formatter, _logger);
            // Set by the server before it starts this adapter.
            await ClientHandler!(channel).ConfigureAwait(false);
        }
    }
}
