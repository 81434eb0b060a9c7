namespace ModemDriver.Benchmarks.Goodput;

/// <summary>What a firmware says around payload. Written by hand, from the manuals; it shares nothing with the driver.</summary>
internal interface IWireWords
{
    /// <summary>One send.</summary>
    /// <param name="number">The number of the link with its comma; empty in single mode.</param>
    /// <param name="payload">How many bytes.</param>
    WireCost Send(string number, int payload);

    /// <summary>One fetch, and what announces it.</summary>
    /// <param name="number">The number of the link with its comma; empty in single mode.</param>
    /// <param name="payload">How many bytes.</param>
    /// <param name="piece">In which pieces they came to the module.</param>
    WireCost Fetch(string number, int payload, int piece);

    /// <summary>One push.</summary>
    /// <param name="number">The number of the link with its comma; empty in single mode.</param>
    /// <param name="payload">How many bytes.</param>
    WireCost Push(string number, int payload);
}

/// <summary>ESP-AT user guide, TCP/IP AT Commands.</summary>
internal sealed class EspAtWords : IWireWords
{
    public WireCost Send(string number, int payload) => WireCost.Of(
        payload,
        $"AT+CIPSEND={number}{payload}\r\n",
        "\r\nOK\r\n\r\n>",
        $"\r\nRecv {payload} bytes\r\n",
        "\r\nSEND OK\r\n");

    // The module announces the first piece that comes, and no other until something was fetched.
    public WireCost Fetch(string number, int payload, int piece) => WireCost.Of(
        payload,
        $"\r\n+IPD,{number}{piece}\r\n",
        $"AT+CIPRECVDATA={number}{payload}\r\n",
        $"+CIPRECVDATA:{payload},",
        "\r\nOK\r\n");

    public WireCost Push(string number, int payload) => WireCost.Of(payload, $"\r\n+IPD,{number}{payload}:");
}

/// <summary>The vendor's AT manual, chapter TCP/IP.</summary>
internal sealed class LuatWords : IWireWords
{
    public WireCost Send(string number, int payload) => WireCost.Of(
        payload, $"AT+CIPSEND={number}{payload}\r\n", "\r\n> ", $"\r\nDATA ACCEPT:{number}{payload}\r\n");

    // With AT+CIPRXGET=5 every packet is announced; here one is one fetch.
    public WireCost Fetch(string number, int payload, int piece) => WireCost.Of(
        payload,
        $"\r\n+CIPRXGET: 1{(number.Length > 0 ? ",0" : "")}\r\n",
        $"AT+CIPRXGET=2,{number}{payload}\r\n",
        $"\r\n+CIPRXGET: 2,{number}{payload},{piece}\r\n",
        "\r\nOK\r\n");

    public WireCost Push(string number, int payload) => WireCost.Of(
        payload, number.Length > 0 ? $"\r\n+RECEIVE,{number}{payload}:\r\n" : $"\r\n+IPD,{payload}:");
}
