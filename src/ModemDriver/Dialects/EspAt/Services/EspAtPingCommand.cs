using System.Text;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.EspAt.Services;

/// <summary><c>AT+PING="host"</c></summary>
internal sealed class EspAtPingCommand(CommandLine line, TimeSpan timeLimit) : PingCommand(line, timeLimit)
{
    // +PING:<ms>    +PING:TIMEOUT     ESP-AT; its 2.1 manual shows +timeout
    // +<ms>         +timeout          NonOS
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        var text = line.StartsWith("+PING:"u8) ? line["+PING:".Length..]
            : line.StartsWith("+"u8) ? line[1..]
            : default;
        if (Ascii.EqualsIgnoreCase(text, "timeout"u8))
        {
            HasTimedOut = true;
            return true;
        }

        // The sign belongs to the prefix; a second one is no number.
        if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]) || !FieldReader.TryParse(text, out var milliseconds))
        {
            return line.StartsWith("+PING:"u8);
        }

        RoundTrip = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }
}
