namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Facts that differ between builds or are unconfirmed, each with a default.</summary>
internal sealed class EspAtSwitches
{
    internal const string ClosedAfterFailedConnect = "closed-after-failed-connect";
    internal const string EmptyLine = "empty-line";
    internal const string OkBeforeForcedRestart = "ok-before-forced-restart";
    internal const string EchoDoublesReturn = "echo-doubles-return";
    internal const string StartExId = "cipstartex-id";
    internal const string LostAfterPrompt = "send-on-lost-link";
    internal const string EmptyRead = "empty-passive-read";
    internal const string RestoreOrder = "restore-closes";
    internal const string ClosedBeforeRead = "closed-before-read";
    internal const string LineEnd = "line-end";
    internal const string LogOnAtPort = "log-on-at-port";
    internal const string RomText = "rom-text";
    internal const string NoiseBeforeAt = "noise-before-at";

    private static readonly string[] OnOff = ["on", "off"];

    private static readonly PersonalitySwitch[] General =
    [
        new(ClosedAfterFailedConnect, ["on", "off", "connect-fail"], "off",
            "What follows the ERROR of a refused connect: CLOSED, nothing, or CONNECT FAIL."),
        new(EmptyLine, ["error", "silent"], "error", "The answer to an empty line."),
        new(OkBeforeForcedRestart, OnOff, "on", "An OK between 'Will force to restart!!!' and the boot."),
        new(EchoDoublesReturn, OnOff, "off", "The echo of a line ends CR CR LF instead of CR LF."),
        new(StartExId, ["lowest", "highest"], "lowest", "Which free id CIPSTARTEX takes."),
        new(LostAfterPrompt, ["send-fail", "error"], "send-fail",
            "The verdict when the link was lost between the prompt and the last byte."),
        new(EmptyRead, ["error", "zero"], "error", "The answer to CIPRECVDATA when nothing is buffered."),
        new(RestoreOrder, ["descending", "ascending"], "descending", "The order of CLOSED lines of RESTORE."),
        new(ClosedBeforeRead, ["held", "early", "lossy"], "held",
            "CLOSED while data is unread: held back, at once with the data kept, at once with the data lost."),
        new(LineEnd, ["auto", "crlf", "cr", "cr-or-crlf"], "auto",
            "What ends a command line. auto: cr-or-crlf on a pseudo-terminal, crlf elsewhere. cr: some builds run a "
            + "line at its CR, and take a late LF as the start of the next."),
        new(LogOnAtPort, OnOff, "off", "The log shares the port, as on builds for boards with one UART."),
        new(RomText, ["none", "garbage", "clear", "clear-then-garbage"], "none", "What the boot ROM says on the port before 'ready'."),
        new(NoiseBeforeAt, ["ignored", "error"], "ignored",
            "Control characters and bytes above 0x7e before AT: skipped, or part of an unknown command."),
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    internal EspAtSwitches(EspAtProfile profile, IReadOnlyDictionary<string, string> chosen)
    {
        foreach (PersonalitySwitch known in Describe(profile))
        {
            _values[known.Name] = chosen.GetValueOrDefault(known.Name, known.Default);
        }
    }

    internal static IReadOnlyList<PersonalitySwitch> Describe(EspAtProfile profile) =>
        [.. General.Concat(WiFiSwitches.All).Concat(LinkSwitches.All).Concat(MqttSwitches.All).Select(known => known with
        {
            Default = profile.SwitchDefaults.GetValueOrDefault(
                known.Name, profile.Links.SwitchDefaults.GetValueOrDefault(known.Name, known.Default)),
        })];

    internal string this[string name] => _values[name];

    internal bool IsOn(string name) => _values[name] == "on";
}
