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
