namespace ModemDriver;

/// <summary>What a topic may be: MQTT 3.1.1, section 4.7.</summary>
internal static class ModuleMqttTopic
{
    /// <summary>Throws where a message cannot be published to it.</summary>
    public static void CheckName(string topic, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic, parameter);
        if (topic.AsSpan().IndexOfAny('+', '#') >= 0)
        {
            throw new ArgumentException($"A message cannot be published to the wildcards + and #: {topic}", parameter);
        }
    }

    /// <summary>Throws where it is no filter of a subscription.</summary>
    public static void CheckFilter(string filter, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(filter, parameter);
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            var isAlone = levels[i] is "+" || (levels[i] is "#" && i == levels.Length - 1);
            if (!isAlone && levels[i].AsSpan().IndexOfAny('+', '#') >= 0)
            {
                throw new ArgumentException($"A wildcard fills a level, and # is the last one: {filter}", parameter);
            }
        }
    }

    /// <summary>Throws where it is no QoS.</summary>
    public static void CheckQos(ModuleMqttQos qos, string parameter)
    {
        if (qos is < ModuleMqttQos.AtMostOnce or > ModuleMqttQos.ExactlyOnce)
        {
            throw new ArgumentOutOfRangeException(parameter, qos, "QoS is 0, 1 or 2.");
        }
    }
}
