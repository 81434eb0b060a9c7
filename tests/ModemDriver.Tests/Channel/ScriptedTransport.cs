using System.Text;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Channel;

/// <summary>Records what is written. A test must account for every write; what it does not fails it.</summary>
internal sealed class ScriptedTransport : ITransport
{
    private readonly Queue<string> _writes = new();

    public string Name => "test";

    public int? BitRate => null;

    public IControlLines? ControlLines { get; set; }

    /// <summary>Set: every write throws it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Set: a write completes with it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        _writes.Enqueue(Encoding.Latin1.GetString(data.Span));
        return Failure is { } failure ? ValueTask.FromException(failure)
            : Gate is { } gate ? new ValueTask(gate.Task) : ValueTask.CompletedTask;
    }

    /// <summary>The writes since the last call.</summary>
    public string[] TakeWrites()
    {
        string[] writes = [.. _writes];
        _writes.Clear();
        return writes;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
