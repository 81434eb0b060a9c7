using ModemDriver.Simulator;

namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/simulator.md, the module on a pseudo-terminal.</summary>
internal static class SimulatorOnPty
{
    public static async Task RunAsync(Func<PtyPort, Task> use)
    {
        #region SimulatorOnPty
        await using var module = new ModemSimulator(new SimulatorOptions());
        using PtyPort pty = module.OpenPty("/tmp/ttyModem");      // picocom -b 115200 /tmp/ttyModem
        #endregion
        await use(pty);
    }
}
