namespace ModemDriver.Simulator;

/// <summary>Where modules are.</summary>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="AltitudeMetres">Metres above the sea.</param>
public sealed record SimulatedPlace(double Latitude, double Longitude, double AltitudeMetres);
