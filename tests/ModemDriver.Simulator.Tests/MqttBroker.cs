namespace ModemDriver.Simulator.Tests;

/// <summary>A broker by hand: MQTT 3.1.1 packets as a test writes them down, one character a byte.</summary>
internal sealed class MqttBroker(Bench bench)
{
    internal const string Address = "192.168.1.10";
    internal const string Accepted = "\u0020\u0002\0\0";
    internal const string Ping = "\u00c0\0";
    internal const string Pong = "\u00d0\0";
    internal const string Farewell = "\u00e0\0";

    private readonly InMemoryListener _listener = bench.Network.Listen(Address, 1883);

    internal InMemoryPeer Peer { get; private set; } = null!;

    /// <summary>The first byte, the length, the rest.</summary>
    internal static string Packet(int first, string body)
    {
        string length = body.Length < 128
            ? $"{(char)body.Length}"
            : $"{(char)((body.Length & 127) | 128)}{(char)(body.Length >> 7)}";
        return (char)first + length + body;
    }

    /// <summary>The length in two bytes, and the text.</summary>
    internal static string Text(string text) => $"{(char)(text.Length >> 8)}{(char)(text.Length & 255)}{text}";

    /// <summary>A message; a number of 0 is not sent.</summary>
    internal static string Publish(int flags, string topic, int id, string data) =>
        Packet(0x30 | flags, Text(topic) + (id > 0 ? Number(id) : "") + data);

    internal static string Number(int id) => $"{(char)(id >> 8)}{(char)(id & 255)}";

    /// <summary>Gives the module AT+MQTTUSERCFG, and this connection; returns what the broker has received first.
    /// </summary>
    internal string Connect(int reconnects = 0, string settings = "")
    {
        Assert.EndsWith("\r\nOK\r\n", bench.Command("AT+MQTTUSERCFG=0,1,\"dev1\",\"\",\"\",0,0,\"\""), StringComparison.Ordinal);
        if (settings.Length > 0)
        {
            Assert.Equal("\r\nOK\r\n", bench.Command("AT+MQTTCONNCFG=0," + settings));
        }

        Assert.Equal("", bench.Command($"AT+MQTTCONN=0,\"{Address}\",1883,{reconnects}"));
        string introduction = Accept();
        Assert.Equal(
            $"+MQTTCONNECTED:0,1,\"{Address}\",\"1883\",\"\",{reconnects}\r\n\r\nOK\r\n", Answer(Accepted));
        return introduction;
    }

    /// <summary>Takes the next connection and reads its first packet.</summary>
    internal string Accept()
    {
        Peer = bench.Accept(_listener);
        return Read();
    }

    internal string Read() => bench.Read(Peer);

    /// <summary>Whether nothing has come.</summary>
    internal bool IsSilent => Peer.TakeReceived().Length == 0;

    /// <summary>Whether the module has vanished without a word.</summary>
    internal bool IsBroken =>
        Record.Exception(() => bench.Read(Peer))?.GetBaseException() is Network.NetworkException;

    /// <summary>Sends packets; returns what the module said to that.</summary>
    internal string Answer(string packets)
    {
        bench.Write(Peer, packets);
        return bench.Take();
    }

    /// <summary>Subscribes the module to a topic.</summary>
    internal void Subscribe(string topic, int qos, int id = 1)
    {
        Assert.Equal("", bench.Command($"AT+MQTTSUB=0,\"{topic}\",{qos}"));
        Assert.Equal(Packet(0x82, Number(id) + Text(topic) + (char)qos), Read());
        Assert.Equal("\r\nOK\r\n", Answer(Packet(0x90, Number(id) + (char)qos)));
    }
}
