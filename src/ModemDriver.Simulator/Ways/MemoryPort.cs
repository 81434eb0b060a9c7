using System.IO.Pipelines;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>The way in that stays in the process: a duplex Stream.</summary>
internal sealed class MemoryPort : HostPort
{
    internal MemoryPort(SimulatorLoop loop, PipeScheduler rim, TimeProvider time)
        : base(loop, rim, time)
    {
        Stream = new HostStream(OutsideReader, OutsideWriter, Arrivals, Unplug);
    }

    internal HostStream Stream { get; }

    internal override int? HostBitRate => Stream.BitRate;

    protected override void Close()
    {
        // Completing the module's ends has told the Stream already.
    }
}
