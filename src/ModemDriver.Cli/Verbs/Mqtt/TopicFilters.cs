using MQTTnet;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>What filters have in common: MQTT 3.1.1 and 5, section 4.7.</summary>
internal static class TopicFilters
{
    private const string Shared = "$share/";

    /// <summary>Whether a topic is one of a filter's.</summary>
    public static bool Matches(string filter, string topic) =>
        MqttTopicFilterComparer.Compare(topic, Plain(filter)) == MqttTopicFilterCompareResult.IsMatch;

    /// <summary>Whether there can be a topic that both filters match.</summary>
    public static bool Overlap(string one, string other)
    {
        string[] left = Plain(one).Split('/');
        string[] right = Plain(other).Split('/');
        for (int i = 0; ; i++)
        {
            bool leftEnds = i == left.Length;
            bool rightEnds = i == right.Length;
            if (leftEnds || rightEnds)
            {
                // "a/#" also matches "a".
                return (leftEnds || left[i] == "#") && (rightEnds || right[i] == "#");
            }

            if (left[i] == "#" || right[i] == "#")
            {
                return true;
            }

            if (left[i] != "+" && right[i] != "+" && left[i] != right[i])
            {
                return false;
            }
        }
    }

    // MQTT 5, 4.8.2: $share/{name}/{filter}.
    private static string Plain(string filter)
    {
        int slash = filter.StartsWith(Shared, StringComparison.Ordinal)
            ? filter.IndexOf('/', Shared.Length)
            : -1;
        return slash < 0 ? filter : filter[(slash + 1)..];
    }
}
