namespace ModemDriver.Benchmarks.Goodput;

/// <summary>The bytes that cross the line, both ways together, for one unit of payload.</summary>
/// <remarks>
/// Each side waits for the other, so that the bytes of both directions add up; nobody takes time to answer; the echo is
/// off.
/// </remarks>
/// <param name="Payload">The unit.</param>
/// <param name="Wire">All bytes, the unit itself included.</param>
internal readonly record struct WireCost(int Payload, int Wire)
{
    /// <summary>What is left of the bit rate for payload, 0 to 1.</summary>
    public double Share => (double)Payload / Wire;

    /// <summary>From the host to the peer.</summary>
    public static WireCost Out(GoodputMode mode, GoodputModule module) =>
        mode.IsTransparent ? new WireCost(1, 1) : module.Words.Send(Number(mode), module.SendBytes);

    /// <summary>From the peer to the host.</summary>
    public static WireCost In(GoodputMode mode, GoodputModule module) =>
        mode.IsTransparent ? new WireCost(1, 1)
        : mode.Receive == ReceiveMode.Push ? module.Words.Push(Number(mode), module.PushBytes)
        : module.Words.Fetch(Number(mode), module.FetchBytes, module.PushBytes);

    /// <summary>
    /// Both at once. In command mode the line carries one thing at a time; pushed and transparent payload has the other
    /// direction for itself.
    /// </summary>
    public static WireCost Both(GoodputMode mode, GoodputModule module)
    {
        WireCost sent = Out(mode, module);
        WireCost got = In(mode, module);
        if (mode.IsTransparent)
        {
            return new WireCost(2, 1);
        }

        // Equal payload each way: what one needs for its unit, and the other for as much.
        double factor = (double)sent.Payload / got.Payload;
        double wire = mode.Receive == ReceiveMode.Push
            ? Math.Max(sent.Wire, got.Wire * factor)
            : sent.Wire + got.Wire * factor;
        return new WireCost(2 * sent.Payload, (int)Math.Round(wire));
    }

    private static string Number(GoodputMode mode) => mode.Connection == ConnectionMode.Multiple ? "0," : "";

    /// <summary>The unit and the words around it.</summary>
    public static WireCost Of(int payload, params string[] words) =>
        new(payload, payload + words.Sum(word => word.Length));
}
