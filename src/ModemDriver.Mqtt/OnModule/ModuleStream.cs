using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using ModemDriver.Mqtt.Session;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.OnModule;

/// <summary>A connection to a broker whose packets the client inside a module carries out.</summary>
internal sealed class ModuleStream : Stream, IRefusesMessages
{
    // The module says goodbye to the broker; a modem that is closed next would cut that off.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Pipe _toModule = new();
    private readonly Pipe _toClient = new();
    private readonly RefusedMessages _refused;
    private readonly ModuleBroker _broker;

    /// <summary>Begins to serve; the module connects when CONNECT has come.</summary>
    public ModuleStream(
        Func<ModuleMqttOptions, CancellationToken, Task<IModuleMqttClient>> connect, ModuleMqttOptions options, RefusedMessages refused)
    {
        _refused = refused;
        _broker = new ModuleBroker(connect, options, refused, new PipeChannel(_toModule.Reader, _toClient.Writer));
        Ended = ServeAsync();
    }

    /// <summary>Ends when the module's client is free again. Never fails.</summary>
    public Task Ended { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public void WhenRefused(Action<string> told) => _broker.Refused = told;

    /// <inheritdoc/>
    public MqttPubAckReasonCode? Refuses(MqttMessage message)
    {
        var qos = (ModuleMqttQos)message.QualityOfService;
        return (_broker.Client is { } client && !client.CanPublish(message.Topic, message.Payload, qos))
            || _refused.Take(message.Topic, message.Payload.Span, qos)
                ? MqttPubAckReasonCode.ImplementationSpecificError
                : null;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult read = await _toClient.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        int length = (int)Math.Min(buffer.Length, read.Buffer.Length);
        var taken = read.Buffer.Slice(0, length);
        System.Buffers.BuffersExtensions.CopyTo(taken, buffer.Span);
        _toClient.Reader.AdvanceTo(taken.End);
        return length;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        FlushResult written = await _toModule.Writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (written.IsCompleted)
        {
            throw new IOException("The module's MQTT connection has ended.");
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The synchronous members of a Stream block by contract.")]
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
        // What is written is on its way.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Dispose();
        await Ended.WaitAsync(EndLimit, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    // Both ends are completed, so that whoever reads or writes goes on at once.
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _toModule.Writer.Complete();
            _toClient.Reader.CancelPendingRead();
            _broker.Drop();
        }

        base.Dispose(disposing);
    }

    private async Task ServeAsync()
    {
        Exception? reason = null;
        try
        {
            await _broker.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever ends it, whoever reads is told.
        catch (Exception exception)
        {
            reason = exception as IOException ?? new IOException(exception.Message, exception);
        }
#pragma warning restore CA1031

        await _toModule.Reader.CompleteAsync().ConfigureAwait(false);
        await _toClient.Writer.CompleteAsync(reason).ConfigureAwait(false);
    }
}
