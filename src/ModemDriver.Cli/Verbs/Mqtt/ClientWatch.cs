using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Tells a person how a client fares: each trouble once, and that it is over.</summary>
internal sealed class ClientWatch(string broker, TextWriter error)
{
    private string? _told;

    /// <summary>Told of each change, one at a time.</summary>
    public void Tell(MqttClientStateChange change)
    {
        if (change.NewState == MqttClientState.Connected)
        {
            if (_told is not null)
            {
                error.WriteLine($"Connected to {broker} again.");
                _told = null;
            }

            return;
        }

        string? trouble = change.NewState switch
        {
            MqttClientState.WaitingForModem when change.OldState == MqttClientState.Connected =>
                "The modem has lost the connection; it is being restored.",
            _ when change is { Reason: { } reason, NewState: MqttClientState.BackingOff or MqttClientState.Connecting } =>
                $"{Trouble.From(reason).Sentence} Trying again.",
            _ => null,
        };
        if (trouble is not null && trouble != _told)
        {
            _told = trouble;
            error.WriteLine($"{broker}: {trouble}");
        }
    }
}
