using System.Collections.Frozen;
using System.Text;

namespace ModemDriver.Diagnostics;

/// <summary>The values of an enumeration as values of attributes: lower case, words parted by underscores.</summary>
internal static class MetricText<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Texts =
        Enum.GetValues<T>().Distinct().ToFrozenDictionary(value => value, value => MetricText.Of(value.ToString()));

    /// <summary>The value for a metric or a trace.</summary>
    public static string Of(T value) => Texts[value];
}

/// <summary>A name as a value of an attribute.</summary>
internal static class MetricText
{
    /// <summary>Lower case, words parted by underscores.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
