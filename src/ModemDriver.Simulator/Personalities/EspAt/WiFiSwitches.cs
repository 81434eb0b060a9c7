namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The switches of Wi-Fi, time, power and the serial port.</summary>
internal static class WiFiSwitches
{
    internal const string TimeLineFeed = "line-feed-in-time";
    internal const string TimeDay = "day-in-time";
    internal const string RateOfAnswer = "rate-of-uart-answer";
    internal const string CtsWired = "cts-wired";
    internal const string WakeWired = "wake-wired";
    internal const string QuitOrder = "quit-order";
    internal const string WiFiLoss = "wifi-loss";
    internal const string RestartSaysLosses = "losses-before-restart";
    internal const string BusyUntilJoined = "busy-until-joined";
    internal const string ClosedAfterLoss = "closed-after-wifi-loss";
    internal const string BootText = "boot-text";
    internal const string WrongPasswordCode = "wrong-password-code";
    internal const string LightSleep = "light-sleep";

    private static readonly string[] OnOff = ["on", "off"];

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(TimeLineFeed, OnOff, "off", "A line feed at the end of the text of CIPSNTPTIME."),
        new(TimeDay, ["zero", "blank"], "zero", "What stands before a day of one digit in CIPSNTPTIME."),
        new(RateOfAnswer, ["old", "new"], "old", "The bit rate of the OK that answers a change of the bit rate."),
        new(CtsWired, OnOff, "on", "Whether CTS is wired: where not, a module that waits for it says nothing any more."),
        new(WakeWired, OnOff, "on", "Whether GPIO16 is wired to RST, so that an ESP8266 wakes from GSLP."),
        new(QuitOrder, ["ok-first", "disconnect-first"], "ok-first", "Where WIFI DISCONNECT stands in the answer to CWQAP."),
        new(WiFiLoss, ["said", "silent"], "said",
            "Whether WIFI DISCONNECT tells of an access point that is gone; old builds that reconnect by themselves do not."),
        new(RestartSaysLosses, OnOff, "off", "CLOSED and WIFI DISCONNECT behind the OK of RST."),
        new(BusyUntilJoined, OnOff, "off", "Every command is busy from the boot until the stored join has succeeded or failed."),
        new(ClosedAfterLoss, ["at-once", "late", "never"], "at-once",
            "When CLOSED tells of the TCP links that a lost access point took along; late is ten seconds."),
        new(BootText, ["ready", "banner", "invalid"], "ready",
            "How a boot ends: ready, a vendor's banner before it, or a banner and 'invalid' instead."),
        new(WrongPasswordCode, ["2", "1", "in-turn"], "2",
            "The number of +CWJAP for a wrong password; in-turn says 2 and 1 alternately."),
        new(LightSleep, ["deaf", "awake"], "deaf",
            "Whether a module in light sleep loses what the host sends after a second of silence."),
    ];
}
