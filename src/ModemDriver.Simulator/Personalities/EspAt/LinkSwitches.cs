namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The switches of transparent mode, of UDP.</summary>
internal static class LinkSwitches
{
    internal const string ModeAfterEscape = "cipmode-after-escape";
    internal const string ClosedAfterEscape = "closed-after-escape";
    internal const string EarlyCommand = "command-soon-after-escape";
    internal const string SavedLinkPrompt = "saved-link-prompt";
    internal const string SendChangesPeer = "send-changes-peer";
    internal const string EmptyDatagram = "empty-datagram";

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(ModeAfterEscape, ["1", "0"], "1", "CIPMODE after '+++' has left transparent mode."),
        new(ClosedAfterEscape, ["on", "off"], "off", "CLOSED behind a '+++' that came while the connection was lost."),
        new(EarlyCommand, ["lost", "taken"], "lost", "What the host sends within a second after '+++'."),
        new(SavedLinkPrompt, ["after-ready", "before-ready", "none"], "after-ready",
            "Where the prompt stands when the module boots into the link of SAVETRANSLINK."),
        new(SendChangesPeer, ["on", "off"], "off", "A send with host and port makes them the peer of the UDP link."),
        new(EmptyDatagram, ["ignored", "shown"], "ignored", "What the host sees of a datagram without data."),
    ];
}
