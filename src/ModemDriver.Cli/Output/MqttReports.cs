namespace ModemDriver.Cli.Output;

// One record for each JSON document of the MQTT verbs: small types without behaviour.

internal sealed record PublishReport(
    string Broker,
    string Outbox,
    long Accepted,
    long Repeated,
    long Delivered,
    long Refused,
    long Expired,
    long Dropped,
    long Lost,
    int Waiting,
    double Seconds);

internal sealed record ReceivedReport(
    string Topic, string? Payload, string PayloadBase64, int Qos, bool Retained, bool Duplicate);

internal sealed record OutboxReport(
    string Outbox, long? Messages, long? Bytes, OutboxTopicReport[] Topics, string? Trouble);

internal sealed record OutboxTopicReport(
    string Topic, long Messages, long Bytes, DateTimeOffset OldestAcceptedAt, double OldestAgeSeconds);

internal sealed record BridgeReport(string Broker, string Local, long In, long Out);
