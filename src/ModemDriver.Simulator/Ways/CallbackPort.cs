using System.IO.Pipelines;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>The way in for single-threaded runs: bytes by calls, in both directions.</summary>
internal sealed class CallbackPort : HostPort
{
    private readonly Action<ReadOnlyMemory<byte>> _toHost;

    internal CallbackPort(SimulatorLoop loop, TimeProvider time, Action<ReadOnlyMemory<byte>> toHost)
        : base(loop, PipeScheduler.Inline, time, waits: false)
    {
        _toHost = toHost;
        loop.StartHere(ForwardAsync);
    }

    internal int? BitRate { get; set; }

    internal override int? HostBitRate => BitRate;

    /// <summary>Bytes from the host. Never waits: who calls this has no thread to wait on.</summary>
    internal void Send(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(HasEnded, this);
        Arrivals.Add(data.Length);
        data.CopyTo(OutsideWriter.GetSpan(data.Length));
        OutsideWriter.Advance(data.Length);
        ValueTask<FlushResult> flush = OutsideWriter.FlushAsync();
        _ = flush.AsTask(); // Room is not waited for.
    }

    protected override void Close()
    {
        // The forwarding ends with the pipe.
    }

    private async Task ForwardAsync()
    {
        while (true)
        {
            ReadResult read = await OutsideReader.ReadAsync().ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                _toHost(segment);
            }

            OutsideReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
