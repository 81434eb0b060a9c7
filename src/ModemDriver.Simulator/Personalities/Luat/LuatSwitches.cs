namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Facts of this vendor's firmware that differ between builds, or that nobody has confirmed.</summary>
internal static class LuatSwitches
{
    internal const string RevisionForm = "cgmr-form";
    internal const string ModelForm = "cgmm-form";
    internal const string BootOrder = "boot-order";
    internal const string NitzForm = "nitz-form";
    internal const string LinkBlank = "link-id-blank";
    internal const string AcceptBlank = "data-accept-blank";
    internal const string DeactSpelling = "pdp-deact";
    internal const string DeactCloses = "closed-before-deact";
    internal const string AddressForm = "address-form";
    internal const string ActivationFailure = "state-after-failed-activation";
    internal const string FailedActivation = "failed-activation";
    internal const string AlreadyConnected = "already-connect";
    internal const string ShutResult = "cipshut-result";
    internal const string PushedData = "receive-data";
    internal const string PacketEnd = "line-end-after-packet";
    internal const string PushLead = "ipd-lead";
    internal const string PeerBlank = "recv-from-blank";
    internal const string ReadData = "read-data";
    internal const string ReadEnd = "read-end";
    internal const string ReadBlank = "notice-blank";
    internal const string ReadNotice = "notice-again";
    internal const string EmptyRead = "empty-read";
    internal const string UnreadAtClose = "unread-at-close";
    internal const string DatagramRead = "datagram-read";
    internal const string EscapeInSend = "escape-in-send";
    internal const string SendQuery = "cipsend-query";
    internal const string ConnectEnd = "connect-ok-end";
    internal const string ResetLine = "reset-line";
    internal const string DataAfterEscape = "data-after-escape";
    internal const string FilePrompt = "fswrite-prompt";
    internal const string MissingFile = "missing-file";
    internal const string DnsBlank = "dns-error-blank";
    internal const string BearerAddress = "sapbr-address";
    internal const string CardLine = "card-line";
    internal const string CloseOfUdp = "udp-closed-name";
    internal const string BatteryForm = "battery-form";
    internal const string EngineeringScale = "engineering-scale";
    internal const string FtpType = "ftp-type";
    internal const string MqttDefault = "mqtt-default";
    internal const string MqttHexLength = "mqtt-hex-length";
    internal const string MqttClosed = "mqtt-closed";

