using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace ModemDriver.Mqtt.Session;

/// <summary>The bytes of a connection: reads from a buffer, writes of several packets in one, both watched.</summary>
/// <remarks>
/// MQTTnet's adapter reads a header byte by byte and writes header and payload apart. Over a modem each write is a send
/// transaction, so packets are collected until <see cref="FlushAsync"/>. A write is never cancelled half-way: that would put
/// the connection out of step; whoever gives up on it disposes the Stream.
/// </remarks>
internal sealed class PacketChannel(
    Stream stream, bool flushesStream, long maxPacketBytes, TimeProvider time) : IMqttChannel
{
    // Collected at most, and written at most at a time: so much progress is seen by the watchdog in between.
    private const int MaxChunk = 16 * 1024;

    private readonly byte[] _input = new byte[8192];
    private readonly ArrayBufferWriter<byte> _output = new(MaxChunk);
    private readonly PacketLengthGuard _guard = new(maxPacketBytes);
    private int _start;
    private int _end;
    private long _received = time.GetTimestamp();
    private long _written = time.GetTimestamp();
    private int _isWriting;

    /// <summary>When bytes last came, by the monotonic clock.</summary>
    public long ReceivedAt => Volatile.Read(ref _received);

    /// <summary>When a write last began, by the monotonic clock.</summary>
    public long WrittenAt => Volatile.Read(ref _written);

    /// <summary>Whether a write is under way.</summary>
    public bool IsWriting => Volatile.Read(ref _isWriting) != 0;

    /// <summary>How many bytes wait to be written.</summary>
    public int Collected => _output.WrittenCount;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => null;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => false;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts the silence anew: the reader was held up by us.</summary>
    public void Touch() => Volatile.Write(ref _received, time.GetTimestamp());

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            int read = await stream.ReadAsync(_input, cancellationToken).ConfigureAwait(false);
            (_start, _end) = (0, read);
            if (read == 0)
            {
                return 0;
            }

            Touch();
        }

        int length = Math.Min(count, _end - _start);
        ReadOnlySpan<byte> bytes = _input.AsSpan(_start, length);
        _guard.Pass(bytes);
        bytes.CopyTo(buffer.AsSpan(offset));
        _start += length;
        return length;
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            for (int at = 0; at < segment.Length;)
            {
                if (_output.WrittenCount == MaxChunk)
                {
                    await WriteOutAsync().ConfigureAwait(false);
                }

                int length = Math.Min(MaxChunk - _output.WrittenCount, segment.Length - at);
                _output.Write(segment.Span.Slice(at, length));
                at += length;
            }
        }
    }

    /// <summary>Writes what was collected.</summary>
    public async ValueTask FlushAsync()
    {
        if (_output.WrittenCount == 0)
        {
            return;
        }

        await WriteOutAsync().ConfigureAwait(false);
        if (flushesStream)
        {
            await stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => stream.Dispose();

    private async ValueTask WriteOutAsync()
    {
        Volatile.Write(ref _written, time.GetTimestamp());
        Volatile.Write(ref _isWriting, 1);
        await stream.WriteAsync(_output.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
        _output.ResetWrittenCount();
        Volatile.Write(ref _isWriting, 0);
    }
}
