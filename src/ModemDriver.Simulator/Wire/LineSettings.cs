namespace ModemDriver.Simulator.Wire;

/// <summary>How the module's port runs.</summary>
/// <param name="BitRate">In bit/s.</param>
/// <param name="HonoursRts">Whether a host waits for its receive buffer.</param>
/// <param name="HonoursCts">Whether it sends only while CTS allows it.</param>
/// <param name="CtsIsWired">Whether anybody ever does.</param>
internal readonly record struct LineSettings(int BitRate, bool HonoursRts, bool HonoursCts, bool CtsIsWired);
