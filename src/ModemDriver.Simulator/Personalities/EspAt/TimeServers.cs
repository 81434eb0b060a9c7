namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CIPSNTPCFG.</summary>
/// <param name="Zone">As the host wrote it: hours, or hours and minutes as [+|-][hh]mm.</param>
/// <param name="Offset">What that means.</param>
/// <param name="Names">One to three.</param>
internal sealed record TimeServers(int Zone, TimeSpan Offset, IReadOnlyList<string> Names);
