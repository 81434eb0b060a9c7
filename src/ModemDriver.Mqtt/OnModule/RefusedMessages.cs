using System.Security.Cryptography;

namespace ModemDriver.Mqtt.OnModule;

/// <summary>
/// What the module has refused, over all connections: a message that it never takes must not be sent for ever, and hold up those
/// behind it. May be used from any thread.
/// </summary>
internal sealed class RefusedMessages
{
    // The second time cannot be put down to a connection that was about to end.
    private const int Most = 2;

    // Each is the first of its connection, so there are few at a time; the rest are of messages that have expired since.
    private const int MostKept = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Name, int> _times = [];

    /// <summary>The module has refused it once more.</summary>
    public void Add(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos)
    {
        var name = Name.Of(topic, payload, qos);
        lock (_gate)
        {
            int times = _times.GetValueOrDefault(name) + 1;
            if (times == 1 && _times.Count >= MostKept)
            {
                _times.Clear();
            }

            _times[name] = times;
        }
    }

    /// <summary>The module has taken it after all.</summary>
    public void Remove(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos)
    {
        lock (_gate)
        {
            if (_times.Count > 0)
            {
                _times.Remove(Name.Of(topic, payload, qos));
            }
        }
    }

    /// <summary>Whether it was refused too often; then it is forgotten, and the same is tried anew if it is published again.</summary>
    public bool Take(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos)
    {
        lock (_gate)
        {
            if (_times.Count == 0)
            {
                return false;
            }

            var name = Name.Of(topic, payload, qos);
            return _times.GetValueOrDefault(name) >= Most && _times.Remove(name);
        }
    }

    private readonly record struct Name(string Topic, string Payload, ModuleMqttQos Qos)
    {
        public static Name Of(string topic, ReadOnlySpan<byte> payload, ModuleMqttQos qos) =>
            new(topic, Convert.ToHexString(SHA256.HashData(payload)), qos);
    }
}
