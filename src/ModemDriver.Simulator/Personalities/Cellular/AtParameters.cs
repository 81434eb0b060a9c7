using System.Globalization;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The parameters of a command, read as these firmwares do: quotes around a string may be missing, one that is
/// left out leaves its comma.</summary>
internal sealed class AtParameters
{
    private readonly List<string?> _items = [];

    /// <summary>Reads what stands behind the equals sign.</summary>
    internal AtParameters(string text)
    {
        Raw = text;
        for (int position = 0; position <= text.Length && text.Length > 0;)
        {
            position = ParseOne(text, position);
        }
    }

    /// <summary>As it was written.</summary>
    internal string Raw { get; }

    internal int Count => _items.Count;

    /// <summary>A quote is not closed, or something stands behind it.</summary>
    internal bool IsMalformed { get; private set; }

    internal bool Takes(int least, int most) => !IsMalformed && Count >= least && Count <= most;

    /// <summary>Whether it is there; empty quotes are something.</summary>
    internal bool IsGiven(int index) => index >= 0 && index < Count && _items[index] is not null;

    /// <summary>The text without its quotes; empty when there is none.</summary>
    internal string Text(int index) => IsGiven(index) ? _items[index]! : "";

    /// <summary>A text that must be there.</summary>
    internal bool Text(int index, int longest, out string value)
    {
        value = Text(index);
        return IsGiven(index) && value.Length <= longest;
    }

    internal bool TextOr(int index, string fallback, int longest, out string value)
    {
        value = IsGiven(index) ? Text(index) : fallback;
        return value.Length <= longest;
    }

    /// <summary>A number that must be there, within bounds that are included.</summary>
    internal bool Number(int index, int least, int most, out int value)
    {
        value = 0;
        return IsGiven(index)
            && int.TryParse(Text(index), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most;
    }

    internal bool NumberOr(int index, int fallback, int least, int most, out int value)
    {
        value = fallback;
        return !IsGiven(index) || Number(index, least, most, out value);
    }

    /// <summary>Reads one parameter; returns the place behind its comma, or beyond the end.</summary>
    private int ParseOne(string text, int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        if (position < text.Length && text[position] == '"')
        {
            int close = text.IndexOf('"', position + 1);
            IsMalformed |= close < 0;
            close = close < 0 ? text.Length : close;
            _items.Add(text[(position + 1)..close]);
            int next = close + 1;
            while (next < text.Length && text[next] == ' ')
            {
                next++;
            }

            IsMalformed |= next < text.Length && text[next] != ',';
            return next >= text.Length ? text.Length + 1 : next + 1;
        }

        int comma = text.IndexOf(',', position);
        int end = comma < 0 ? text.Length : comma;
        string word = text[position..end].TrimEnd(' ');
        _items.Add(word.Length == 0 ? null : word);
        return end + 1;
    }
}
