using ModemDriver.Channel;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>
/// AT 0.x of the ESP8266 (2014 and 2015). Its words for links have no number, and its prompt no OK before it: commands
/// can be sent to it, and everything else is refused by the name of the firmware.
/// </summary>
internal sealed class EspAtAncientDialect(EspAtFirmware firmware) : Dialect
{
    /// <inheritdoc/>
    public override ModuleIdentity Identity { get; } = new(
        "ESP8266 AT 0.x (too old: update the firmware)", "Espressif", firmware.Chip, firmware.VersionText, firmware.Lines);

    /// <inheritdoc/>
    public override ChannelRules Rules { get; } = new EspAtDialect(firmware).Rules;

    /// <inheritdoc/>
    public override ModuleNotice ReadNotice(ReadOnlySpan<byte> line) => EspAtNotices.Read(line);

    /// <inheritdoc/>
    public override bool Supports(ModemFeature feature) => false;
}
