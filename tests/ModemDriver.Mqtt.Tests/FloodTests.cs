using ModemDriver.Mqtt.Tests.Broker;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Brokers that send what must be answered, without end, and take no answer.</summary>
public sealed class FloodTests
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(60);

    public static TheoryData<string, byte[]> Floods() => new()
    {
        { "PUBREL of what was never received", [0x62, 0x02, 0x00, 0x07] },
        { "PUBREC of what was never sent", [0x50, 0x02, 0x00, 0x07] },
        { "a message of QoS 2 again and again", [0x3C, 0x05, 0x00, 0x01, 0x61, 0x00, 0x07] },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Such_a_broker_is_not_read_further_and_is_left(string what, byte[] packet)
    {
        Assert.NotEmpty(what);
        ManualTime time = new();
        FloodStream flood = new(packet);
        await using ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            new ManagedMqttOptions(
                MqttStreamSource.ForStreams("flood", _ => ValueTask.FromResult<Stream>(flood)), MqttSignIn.Anonymous("test"))
            {
                Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
                KeepAlive = KeepAlive,
                TimeProvider = time,
            },
            TestContext.Current.CancellationToken);
        Task reading = client.ReadOneAsync();
        TaskCompletionSource<MqttClientStateChange> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) =>
        {
            if (change.Reason is not null)
            {
                ended.TrySetResult(change);
            }
        };

        // The writer is stuck before any time has passed; the reader has by then read what it may, or reads without end.
        await flood.Stuck.WaitAsync(ScriptedBroker.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        await time.RunAsync(ended.Task);

        Assert.Equal(MqttDisconnectCause.Silence, (await ended.Task).Cause);
        Assert.InRange(flood.Packets, 1, 10_000);
        await time.RunAsync(client.DisposeAsync().AsTask());
        await reading.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Answers CONNECT, and then sends one packet without end; takes nothing after CONNECT.</summary>
    private sealed class FloodStream(byte[] packet) : Stream
    {
        // Without a bound it would be read for ever.
        private const long End = 3_000_000;

        private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isAnswered;
        private long _packets;

        public Task Stuck => _stuck.Task;

        public long Packets => Volatile.Read(ref _packets);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_isAnswered)
            {
                await _connected.Task.WaitAsync(cancellationToken);
                _isAnswered = true;
                new byte[] { 0x20, 0x02, 0x00, 0x00 }.CopyTo(buffer);
                return 4;
            }

            if (_released.Task.IsCompleted || Packets > End)
            {
                return 0;
            }

            int whole = buffer.Length / packet.Length;
            for (int i = 0; i < whole; i++)
            {
                packet.CopyTo(buffer[(i * packet.Length)..]);
            }

            Interlocked.Add(ref _packets, whole);
            return whole * packet.Length;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_connected.TrySetResult())
            {
                return;
            }

            _stuck.TrySetResult();
            await _released.Task;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _released.TrySetException(new ObjectDisposedException(nameof(FloodStream)));
            base.Dispose(disposing);
        }
    }
}
