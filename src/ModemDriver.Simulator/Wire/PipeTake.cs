using System.Buffers;
using System.IO.Pipelines;

namespace ModemDriver.Simulator.Wire;

/// <summary>Takes bytes out of a pipe.</summary>
internal static class PipeTake
{
    /// <summary>Copies what fits and advances; returns how much that was.</summary>
    internal static int Take(this PipeReader reader, ReadResult result, Span<byte> target)
    {
        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, target.Length));
        taken.CopyTo(target);

        // Before advancing: afterwards the segments belong to the pipe again, and their lengths mean nothing.
        int count = (int)taken.Length;
        reader.AdvanceTo(taken.End);
        return count;
    }
}
