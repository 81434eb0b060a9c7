using System.IO.Pipelines;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>The way in that stays in the process: a duplex Stream.</summary>
internal sealed class MemoryPort : HostPort
{
    internal MemoryPort(SimulatorLoop loop, PipeScheduler rim)
        : base(loop, rim)
    {
        Stream = new HostStream(OutsideReader, OutsideWriter, Unplug);
    }

    internal HostStream Stream { get; }

    protected override void Close()
    {
        // Completing the module's ends has told the Stream already.
    }
}
