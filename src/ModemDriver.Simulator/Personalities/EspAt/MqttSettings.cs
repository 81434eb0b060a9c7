using ModemDriver.Simulator.Network.Mqtt;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+MQTTUSERCFG, and the commands that set a part of it.</summary>
/// <param name="Scheme">1 TCP; 2 TLS, 3 that verifies the broker, 4 that shows a certificate, 5 both.</param>
/// <param name="ClientId">At most 256 bytes, or 1024 from a payload.</param>
/// <param name="UserName">Empty sends none.</param>
/// <param name="Password">Empty sends none.</param>
/// <param name="Path">Shown, and of use to WebSocket only.</param>
internal sealed record MqttUser(int Scheme, string ClientId, string UserName, string Password, string Path)
{
    /// <summary>AT+MQTTSNI and AT+MQTTALPN.</summary>
    internal TlsNames Names { get; init; } = TlsNames.None;

    internal bool UsesTls => Scheme > 1;

    internal TlsPolicy Tls => new(
        Scheme switch
        {
            3 => 2,
            4 => 1,
            5 => 3,
            _ => 0,
        },
        0, 0);
}

/// <summary>AT+MQTTCONNCFG.</summary>
/// <param name="KeepAlive">In seconds.</param>
/// <param name="CleanSession">Whether the broker forgets the client with the connection.</param>
/// <param name="Will">The last will; <see langword="null"/> for none.</param>
internal sealed record MqttConnectionSettings(int KeepAlive, bool CleanSession, MqttMessage? Will)
{
    /// <summary>What 0 stands for.</summary>
    internal const int UsualKeepAlive = 120;

    internal static MqttConnectionSettings Usual { get; } = new(UsualKeepAlive, true, null);
}

/// <summary>AT+MQTTCONN.</summary>
/// <param name="Host">A name or four numbers.</param>
/// <param name="Port">1 to 65,535.</param>
/// <param name="Reconnects">Whether a lost connection is made anew.</param>
internal sealed record MqttBroker(string Host, int Port, bool Reconnects);
