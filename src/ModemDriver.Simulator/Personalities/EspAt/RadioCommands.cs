namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands" and "TCP/IP AT commands": what the radio and the stack can be told.</summary>
internal sealed class RadioCommands(EspAtModule module) : CommandGroup(module)
{
    // Bit 0 is 802.11b, bit 1 is 802.11g, bit 2 is 802.11n.
    private const int AllProtocols = 7;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CWSTAPROTO")
        {
            Read = Says(_ => $"+CWSTAPROTO:{Settings.StationProtocols}"),
            Set = Takes(1, () => AllProtocols, (_, value) => Settings.StationProtocols = value),
        },
        new("CWAPPROTO")
        {
            Read = Says(_ => $"+CWAPPROTO:{Settings.SoftApProtocols}"),
            Set = Takes(1, () => AllProtocols, (_, value) => Settings.SoftApProtocols = value),
        },
        new("CIPV6")
        {
            Read = Says(_ => $"+CIPV6:{(Module.IPv6.IsEnabled ? 1 : 0)}\r\n"),
            Set = Takes(0, () => 1, (_, value) => Module.IPv6.Enable(value == 1)),
        },
    ];
}
