namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CWSTARTSMART: the module waits for the name of its network from the air, and joins it.</summary>
internal sealed class SmartConfig(EspAtModule module)
{
    private IReadOnlyList<SmartConfigProtocol> _understood = [];
    private bool _stores;

    internal void Start(IReadOnlyList<SmartConfigProtocol> understood, bool stores)
    {
        _understood = understood;
        _stores = stores;
    }

    internal void Stop() => _understood = [];

    internal void Hear(SmartConfigMessage message)
    {
        if (_understood.Contains(message.Protocol))
        {
            Stop();
            module.Host.Loop.StartHere(() => ObeyAsync(message, module.Life));
        }
    }

    private async Task ObeyAsync(SmartConfigMessage message, CancellationToken life)
    {
        string type = message.Protocol switch
        {
            SmartConfigProtocol.AirKiss => "AIRKISS",
            SmartConfigProtocol.TouchV2 => "ESPTOUCH_V2",
            _ => "ESPTOUCH",
        };
        module.Respond.Urc($"smartconfig type:{type}\r\n");
        module.Respond.Urc("Smart get wifi info\r\n");
        module.Respond.Urc($"ssid:{message.Ssid}\r\n");
        module.Respond.Urc($"password:{message.Password}\r\n");
        if (message is { Protocol: SmartConfigProtocol.TouchV2, Data.Length: > 0 })
        {
            module.Respond.Urc(FormattableString.Invariant($"+SCRD:{message.Data.Length},{message.Data}\r\n"));
        }

        var request = new JoinRequest(message.Ssid, message.Password, null);
        module.Settings.Current.Join = request;
        module.Settings.Current.ReconnectInterval = request.Option(JoinField.ReconnectInterval);
        if (_stores)
        {
            module.Stored.Join = request;
        }

        if (await module.Station.JoinAsync(request, life) == JoinFailure.None)
        {
            module.Respond.Urc("smartconfig connected wifi\r\n");
        }
    }
}
