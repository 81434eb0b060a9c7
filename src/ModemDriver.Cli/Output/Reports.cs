namespace ModemDriver.Cli.Output;

// One record for each JSON document of docs/cli.md: a family of small types without behaviour.

internal sealed record PortReport(
    string Name,
    string? ByIdPath,
    string? Description,
    string? SerialNumber,
    int? UsbVendorId,
    int? UsbProductId,
    int? UsbInterface);

internal sealed record SimulatorReport(string Personality, string Port, bool Paced, int BitRate);
