namespace ModemDriver.Cli.Output;

// One record for each JSON document of the radio and the module's services: small types without behaviour.

internal sealed record ScannedReport(
    string Ssid, string SsidHex, string Bssid, int RssiDbm, int? Channel, string Security, bool Hidden);

internal sealed record WiFiReport(
    string State,
    AccessPointReport? AccessPoint,
    string? Address,
    string? Gateway,
    string? Netmask,
    bool? Dhcp,
    string? Mac,
    string[]? NameServers,
    string? HostName,
    string? Country,
    string? PowerSave);

internal sealed record LeaveReport(string? Left);

internal sealed record SoftApReport(
    string Ssid,
    string Security,
    int? Channel,
    string? Address,
    string? Mac,
    StationReport[] Stations,
    StationEventReport[] Events);

internal sealed record StationReport(string Mac, string? Address);

internal sealed record StationEventReport(string Event, string? Mac, string? Address);

internal sealed record PingReport(
    string Host, int Sent, int Received, double?[] RoundTripsMs, double? LeastMs, double? MeanMs, double? MostMs);

internal sealed record TimeReport(DateTimeOffset Time, DateTimeOffset ComputerTime, double AheadSeconds);

internal sealed record BaudReport(int? BitRate, int? FormerBitRate);

internal sealed record RestartReport(string State, double Seconds);
