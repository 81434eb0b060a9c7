namespace ModemDriver.Cli.Output;

internal sealed record SmsReport(
    string Sender, DateTimeOffset? SentAt, string? Text, string? Data, int PartCount, int MissingParts);

internal sealed record StoredSmsReport(
    int Index, string Status, string Number, DateTimeOffset? SentAt, string? Text, int Part, int PartCount, bool IsReadable);

internal sealed record SmsPartReport(int Reference, string? Delivery);

internal sealed record UssdReport(string Status, string? Text);

internal sealed record CallReport(string Kind, string? Number, bool? IsWithheld, string? End);

internal sealed record DialReport(string Status);

internal sealed record VoiceCallReport(int Id, bool IsIncoming, string Status, string? Number);

internal sealed record EntryReport(int Index, string Number, string Name);

internal sealed record FtpEntryReport(string Name, string Kind, long? Size, DateTimeOffset? ModifiedAt);

internal sealed record FtpTransferReport(long Bytes, long Offset, double Seconds);

internal sealed record NetworkCardReport(bool IsOn, string? Kind, string? Gateway, bool NeedsRestart);

internal sealed record BatteryReport(double? Volts, int? ChargePercent, bool? IsCharging);

internal sealed record LocationReport(
    string Source, double Latitude, double Longitude, double? AltitudeMetres, double? SpeedKmh, double? HorizontalDilution,
    int? SatellitesUsed, DateTimeOffset? Time);
