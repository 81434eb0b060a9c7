using ModemDriver.Fuzz.Targets;

namespace ModemDriver.Fuzz;

/// <summary>All that there are.</summary>
internal static class FuzzTargets
{
    /// <summary>In the order in which they are run. Nothing of the driver is touched before one runs: instrumented code needs
    /// the memory that the fuzzer hands over with the first input.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("framer", FramerTarget.Run),
        new("words", WordTarget.Run),
        new("fields", FieldTarget.Run),
        new("identify", IdentifyTarget.Run),
        new("esp-at", input => DialectTarget.EspAt.Run(input)),
        new("luat", input => DialectTarget.Luat.Run(input)),
        new("standard", input => DialectTarget.Standard.Run(input)),
        new("errors", ErrorTarget.Run),
        new("pdu", PduTarget.Run),
        new("submit", SubmitTarget.Run),
        new("gsm7", Gsm7Target.Run),
        new("ussd", UssdTarget.Run),
        new("ftp", FtpTarget.Run),
        new("encoder", EncoderTarget.Run),
        new("commands", CommandTarget.Run),
    ];

    /// <summary>The one of that name; null for none.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
