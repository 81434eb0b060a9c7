using System.Net;

namespace ModemDriver;

/// <summary>What a module says of its supply.</summary>
/// <remarks>TS 27.007 section 8.4.</remarks>
/// <param name="ChargePercent">How full the battery is, 0 to 100; <see langword="null"/> where the module does not say.</param>
/// <param name="Volts">The voltage; <see langword="null"/> where the module does not say.</param>
/// <param name="IsCharging">Whether a charger is connected; <see langword="null"/> where the module does not say.</param>
public sealed record BatteryStatus(int? ChargePercent, double? Volts, bool? IsCharging);

/// <summary>As what a module shows itself to the computer at its USB.</summary>
public enum NetworkCardKind
{
    /// <summary>The module does not say.</summary>
    Unknown,

    /// <summary>RNDIS, for which Windows and Linux have a driver.</summary>
    Rndis,

    /// <summary>ECM, for which Linux and macOS have a driver.</summary>
    Ecm,
}

/// <summary>How a module's network card is set.</summary>
/// <param name="IsOn">Whether it is on, or will be when the module starts.</param>
/// <param name="Kind">Of which kind.</param>
/// <param name="Gateway">The module's address on that network; <see langword="null"/> where it does not say.</param>
public sealed record NetworkCardStatus(bool IsOn, NetworkCardKind Kind, IPAddress? Gateway);

/// <summary>Where a module is, by the cells that it hears: to some hundred metres in a town, to kilometres elsewhere.</summary>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="Longitude">Degrees, east positive.</param>
/// <param name="LocalTime">The time that came with it; <see langword="null"/> if none did. Its zone is not told.</param>
public sealed record CellLocation(double Latitude, double Longitude, DateTime? LocalTime)
{
    /// <summary>Does not tell the place.</summary>
    public override string ToString() => nameof(CellLocation);
}

/// <summary>What a satellite receiver says.</summary>
public sealed record GnssReading
{
    /// <summary>Whether it knows where it is; else all but <see cref="SatellitesInView"/> is <see langword="null"/>.</summary>
    public bool HasFix { get; init; }

    /// <summary>Degrees, north positive.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees, east positive.</summary>
    public double? Longitude { get; init; }

    /// <summary>Metres above the sea.</summary>
    public double? AltitudeMetres { get; init; }

    /// <summary>Kilometres an hour.</summary>
    public double? SpeedKmh { get; init; }

    /// <summary>Degrees from north, clockwise.</summary>
    public double? CourseDegrees { get; init; }

    /// <summary>How much the satellites' places spread the error (HDOP); 1 is best.</summary>
    public double? HorizontalDilution { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>How many satellites are heard.</summary>
    public int? SatellitesInView { get; init; }

    /// <summary>How many of them are used.</summary>
    public int? SatellitesUsed { get; init; }

    /// <summary>Does not tell the place.</summary>
    public override string ToString() => HasFix ? "fix" : "no fix";
}

/// <summary>Why a service that the module asks for us has failed.</summary>
public enum BoardServiceFailure
{
    /// <summary>For no reason that is known; the code has it.</summary>
    Unknown,

    /// <summary>There is no connection to the network.</summary>
    NoNetwork,

    /// <summary>The server's name was not found.</summary>
    NameNotFound,

    /// <summary>The server was not reached.</summary>
    NotReached,

    /// <summary>The server did not answer in time.</summary>
    NoAnswer,

    /// <summary>The server has answered, and had no answer to the question.</summary>
    NotFound,

    /// <summary>The module is at it already.</summary>
    Busy,

    /// <summary>The answer is more than the module can hold.</summary>
    TooLong,

    /// <summary>What the server has answered cannot be read.</summary>
    Protocol,
}

/// <summary>A service that the module asks for us, such as a place or the time, has failed.</summary>
public sealed class BoardServiceException : ModemException
{
    internal BoardServiceException(string service, BoardServiceFailure reason, int? code)
        : base($"The module did not get {service} ({reason}{(code is null ? string.Empty : $", its number {code}")}).")
    {
        Reason = reason;
        Code = code;
    }

    /// <summary>Why.</summary>
    public BoardServiceFailure Reason { get; }

    /// <summary>The module's number; <see langword="null"/> where it gave none.</summary>
    public int? Code { get; }
}
