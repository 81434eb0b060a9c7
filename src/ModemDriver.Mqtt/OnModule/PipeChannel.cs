using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace ModemDriver.Mqtt.OnModule;

/// <summary>The bytes of a connection that stays in the process, as MQTTnet's codec reads and writes them.</summary>
internal sealed class PipeChannel(PipeReader input, PipeWriter output) : IMqttChannel
{
    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => null;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => false;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
        ReadOnlySequence<byte> taken = read.Buffer.Slice(0, Math.Min(count, read.Buffer.Length));
        taken.CopyTo(buffer.AsSpan(offset));
        input.AdvanceTo(taken.End);
        return (int)taken.Length;
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> segment in buffer)
        {
            output.Write(segment.Span);
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // The pipes belong to the Stream.
    }
}
