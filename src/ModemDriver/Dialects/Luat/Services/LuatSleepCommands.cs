using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>How the module sleeps.</summary>
/// <remarks>The vendor's AT manuals, chapter on low power.</remarks>
internal sealed class LuatSleepCommands : ISleepCommands
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // AT+CSCLK=<0 off|1 by the pin|2 when the line is idle|3 deepest>      AT+WAKETIM=<0-65 s>
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> SetSleep(SleepMode mode, TimeSpan quietTime)
    {
        var choose = new SimpleCommand(new CommandLineBuilder("AT+CSCLK=").Number((int)mode - (int)SleepMode.Awake).Build(), SettingLimit);
        return SleepsAfter(mode, quietTime) is null
            ? [choose]
            : [new SimpleCommand(new CommandLineBuilder("AT+WAKETIM=").Number((long)quietTime.TotalSeconds).Build(), SettingLimit), choose];
    }

    /// <inheritdoc/>
    public QueryCommand<SleepMode?> ReadSleep() => new(CommandLineBuilder.Raw("AT+CSCLK?"), SettingLimit, null, TakeMode);

    /// <inheritdoc/>
    public TimeSpan? SleepsAfter(SleepMode mode, TimeSpan quietTime) =>
        mode is SleepMode.IdleLine or SleepMode.Deepest ? quietTime : null;

    // +CSCLK: <n>
    private static bool TakeMode(ReadOnlySpan<byte> line, ref SleepMode? mode)
    {
        if (!LuatFields.TryStrip(line, "+CSCLK"u8, out var fields))
        {
            return false;
        }

        mode = FieldReader.TryParse(fields, out var number) && number is >= 0 and <= 3
            ? (SleepMode)(number + (int)SleepMode.Awake)
            : SleepMode.Unknown;
        return true;
    }
}
