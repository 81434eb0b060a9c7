using System.IO.Pipelines;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

public sealed class StreamTransportTests : TransportConformance
{
    private protected override TransportRig CreateRig(TimeProvider timeProvider) => new StreamRig(timeProvider);

    private sealed class StreamRig : TransportRig
    {
        private readonly Pipe _down = new();
        private readonly Pipe _up = new();

        public StreamRig(TimeProvider timeProvider)
        {
            DuplexStream stream = new(_up.Reader.AsStream(), _down.Writer.AsStream());
            Transport = TransportFactory.ForStream(
                "memory", _ => ValueTask.FromResult<Stream>(stream), timeProvider).Create();
        }

        public override ITransport Transport { get; }

        public override async Task PeerWriteAsync(ReadOnlyMemory<byte> data)
        {
            using CancellationTokenSource limit = new(Deadline.Limit);
            while (!data.IsEmpty)
            {
                int count = Math.Min(data.Length, 3000);
                await _up.Writer.WriteAsync(data[..count], limit.Token);
                data = data[count..];
            }
        }

        public override async Task<int> PeerReadAsync(Memory<byte> buffer)
        {
            using CancellationTokenSource limit = new(Deadline.Limit);
            return await _down.Reader.AsStream(leaveOpen: true).ReadAsync(buffer, limit.Token);
        }

        public override void Unplug()
        {
            _down.Reader.Complete(new IOException("unplugged"));
            _up.Writer.Complete();
        }
    }
}