    private static readonly string[] OnOff = ["on", "off"];

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(RevisionForm, ["prefixed", "revision"], "prefixed", "The answer to CGMR: +CGMR: \"...\", or Revision: ..."),
        new(ModelForm, ["prefixed", "bare"], "prefixed", "The answer to CGMM: +CGMM: \"...\", or the name alone."),
        new(BootOrder, ["rdy-sms", "rdy-sms-uart", "rdy", "late-sms"], "rdy-sms",
            "The lines of a boot of the 8910 generation; late-sms: SMS READY behind the registration."),
        new(NitzForm, ["local", "utc", "empty"], "local", "The form of +NITZ: local time with two digits of the year, UTC with four, UTC with an empty last field."),
        new(LinkBlank, OnOff, "on", "A blank behind the link's number in results and unsolicited lines."),
        new(AcceptBlank, OnOff, "on", "A blank inside DATA ACCEPT."),
        new(DeactSpelling, ["+PDP DEACT", "+PDP: DEACT", "+PDP:DEACT"], "+PDP DEACT", "The line that tells of the loss of the context."),
        new(DeactCloses, ["before", "after", "none"], "before", "A CLOSED for each of several links when the context is lost, before +PDP DEACT, behind it, or not at all."),
        new(AddressForm, ["plain", "padded"], "plain", "The octets of the answer to CIFSR."),
        new(ActivationFailure, ["PDP DEACT", "IP START"], "PDP DEACT", "The state behind a failed CIICR."),
        new(FailedActivation, ["deact", "error"], "deact", "The answer to a failed CIICR: +PDP: DEACT and +CME ERROR: 65535, or ERROR."),
        new(AlreadyConnected, ["after-ok", "alone"], "after-ok", "ALREADY CONNECT behind an OK, or without one."),
        new(ShutResult, ["SHUT OK", "OK"], "SHUT OK", "The result of CIPSHUT."),
        new(PushedData, ["next-line", "inline"], "next-line", "Where the data of +RECEIVE stand."),
        new(PacketEnd, ["raw-only", "always"], "raw-only", "With CIPRXF=0, a line end behind packets without a header, or behind all."),
        new(PushLead, OnOff, "on", "A line end before +IPD and RECV FROM."),
        new(PeerBlank, OnOff, "on", "A blank behind RECV FROM:."),
        new(ReadData, ["next-line", "glued-hex", "glued"], "next-line",
            "Where the data of CIPRXGET=2 and 3 stand: on a line of their own, or at the end of the header, as hex or always."),
        new(ReadEnd, ["one", "two"], "one", "How many line ends stand between the data of CIPRXGET and the OK."),
        new(ReadBlank, OnOff, "on", "A blank behind the colon of the notice of CIPRXGET."),
        new(ReadNotice, ["when-empty", "when-read"], "when-empty", "With CIPRXGET=1, when a further notice may come: all was read, or anything."),
        new(EmptyRead, ["zero", "error"], "zero", "CIPRXGET=2 with nothing to read: a length of 0, or +CME ERROR: 3."),
        new(UnreadAtClose, ["kept", "lost"], "kept", "Data that is unread when the peer closes: it can be read until CIPSHUT or the next connect, or it is gone."),
        new(DatagramRead, ["one", "stream"], "one", "A read of a UDP link ends at the end of a datagram, or runs on."),
        new(EscapeInSend, ["ok", "send-fail", "error", "silent"], "ok", "What the module says to ESC behind the prompt of CIPSEND."),
        new(SendQuery, ["all", "open"], "all", "The lines of CIPSEND? with several links: for each number, or for each open link."),
        new(ConnectEnd, ["line-end", "none"], "line-end", "What stands behind CONNECT OK; some builds forgot its line end."),
        new(ResetLine, ["closed", "tcp-error"], "closed", "What tells of a single link that the peer has reset: CLOSED, or TCP ERROR:14."),
        new(DataAfterEscape, ["held", "shown"], "held", "What the peer sends after '+++' has left transparent mode: held until ATO, or shown at once."),
        new(FilePrompt, ["bare", "blank", "line"], "bare", "The prompt of FSWRITE: alone, with a blank, or with a line end behind it."),
        new(MissingFile, ["62", "100"], "62", "The +CME ERROR for a file that is not there."),
        new(DnsBlank, OnOff, "off", "A blank behind the colon of +CDNSGIP:0."),
        new(BearerAddress, ["quoted", "padded"], "quoted", "The address in the answer to SAPBR=2: in quotes, or without them and with three digits for each octet."),
        new(CardLine, ["line", "bare"], "line", "The unsolicited +CPIN lines: as lines, or without line ends and with a 0 behind them, as of old."),
        new(BatteryForm, ["millivolts", "standard", "both"], "millivolts", "The answer to CBC: millivolts alone, state and percent of the standard, or all three."),
        new(EngineeringScale, ["index", "dbm"], "index", "RSRP and RSRQ in +EEMLTESVC and +CCED: as CESQ has them, or in dBm and dB."),
        new(CloseOfUdp, ["udp", "tcp"], "udp", "The state behind the close of a UDP link: UDP CLOSED, or TCP CLOSED."),
        new(FtpType, ["I", "A"], "I", "FTPTYPE after a boot."),
        new(MqttDefault, ["pushed", "cached"], "pushed", "Where messages of MQTT go without a word of the host: to it, or into the cache."),
        new(MqttHexLength, ["digits", "bytes"], "digits", "The length in +MSUB with MQTTMODE=1: of what is shown, or of the message."),
        new(MqttClosed, ["prefixed", "plain"], "prefixed", "CLOSED of MQTT with several links: behind a number, or alone."),
    ];
}
