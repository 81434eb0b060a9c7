using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulator.Wire;

/// <summary>What goes wrong on the line: by order, and by rates that differ.</summary>
internal sealed record Disturbance(FaultInjector Faults, LineNoise Noise);
