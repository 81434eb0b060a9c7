namespace ModemDriver.Dialects.EspAt;

/// <summary>Recognises ESP8266 and ESP32 modules with the vendor's AT firmware.</summary>
internal sealed class EspAtRecogniser : IDialectRecogniser
{
    /// <inheritdoc/>
    public string Question => "AT+GMR";

    /// <inheritdoc/>
    public Dialect? Recognise(IReadOnlyList<string> answer) =>
        EspAtFirmware.Read(answer) is not { } firmware ? null
        : firmware.IsBeforeFirst ? new EspAtAncientDialect(firmware)
        : new EspAtDialect(firmware);
}
