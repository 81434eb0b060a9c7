namespace ModemDriver.Cellular;

/// <summary>What one line says of card, registration and signal; null what it does not speak of.</summary>
/// <param name="Registration">The registration in one part of the network.</param>
/// <param name="Sim">The card.</param>
/// <param name="Signal">The signal.</param>
internal readonly record struct CellularReport(
    CellularRegistration? Registration = null, SimState? Sim = null, SignalQuality? Signal = null);
