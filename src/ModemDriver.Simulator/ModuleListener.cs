namespace ModemDriver.Simulator;

/// <summary>A server of a module that is a listening socket of this machine: see <see cref="HostNetwork"/>.</summary>
/// <param name="ModulePort">The port that the module knows.</param>
/// <param name="Port">The port on the loopback address.</param>
public sealed record ModuleListener(int ModulePort, int Port);
