using System.Globalization;
using System.Text;

namespace ModemDriver.Simulator.Wire;

/// <summary>Text and bytes of the wire: one byte, one character, nothing lost.</summary>
internal static class WireText
{
    internal static Encoding Latin1 => Encoding.Latin1;

    internal static byte[] Bytes(string text) => Latin1.GetBytes(text);

    internal static string Format(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Prints bytes with the escapes of the transcripts: <c>\r \n \\</c> and <c>\xNN</c>.</summary>
    internal static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 8);
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                < 0x20 or > 0x7e => text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture)),
                _ => text.Append((char)b),
            };
        }

        return text.ToString();
    }
}
