namespace ModemDriver.Dialects.Luat;

/// <summary>Recognises Air720, Air724, Air780 and Air820 modules with the vendor's AT firmware.</summary>
internal sealed class LuatRecogniser : IDialectRecogniser
{
    /// <inheritdoc/>
    public string Question => "ATI";

    /// <inheritdoc/>
    public Dialect? Recognise(IReadOnlyList<string> answer) =>
        LuatFirmware.Read(answer) is { } firmware ? new LuatDialect(firmware) : null;
}
