using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;
using ModemDriver.Transport;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary><c>AT+IPR</c>, which is not stored. V.250 section 6.2.10.</summary>
internal sealed class LuatLineCommands : ILineCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public TimeSpan ChangeTime { get; } = TimeSpan.FromMilliseconds(200);

    // Nothing but the rate can be set, so nothing else has to be kept.
    /// <inheritdoc/>
    public QueryCommand<LineSettings?> Read() => new(
        CommandLineBuilder.Raw("AT+IPR?"),
        QueryLimit,
        null,
        static (ReadOnlySpan<byte> line, ref LineSettings? _) => LuatFields.TryStrip(line, "+IPR"u8, out var fields));

    /// <inheritdoc/>
    public AtCommand SetBitRate(int bitRate, LineSettings? current, SerialTransportOptions port) =>
        new SimpleCommand(new CommandLineBuilder("AT+IPR=").Number(bitRate).Build(), SettingLimit);
}
