using System.Globalization;
using System.Text;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>Characters that cannot stand between quotes: a backslash and two hex digits (ITU-T V.250 clause 5.4.2.2).</summary>
internal static class QuotedText
{
    internal static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte value))
            {
                plain.Append((char)value);
                i += 2;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
