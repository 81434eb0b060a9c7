using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>What a topic may be: MQTT 3.1.1 and 5, section 4.7.</summary>
internal static class TopicRules
{
    private const int MaxBytes = 65_535;

    // Half a surrogate pair is no text: another one would be sent in its place. What is thrown is an ArgumentException.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Throws where a message cannot be published to it.</summary>
    public static void CheckName(string topic, string parameter)
    {
        CheckText(topic, parameter);
        // [MQTT-3.3.2-2]: wildcards are for filters; a broker closes the connection at them.
        if (topic.AsSpan().IndexOfAny('+', '#') >= 0)
        {
            throw new ArgumentException($"A message cannot be published to the wildcards + and #: {topic}", parameter);
        }
    }

    /// <summary>Throws where it is no filter of a subscription.</summary>
    public static void CheckFilter(string filter, string parameter)
    {
        CheckText(filter, parameter);
        for (var i = 0; i < filter.Length; i++)
        {
            // [MQTT-4.7.1-2], [MQTT-4.7.1-3]: a wildcard fills a level, and # is the last one.
            var startsLevel = i == 0 || filter[i - 1] == '/';
            var endsLevel = i == filter.Length - 1 || filter[i + 1] == '/';
            var isMisplaced = filter[i] switch
            {
                '+' => !startsLevel || !endsLevel,
                '#' => !startsLevel || i != filter.Length - 1,
                _ => false,
            };
            if (isMisplaced)
            {
                throw new ArgumentException($"A wildcard fills a level, and # is the last one: {filter}", parameter);
            }
        }
    }

    /// <summary>Throws where a text is no UTF-8 string of MQTT (section 1.5.3, in MQTT 5 1.5.4).</summary>
    public static void CheckString(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"{parameter} holds a NUL, which MQTT forbids.", parameter);
        }

        CheckLength(Strict.GetByteCount(text), parameter);
    }

    /// <summary>Throws where something is longer than a length of two bytes says.</summary>
    public static void CheckLength(int bytes, string parameter)
    {
        if (bytes > MaxBytes)
        {
            throw new ArgumentException($"{parameter} has {bytes} bytes; MQTT allows {MaxBytes}.", parameter);
        }
    }

    private static void CheckText(string topic, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic, parameter);
        CheckString(topic, parameter);
    }
}
