using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;
using ModemDriver.Transport;

namespace ModemDriver.Dialects.EspAt.Services;

/// <summary><c>AT+UART_CUR</c>, which is not stored. ESP-AT user guide, Basic AT Commands.</summary>
internal sealed class EspAtLineCommands : ILineCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(1);

    // 10 ms at least, 20 to 100 ms as people measure it.
    /// <inheritdoc/>
    public TimeSpan ChangeTime { get; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public QueryCommand<LineSettings?> Read() =>
        new(CommandLineBuilder.Raw("AT+UART_CUR?", EspAtDialect.MaxCommandLine), QueryLimit, null, ReadSettings);

    // AT+UART_CUR=<rate>,<data bits>,<1 one, 2 one and a half, 3 two stop bits>,<0 none, 1 odd, 2 even>,<flow control>
    // Flow control, 3 for RTS and CTS, only where the port has it: with open pins the module hangs (mbed-os issue 11981).
    /// <inheritdoc/>
    public AtCommand SetBitRate(int bitRate, LineSettings? current, SerialTransportOptions port)
    {
        current ??= new LineSettings(
            port.DataBits,
            port.StopBits == SerialStopBits.Two ? 3 : 1,
            port.Parity switch
            {
                SerialParity.Odd => 1,
                SerialParity.Even => 2,
                _ => 0,
            },
            port.FlowControl == SerialFlowControl.RtsCts ? 3 : 0);
        return new SimpleCommand(
            new CommandLineBuilder("AT+UART_CUR=", QuotingRule.Backslash, EspAtDialect.MaxCommandLine)
                .Number(bitRate)
                .Number(current.DataBits)
                .Number(current.StopBits)
                .Number(current.Parity)
                .Number(current.FlowControl)
                .Build(),
            SettingLimit);
    }

    // +UART_CUR:<rate>,<data bits>,<stop bits>,<parity>,<flow control>
    // The rate is what the divider really makes, 115201 for 115200, and is not used. NonOS prints zeros for what was
    // never set (ESP8266_NONOS_SDK issue 213).
    internal static bool ReadSettings(ReadOnlySpan<byte> line, ref LineSettings? answer)
    {
        if (!EspAtFields.TryStrip(line, "+UART"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryReadInt(out _)
            && reader.TryReadInt(out var data) && data is >= 5 and <= 8
            && reader.TryReadInt(out var stop) && stop is >= 1 and <= 3
            && reader.TryReadInt(out var parity) && parity is >= 0 and <= 2
            && reader.TryReadInt(out var flow) && flow is >= 0 and <= 3
                ? new LineSettings(data, stop, parity, flow)
                : null;
        return true;
    }
}
