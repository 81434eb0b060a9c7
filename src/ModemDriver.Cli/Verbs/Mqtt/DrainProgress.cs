using System.Globalization;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Whether messages reach the broker: the outbox is seen to shrink, from time to time.</summary>
internal sealed class DrainProgress(ManagedMqttClient client, TimeSpan limit, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _left = LeftIn(client);

    /// <summary>To be called again and again, several times within the limit.</summary>
    /// <exception cref="ToolException">Nothing has left the outbox for the limit.</exception>
    public void Check()
    {
        long left = LeftIn(client);
        if (left != _left)
        {
            _left = left;
            _since = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_since) >= limit)
        {
            throw new ToolException(ExitCode.TimeLimit, string.Create(
                CultureInfo.InvariantCulture,
                $"No message has reached the broker for {limit.TotalSeconds:0.###} s. {client.LastFailure?.Message}").TrimEnd());
        }
    }

    // How many have left it; how many wait would also change by those that come.
    private static long LeftIn(ManagedMqttClient client)
    {
        MqttClientStatistics counted = client.Statistics;
        return counted.Delivered + counted.Refused + counted.Expired + counted.Dropped + counted.Lost;
    }
}
