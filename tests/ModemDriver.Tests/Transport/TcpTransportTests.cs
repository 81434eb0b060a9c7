using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

public sealed class TcpTransportTests : TransportConformance
{
    // Loopback buffers grow to some megabytes on both sides.
    private protected override int StuckBytes => 32 * 1024 * 1024;

    private protected override TransportRig CreateRig(TimeProvider timeProvider) => new TcpRig(timeProvider);

    [Fact]
    public async Task A_port_at_which_nobody_listens_says_so()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string name = string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}");
        await using ITransport transport = TransportFactory.Create(name);

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(
            () => transport.OpenAsync(new RecordingSink(), TestContext.Current.CancellationToken).AsTask());

        Assert.Equal(TransportFailure.NotFound, thrown.Failure);
        Assert.Equal(name, thrown.Port);
        Assert.StartsWith("Nobody listens at 127.0.0.1 port ", thrown.Message, StringComparison.Ordinal);
    }

    private sealed class TcpRig : TransportRig
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task<Socket> _peer;

        public TcpRig(TimeProvider timeProvider)
        {
            _listener.Start();
            _peer = _listener.AcceptSocketAsync();
            int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            Transport = TransportFactory.Create(
                string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"), null, timeProvider);
        }

        public override ITransport Transport { get; }

        public override async Task PeerWriteAsync(ReadOnlyMemory<byte> data)
        {
            Socket peer = await _peer.WaitAsync(Deadline.Limit);
            using CancellationTokenSource limit = new(Deadline.Limit);
            while (!data.IsEmpty)
            {
                data = data[await peer.SendAsync(data, limit.Token)..];
            }
        }

        public override async Task<int> PeerReadAsync(Memory<byte> buffer)
        {
            Socket peer = await _peer.WaitAsync(Deadline.Limit);
            using CancellationTokenSource limit = new(Deadline.Limit);
            return await peer.ReceiveAsync(buffer, limit.Token);
        }

        public override void Unplug()
        {
            _listener.Stop();
            _ = CloseAsync();
        }

        // A connection is made before the accept is told of it: its socket may come only now, and must be closed too.
        private async Task CloseAsync()
        {
            try
            {
                (await _peer).Close(0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Nobody had connected; or the listener has taken the connection with it.
            }
        }
    }
}
