namespace ModemDriver.Cli.Output;

// One record for each JSON document of modem status: small types without behaviour. Kind tells them apart in a stream.

internal sealed record StatusReport(
    string Kind,
    DateTimeOffset Time,
    string Port,
    int? BitRate,
    string State,
    string? Manufacturer,
    string? Model,
    string? Firmware,
    string Dialect,
    StatusLinkReport[] Links,
    SignalReport? Signal);

internal sealed record StatusLinkReport(int Number, string EndPoint, string State, long BytesSent, long BytesReceived);

internal sealed record StateChangeReport(
    string Kind, DateTimeOffset Time, string OldState, string NewState, string Trigger, string? Reason);

internal sealed record RungReport(
    string Kind,
    DateTimeOffset Time,
    string Cause,
    string Rung,
    int Attempt,
    double Seconds,
    bool Helped,
    string? Failure);
