using System.Diagnostics.Metrics;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Diagnostics;

/// <summary>The instruments of the Meter <c>ModemDriver.Mqtt</c>; docs/mqtt.md lists them.</summary>
internal sealed class MqttMetrics : IDisposable
{
    /// <summary>The name of the Meter.</summary>
    public const string MeterName = "ModemDriver.Mqtt";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?> _client;
    private readonly Counter<long> _publishes;
    private readonly Counter<long> _received;
    private readonly Counter<long> _acknowledgements;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _disconnects;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _ping;

    /// <summary>Makes the instruments of one client.</summary>
    public MqttMetrics(string client)
    {
        _client = new("client", client);
        _publishes = _meter.CreateCounter<long>("mqtt.publishes", "{packet}", "PUBLISH packets written");
        _received = _meter.CreateCounter<long>("mqtt.received", "{message}", "messages given to the reader");
        _acknowledgements = _meter.CreateCounter<long>("mqtt.acknowledgements", "{message}", "messages that the broker has taken");
        _connects = _meter.CreateCounter<long>("mqtt.connects", "{connection}", "connections that the broker accepted");
        _disconnects = _meter.CreateCounter<long>("mqtt.disconnects", "{connection}", "connections and attempts that failed, by cause");
        _roundTrip = _meter.CreateHistogram<double>("mqtt.publish.duration", "s", "from PUBLISH to the last acknowledgement");
        _ping = _meter.CreateHistogram<double>("mqtt.ping.duration", "s", "from PINGREQ to PINGRESP");
    }

    /// <summary>Has the state of the outbox observed.</summary>
    public void Observe(Func<int> count, Func<long> bytes, Func<TimeSpan> oldest)
    {
        _meter.CreateObservableGauge(
            "mqtt.outbox.messages", () => new Measurement<int>(count(), _client), "{message}", "messages that wait");
        _meter.CreateObservableGauge(
            "mqtt.outbox.bytes", () => new Measurement<long>(bytes(), _client), "By", "what they take up");
        _meter.CreateObservableGauge(
            "mqtt.outbox.oldest",
            () => new Measurement<double>(oldest().TotalSeconds, _client),
            "s",
            "how long the oldest has waited");
    }

    /// <summary>A PUBLISH was written.</summary>
    public void CountPublish(MqttQualityOfServiceLevel level) => _publishes.Add(1, _client, Level(level));

    /// <summary>A message was put into the inbox.</summary>
    public void CountReceived(MqttQualityOfServiceLevel level) => _received.Add(1, _client, Level(level));

    /// <summary>A broker has accepted a connection.</summary>
    public void CountConnect() => _connects.Add(1, _client);

    /// <summary>An attempt has failed, or a connection has ended.</summary>
    public void CountDisconnect(MqttDisconnectCause cause) =>
        _disconnects.Add(1, _client, new KeyValuePair<string, object?>("cause", cause.ToString()));

    /// <summary>The broker has taken a message of QoS 1 or 2.</summary>
    public void CountAcknowledgement(MqttQualityOfServiceLevel level) => _acknowledgements.Add(1, _client, Level(level));

    /// <summary>The last answer to a PUBLISH has come.</summary>
    public void RecordRoundTrip(MqttQualityOfServiceLevel level, TimeSpan time) =>
        _roundTrip.Record(time.TotalSeconds, _client, Level(level));

    /// <summary>PINGRESP has come.</summary>
    public void RecordPing(TimeSpan time) => _ping.Record(time.TotalSeconds, _client);

    public void Dispose() => _meter.Dispose();

    // Boxed once: these are on the path of every message.
    private static readonly object[] Levels = [0, 1, 2];

    private static KeyValuePair<string, object?> Level(MqttQualityOfServiceLevel level) => new("qos", Levels[(int)level]);
}
