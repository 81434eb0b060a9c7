namespace ModemDriver.Cli.Output;

// One record for each JSON document of docs/cli.md: a family of small types without behaviour.

internal sealed record PortReport(
    string Name,
    string? ByIdPath,
    string? Identity,
    string? Description,
    string? SerialNumber,
    int? UsbVendorId,
    int? UsbProductId,
    int? UsbInterface);

internal sealed record InfoReport(
    string Port,
    int? BitRate,
    string State,
    string? Manufacturer,
    string? Model,
    string? Firmware,
    string Dialect,
    string[] IdentityLines,
    string[] Features,
    string[] MissingFeatures,
    string? Address,
    string? Mac,
    AccessPointReport? AccessPoint,
    string? Registration,
    string? Technology);

internal sealed record AccessPointReport(string? Ssid, string? Bssid, int? Channel, int? RssiDbm);

internal sealed record CommandReport(string Command, IReadOnlyList<string> Lines, string Result, bool Ok);

internal sealed record HttpReport(string Url, int Status, string? ContentType, long Bytes, double Seconds);

internal sealed record TransferReport(string Host, int Port, long BytesSent, long BytesReceived, double Seconds);

internal sealed record ListenReport(int Port, IReadOnlyList<AcceptedReport> Links);

internal sealed record AcceptedReport(string? Peer, long BytesSent, long BytesReceived, double Seconds);

internal sealed record UdpReport(
    string Host, int Port, int Sent, IReadOnlyList<DatagramReport> Received, long Dropped);

internal sealed record DatagramReport(string? Sender, int Bytes, string Base64);

internal sealed record SimulatorReport(string Personality, string Port, bool Paced, int BitRate);

internal sealed record DemoReport(bool Passed, DemoStepReport[] Steps);

internal sealed record DemoStepReport(string Step, bool Passed, string Shown, long Bytes, double Seconds);
