using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities;

/// <summary>What a personality stands on: the board around the firmware.</summary>
internal sealed record ModuleHost(
    SimulatorOptions Options, SimulatorLoop Loop, ModuleClock Clock, Uart Uart, FaultInjector Faults)
{
    internal ModuleTimings Timings { get; } = Options.EffectiveTimings;

    internal void Trace(string text) => Options.Trace?.Invoke(text);
}
