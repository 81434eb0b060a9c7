namespace ModemDriver.Benchmarks.Goodput;

/// <summary>A way for payload to cross the line.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Connection">One link or several: several have a number in each command and header.</param>
/// <param name="Receive">Whether received payload is fetched or pushed.</param>
/// <param name="IsTransparent">Whether the line carries payload and nothing else.</param>
internal sealed record GoodputMode(
    string Name, ConnectionMode Connection, ReceiveMode Receive, bool IsTransparent = false)
{
    public static IReadOnlyList<GoodputMode> All { get; } =
    [
        new("single, passive", ConnectionMode.Single, ReceiveMode.Automatic),
        new("single, push", ConnectionMode.Single, ReceiveMode.Push),
        new("multiple, passive", ConnectionMode.Multiple, ReceiveMode.Automatic),
        new("multiple, push", ConnectionMode.Multiple, ReceiveMode.Push),
        new("transparent", ConnectionMode.Single, ReceiveMode.Automatic, IsTransparent: true),
    ];
}
