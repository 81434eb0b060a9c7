using System.Globalization;
using System.Text;

namespace ModemDriver.Framing;

/// <summary>Prints wire bytes so that a person can read them, and a test can read them back.</summary>
/// <remarks>
/// The notation of docs/transcripts.md: <c>\r</c>, <c>\n</c>, <c>\\</c>, <c>\xNN</c>; a blank at the end is
/// <c>\x20</c>.
/// </remarks>
internal static class AtText
{
    /// <summary>The bytes in dialogue notation.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 8);
        for (var i = 0; i < bytes.Length; i++)
        {
            AppendEscaped(text, bytes[i], isLast: i == bytes.Length - 1);
        }

        return text.ToString();
    }

    /// <summary>One byte, one character: nothing lost, nothing interpreted.</summary>
    public static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static void AppendEscaped(StringBuilder text, byte b, bool isLast)
    {
        switch (b)
        {
            case (byte)'\r':
                text.Append("\\r");
                break;
            case (byte)'\n':
                text.Append("\\n");
                break;
            case (byte)'\\':
                text.Append("\\\\");
                break;
            case (byte)' ' when isLast:
                text.Append("\\x20");
                break;
            case >= 0x20 and < 0x7F:
                text.Append((char)b);
                break;
            default:
                text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
                break;
        }
    }
}
