using System.Globalization;
using System.Text;

namespace ModemDriver.Cli.Output;

/// <summary>Text of strangers, such as the name of an access point, made harmless for a terminal.</summary>
internal static class SafeText
{
    /// <summary>
    /// The text with everything that a terminal would act upon, or that would change how the rest is read, written as an
    /// escape: controls, marks of direction, joiners, line separators, characters that nobody has assigned.
    /// </summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune))
            {
                shown.Append(rune.ToString());
            }
            else if (rune.Value <= 0xFF)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return shown.ToString();
    }

    /// <summary>
    /// A JSON document with the same characters written as JSON escapes; it means the same. They stand in strings only,
    /// since nothing of the grammar is one of them, but for the line ends of an indented document.
    /// </summary>
    public static string Document(string json)
    {
        if (json.EnumerateRunes().All(rune => rune.Value == '\n' || IsHarmless(rune)))
        {
            return json;
        }

        var shown = new StringBuilder(json.Length + 64);
        foreach (Rune rune in json.EnumerateRunes())
        {
            string text = rune.ToString();
            if (rune.Value == '\n' || IsHarmless(rune))
            {
                shown.Append(text);
                continue;
            }

            foreach (char c in text)
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }

        return shown.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
        or UnicodeCategory.OtherNotAssigned);
}
