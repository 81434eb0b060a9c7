namespace ModemDriver.Benchmarks.Goodput;

/// <summary>The bytes that cross the line, both ways together, for one unit of payload.</summary>
/// <remarks>
/// The words of the module are those of the ESP-AT user guide, TCP/IP AT Commands; the echo is off. Each side waits for
/// the other, so that the bytes of both directions add up; nobody takes time to answer.
/// </remarks>
/// <param name="Payload">The unit.</param>
/// <param name="Wire">All bytes, the unit itself included.</param>
internal readonly record struct WireCost(int Payload, int Wire)
{
    /// <summary>What is left of the bit rate for payload, 0 to 1.</summary>
    public double Share => (double)Payload / Wire;

    /// <summary>From the host to the peer.</summary>
    public static WireCost Out(GoodputMode mode, GoodputModule module) =>
        mode.IsTransparent ? new WireCost(1, 1) : Send(Number(mode), module.SendBytes);

    /// <summary>From the peer to the host.</summary>
    public static WireCost In(GoodputMode mode, GoodputModule module) =>
        mode.IsTransparent ? new WireCost(1, 1)
        : mode.Receive == ReceiveMode.Push ? Push(Number(mode), module.PushBytes)
        : Fetch(Number(mode), module.FetchBytes, module.PushBytes);

    private static string Number(GoodputMode mode) => mode.Connection == ConnectionMode.Multiple ? "0," : "";

    private static WireCost Send(string number, int payload) => Of(
        payload,
        $"AT+CIPSEND={number}{payload}\r\n",
        "\r\nOK\r\n\r\n>",
        $"\r\nRecv {payload} bytes\r\n",
        "\r\nSEND OK\r\n");

    // The module announces the first piece that comes, and no other until something was fetched.
    private static WireCost Fetch(string number, int payload, int piece) => Of(
        payload,
        $"\r\n+IPD,{number}{piece}\r\n",
        $"AT+CIPRECVDATA={number}{payload}\r\n",
        $"+CIPRECVDATA:{payload},",
        "\r\nOK\r\n");

    private static WireCost Push(string number, int payload) => Of(payload, $"\r\n+IPD,{number}{payload}:");

    private static WireCost Of(int payload, params string[] words) =>
        new(payload, payload + words.Sum(word => word.Length));
}
