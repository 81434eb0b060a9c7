namespace ModemDriver.Dialects.Standard;

/// <summary>Reads the codes of <c>+CPIN</c>.</summary>
/// <remarks>TS 27.007 section 8.3; the codes without a card are vendors'.</remarks>
internal static class SimLine
{
    // +CPIN: <code>       quoted on old phones; "SIM REMOVED 0" on some firmware
    /// <summary>The state that a code stands for.</summary>
    public static SimState StateOf(ReadOnlySpan<byte> code)
    {
        code = StandardFields.Unquote(code);
        return code.StartsWith("READY"u8) ? SimState.Ready
            : code.SequenceEqual("SIM PIN"u8) ? SimState.PinRequired
            : code.SequenceEqual("SIM PUK"u8) ? SimState.PukRequired
            : code.SequenceEqual("SIM PIN2"u8) || code.SequenceEqual("SIM PUK2"u8) ? SimState.SecondCodeRequired
            : code.StartsWith("PH-"u8) ? SimState.DeviceLocked
            : code.StartsWith("SIM REMOVED"u8) || code.SequenceEqual("NOT INSERTED"u8) ? SimState.NotInserted
            : code.SequenceEqual("NOT READY"u8) ? SimState.Busy
            : SimState.Unknown;
    }
}
