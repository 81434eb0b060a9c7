namespace ModemDriver.Cli.Output;

// One record for each JSON document of the cellular side: small types without behaviour.

internal sealed record SimReport(
    string State, bool? PinEnabled, int? PinTriesLeft, int? PukTriesLeft, string? Iccid, string? Imsi, string? Imei);

internal sealed record RegistrationReport(
    string Status,
    string? Technology,
    string? OperatorCode,
    string? OperatorName,
    string OperatorMode,
    int? AreaCode,
    long? CellId,
    int? RejectCause);

internal sealed record OperatorReport(
    string Code, string? LongName, string? ShortName, string Status, string? Technology);

internal sealed record SignalReport(
    DateTimeOffset Time,
    string Class,
    string? DecidedBy,
    string? Technology,
    double? RsrpDbm,
    double? RsrqDb,
    double? SinrDb,
    double? RssiDbm,
    double? RscpDbm,
    double? EcNoDb,
    int? BitErrorClass);

internal sealed record ApnReport(string? Address, ContextReport[] Contexts);

internal sealed record ContextReport(int Id, string? Type, string? Apn, bool? Active, string? Address);
