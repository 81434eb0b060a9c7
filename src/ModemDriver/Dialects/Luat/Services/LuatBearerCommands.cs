using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary><c>AT+SAPBR</c>: the bearer of FTP, HTTP, network time and location. The vendor's AT manual, chapter bearer.</summary>
internal sealed class LuatBearerCommands : IBearerCommands
{
    private const int Set = 3;
    private const int Open1 = 1;
    private const int Ask = 2;
    private const int Connected = 1;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // As AT+CIICR, whose maximum by the manual is 90 s.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(95);

    /// <summary>The number of the bearer that the driver uses, 1 to 3.</summary>
    public const int Number = 1;

    // +SAPBR: 1,<0 connecting, 1 connected, 2 closing, 3 closed>,"<address>"     the address may be unquoted and padded
    /// <inheritdoc/>
    public QueryCommand<bool> ReadIsOpen() => new(
        new CommandLineBuilder("AT+SAPBR=").Number(Ask).Number(Number).Build(), SettingLimit, false, ReadState);

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Open(ApnOptions? apn) =>
    [
        Say("CONTYPE", "GPRS"),
        Say("APN", apn?.Name ?? string.Empty),
        Say("USER", apn?.UserName ?? string.Empty),
        Say("PWD", apn?.Password ?? string.Empty),
        new SimpleCommand(new CommandLineBuilder("AT+SAPBR=").Number(Open1).Number(Number).Build(), OpenLimit),
    ];

    private static SimpleCommand Say(string tag, string value) => new(
        new CommandLineBuilder("AT+SAPBR=").Number(Set).Number(Number).Text(tag, nameof(tag)).Secret(value, nameof(value)).Build(),
        SettingLimit);

    private static bool ReadState(ReadOnlySpan<byte> line, ref bool answer)
    {
        if (!LuatFields.TryStrip(line, "+SAPBR"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryReadInt(out _) && reader.TryReadInt(out var state) && state == Connected;
        return true;
    }
}
