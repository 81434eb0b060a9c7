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
            if (_peer.IsCompletedSuccessfully)
            {
                _peer.Result.Close(0);
            }
        }
    }
}
