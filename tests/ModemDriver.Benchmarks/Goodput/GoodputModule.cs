namespace ModemDriver.Benchmarks.Goodput;

/// <summary>A simulated module, and the largest units in which its payload crosses the line.</summary>
/// <param name="Personality">Its name in the simulator.</param>
/// <param name="SendBytes">One send command.</param>
/// <param name="FetchBytes">One fetch: what its window holds.</param>
/// <param name="PushBytes">One pushed piece.</param>
/// <param name="Words">What its firmware says around the payload.</param>
internal sealed record GoodputModule(
    string Personality, int SendBytes, int FetchBytes, int PushBytes, IWireWords Words)
{
    public static IReadOnlyList<GoodputModule> All { get; } =
    [
        new("esp-at", SendBytes: 2048, FetchBytes: 5760, PushBytes: 1460, new EspAtWords()),
        new("esp-at-esp32", SendBytes: 8192, FetchBytes: 5760, PushBytes: 2920, new EspAtWords()),
        new("air780", SendBytes: 1460, FetchBytes: 1460, PushBytes: 1460, new LuatWords()),
        new("air780ep", SendBytes: 1460, FetchBytes: 1460, PushBytes: 1460, new LuatWords()),
        new("air820", SendBytes: 1460, FetchBytes: 1460, PushBytes: 1460, new LuatWords()),
    ];
}
