using System.Globalization;
using System.Text;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>A payload on a line of a terminal, and in a JSON document.</summary>
internal static class PayloadText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The payload as text; <see langword="null"/> where it is no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> payload)
    {
        try
        {
            return Strict.GetString(payload);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One harmless line: text as text, other bytes as <c>\xNN</c>.</summary>
    public static string Show(ReadOnlySpan<byte> payload)
    {
        if (Decode(payload) is string text)
        {
            return SafeText.Show(text);
        }

        var shown = new StringBuilder(payload.Length);
        foreach (byte b in payload)
        {
            _ = b is >= 0x20 and < 0x7F
                ? shown.Append((char)b)
                : shown.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return shown.ToString();
    }
}
