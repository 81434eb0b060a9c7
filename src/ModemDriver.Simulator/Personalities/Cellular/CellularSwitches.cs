namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Facts of cellular firmware that differ between builds, or that nobody has confirmed.</summary>
internal static class CellularSwitches
{
    internal const string EarlyInput = "input-during-command";
    internal const string EchoLineFeed = "echo-line-feed";
    internal const string FirstLines = "first-lines-lost";
    internal const string NoiseBeforeAt = "noise-before-at";
    internal const string ErrorForm = "cmee-default";
    internal const string WrongParameter = "wrong-parameter";
    internal const string WrongState = "wrong-state";
    internal const string ThirdWrongPin = "last-wrong-pin";
    internal const string PinTries = "pin-tries";
    internal const string CardWithoutFunction = "card-at-cfun-0";
    internal const string CircuitSwitched = "creg-on-lte";
    internal const string RegistrationBlank = "registration-blank";
    internal const string OperatorNames = "operator-names";
    internal const string ScanAbort = "scan-abort";
    internal const string RegistrationInAnswer = "registration-in-answer";
    internal const string NoSignal = "csq-without-signal";
    internal const string ContextTail = "cgdcont-tail";
    internal const string EmptySlot = "cmgr-empty";
    internal const string MessageForms = "message-forms";
    internal const string TextSet = "ucs2-set";

    private static readonly string[] OnOff = ["on", "off"];

    internal static IReadOnlyList<PersonalitySwitch> All { get; } =
    [
        new(EarlyInput, ["queued", "lost"], "queued", "What the host sends while a command is under way."),
        new(EchoLineFeed, OnOff, "off", "The echo shows the line feed behind a line's CR when both come together."),
        new(FirstLines, ["0", "1", "2"], "1", "How many lines a module loses right after its boot."),
        new(NoiseBeforeAt, ["skipped", "error"], "skipped", "What stands before AT in a line: skipped, or an error."),
        new(ErrorForm, ["0", "1", "2"], "1", "CMEE after a boot, where AT&W has not stored another one."),
        new(WrongParameter, ["50", "53", "error"], "50", "The answer to a wrong parameter: a +CME ERROR, or ERROR."),
        new(WrongState, ["3", "error"], "3", "The answer to a command that is not allowed now: a +CME ERROR, or ERROR."),
        new(ThirdWrongPin, ["12", "16"], "12", "The +CME ERROR of the wrong PIN that blocks the card."),
        new(PinTries, ["cpinr", "none"], "cpinr", "Whether CPINR tells how many codes may still be tried."),
        new(CardWithoutFunction, ["kept", "off"], "kept", "Whether CFUN=0 takes the card's power, so that it wants its PIN again."),
        new(CircuitSwitched, ["registered", "searching"], "registered", "What CREG says while the module is registered for packets only."),
        new(RegistrationBlank, OnOff, "on", "A blank behind the colon of unsolicited +CREG, +CGREG and +CEREG."),
        new(OperatorNames, ["plain", "ucs2"], "plain", "The names in the answer to COPS=?."),
        new(ScanAbort, ["ok", "error", "queued"], "ok", "What a character does to COPS=?: ends it with a result, or waits."),
        new(RegistrationInAnswer, OnOff, "off", "A +CGREG line stands inside the answer to CEREG?, as seen once."),
        new(NoSignal, ["99", "0"], "99", "What CSQ says while nothing is heard."),
        new(ContextTail, ["none", "zeros", "empty"], "none", "What follows the address in the answer to CGDCONT?."),
        new(EmptySlot, ["321", "ok"], "321", "The answer to CMGR of an empty slot: +CMS ERROR: 321, or OK alone."),
        new(MessageForms, ["both", "text"], "both", "The forms of messages that CMGF offers: octets and text, or text alone."),
        new(TextSet, ["known", "unknown"], "known", "Whether CSCS offers UCS2."),
    ];

    internal static IReadOnlyList<PersonalitySwitch> Describe(
        CellularProfile profile, IReadOnlyList<PersonalitySwitch> vendor) =>
        [.. All.Concat(vendor).Select(known => known with
        {
            Default = profile.SwitchDefaults.GetValueOrDefault(known.Name, known.Default),
        })];
}
