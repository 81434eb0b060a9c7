using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ModemDriver.EndToEnd.Tests.Diagnostics;

/// <summary>What an operator sees of one modem: its measurements and its activities, told apart by the port.</summary>
internal sealed class Measured : IDisposable
{
    private readonly string _port;
    private readonly MeterListener _listener = new();
    private readonly ActivityListener _traces;
    private readonly Lock _gate = new();
    private readonly List<(string Name, double Value, Dictionary<string, object?> Tags)> _values = [];
    private readonly List<Activity> _activities = [];

    public Measured(string port)
    {
        _port = port;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ModemDriver")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        _traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ModemDriver",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_traces);
    }

    public IReadOnlyList<Activity> Activities
    {
        get
        {
            lock (_gate)
            {
                return [.. _activities];
            }
        }
    }

    /// <summary>Asks for what is only told when it is asked for.</summary>
    public void Collect()
    {
        lock (_gate)
        {
            _values.RemoveAll(value => value.Name is "modem.state" or "modem.link.count");
        }

        _listener.RecordObservableInstruments();
    }

    /// <summary>The sum of the measurements with these attributes.</summary>
    public double Sum(string name, params (string Key, string Value)[] tags) => Values(name, tags).Sum();

    /// <summary>The measurements with these attributes, oldest first.</summary>
    public IReadOnlyList<double> Values(string name, params (string Key, string Value)[] tags)
    {
        lock (_gate)
        {
            return
            [
                .. _values
                    .Where(value => value.Name == name && tags.All(tag => Equals(value.Tags.GetValueOrDefault(tag.Key), tag.Value)))
                    .Select(value => value.Value),
            ];
        }
    }

    /// <summary>The values that an attribute has had, oldest first.</summary>
    public IReadOnlyList<string> Tags(string name, string key)
    {
        lock (_gate)
        {
            return [.. _values.Where(value => value.Name == name).Select(value => $"{value.Tags.GetValueOrDefault(key)}")];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _traces.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kept = new Dictionary<string, object?>(tags.ToArray());
        if (Equals(kept.GetValueOrDefault("modem.port"), _port))
        {
            lock (_gate)
            {
                _values.Add((instrument.Name, value, kept));
            }
        }
    }

    private void Add(Activity activity)
    {
        if (Equals(activity.GetTagItem("modem.port"), _port))
        {
            lock (_gate)
            {
                _activities.Add(activity);
            }
        }
    }
}
