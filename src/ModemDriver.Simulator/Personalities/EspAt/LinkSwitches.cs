namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The switches of transparent mode, of UDP, of the server, of TLS, of long sends.</summary>
internal static class LinkSwitches
{
    internal const string ModeAfterEscape = "cipmode-after-escape";
    internal const string ClosedAfterEscape = "closed-after-escape";
    internal const string EarlyCommand = "command-soon-after-escape";
    internal const string SavedLinkPrompt = "saved-link-prompt";
    internal const string SavedLinkText = "saved-link-text";
    internal const string EarlyPassive = "passive-in-2.0";
    internal const string SendChangesPeer = "send-changes-peer";
    internal const string EmptyDatagram = "empty-datagram";
    internal const string LargestPush = "largest-ipd";
    internal const string ReportLead = "sendl-report-lead";
    internal const string SniFromHost = "sni-from-host";
    internal const string MissingCertificate = "missing-certificate";
    internal const string ClosedInHandshake = "closed-in-handshake";
    internal const string TlsLength = "tls-passive-length";
    internal const string ServerAuthority = "server-ca-field";
    internal const string LimitBelowLinks = "server-limit-below-links";
    internal const string ServerLimit = "server-beyond-limit";
    internal const string ServerCloses = "server-closes";

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(ModeAfterEscape, ["1", "0"], "1", "CIPMODE after '+++' has left transparent mode."),
        new(ClosedAfterEscape, ["on", "off"], "off", "CLOSED behind a '+++' that came while the connection was lost."),
        new(EarlyCommand, ["lost", "taken"], "lost", "What the host sends within a second after '+++'."),
        new(SavedLinkPrompt, ["after-ready", "before-ready", "when-linked", "none"], "after-ready",
            "Where the prompt stands when the module boots into the link of SAVETRANSLINK."),
        new(SavedLinkText, ["none", "connect"], "none",
            "What is said when the link of SAVETRANSLINK comes up after the boot: nothing, or CONNECT."),
        new(EarlyPassive, ["absent", "noticed", "silent"], "absent",
            "Passive receive of release 2.0.0: not there, or there with answers of its own, and with a notice or without."),
        new(SendChangesPeer, ["on", "off"], "off", "A send with host and port makes them the peer of the UDP link."),
        new(ReportLead, ["on", "off"], "off", "A line end before each report of CIPSENDL."),
        new(SniFromHost, ["on", "off"], "off", "The host of CIPSTART is sent as the server's name when CIPSSLCSNI is not set."),
        new(MissingCertificate, ["at-cipstart", "at-cipsslcconf"], "at-cipstart",
            "When an empty slot of CIPSSLCCONF is found out: at the connect, or at once."),
        new(ClosedInHandshake, ["error", "closed-ok"], "error",
            "A peer that closes in the TLS handshake: ERROR, or CLOSED and OK, as seen once."),
        new(TlsLength, ["encrypted", "plain"], "encrypted",
            "Lengths that passive mode announces for a TLS link: of what came, or of what it says."),
        new(ServerAuthority, ["omitted", "shown"], "omitted", "The field of the authority in the answer to CIPSERVER?."),
        new(LimitBelowLinks, ["refused", "refused-below-clients", "accepted"], "refused",
            "CIPSERVERMAXCONN below the number of open links: 'Have n Connections' and ERROR, or that below the number of "
            + "the server's clients only, or OK."),
        new(ServerLimit, ["closes", "stops"], "closes",
            "A client beyond CIPSERVERMAXCONN is closed at once; with 'stops' no other one is ever taken again."),
        new(ServerCloses, ["ascending", "descending"], "ascending", "The order of CLOSED lines of CIPSERVER=0,1."),
        new(LargestPush, ["536", "1460", "2920"], "1460", "The most bytes of one +IPD."),
        new(EmptyDatagram, ["ignored", "shown"], "ignored", "What the host sees of a datagram without data."),
    ];
}
