using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Faults;

/// <summary>Applies a fault plan to one module. For the loop only.</summary>
#pragma warning disable CA1822 // The seam first; what it does follows.
internal sealed class FaultInjector
{
    internal bool ShapesOutput => false;

    internal void Output(ReadOnlySpan<byte> data, ByteQueue tx) => tx.Write(data);

    internal void Answer(ReadOnlySpan<byte> data, Uart uart) => uart.Write(data);

    internal ReadOnlySpan<byte> Input(ReadOnlySpan<byte> data) => data;

    internal int AnnouncedLength(int length) => length;

    internal bool LosesPrompt() => false;

    internal void Verdict(bool isSent, string ok, string fail, Action<string> answer) => answer(isSent ? ok : fail);

    internal int NextChunk(int available) => available;

    internal Task DelayOutputAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal Task BetweenChunksAsync() => Task.CompletedTask;
}
