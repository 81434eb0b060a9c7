using System.Globalization;
using System.Net;
using System.Text;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The parameters of a set command, read strictly; the first mistake is kept.</summary>
/// <remarks>
/// Strings stand in double quotes, numbers do not. Inside quotes, comma, quote and backslash are written with a
/// backslash before them. A middle parameter that is left out leaves its comma (ESP-AT user guide, "AT command
/// types").
/// </remarks>
internal sealed class Parameters
{
    private readonly List<(Kind Kind, string Value)> _items = [];
    private bool _isMalformed;

    private enum Kind
    {
        Empty,
        Number,

        /// <summary>Digits behind a plus sign, which few parameters take.</summary>
        Signed,
        Text,
    }

    internal int Count => _items.Count;

    /// <summary>The code of the first mistake; 0 while there is none.</summary>
    internal int Mistake { get; private set; }

    internal Outcome Refusal => Outcome.Error(Mistake);

    internal static Parameters Parse(string text)
    {
        var parameters = new Parameters();
        int position = 0;
        do
        {
            position = parameters.ParseOne(text, position);
        }
        while (position <= text.Length && !parameters._isMalformed);

        if (parameters._isMalformed)
        {
            parameters.Mistake = ErrorCode.ParseFailure;
        }

        return parameters;
    }

    internal bool Takes(int least, int most)
    {
        if (Mistake == 0 && (Count < least || Count > most))
        {
            Mistake = ErrorCode.Count(Count < least ? least : most, Count);
        }

        return Mistake == 0;
    }

    internal bool IsText(int index) => index < Count && _items[index].Kind == Kind.Text;

    internal bool IsGiven(int index) => index < Count && _items[index].Kind != Kind.Empty;

    /// <summary>A number as the host wrote it, perhaps with a sign; <see langword="null"/> when there is none.</summary>
    internal string? Plain(int index) =>
        index < Count && _items[index].Kind is Kind.Number or Kind.Signed ? _items[index].Value : null;

    /// <summary>A number that must be there, within bounds that are included.</summary>
    internal bool Number(int index, int least, int most, out int value)
    {
        value = 0;
        if (index >= Count || _items[index].Kind != Kind.Number)
        {
            return Refuse(ErrorCode.Type(index));
        }

        if (!int.TryParse(_items[index].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            || value < least || value > most)
        {
            return Refuse(ErrorCode.Invalid(index));
        }

        return true;
    }

    internal bool NumberOr(int index, int fallback, int least, int most, out int value)
    {
        value = fallback;
        return !IsGiven(index) || Number(index, least, most, out value);
    }

    /// <summary>A string that must be there.</summary>
    internal bool Text(int index, int longest, out string value)
    {
        value = "";
        if (!IsText(index))
        {
            return Refuse(ErrorCode.Type(index));
        }

        value = _items[index].Value;
        return value.Length <= longest || Refuse(ErrorCode.Length(index));
    }

    internal bool TextOrNone(int index, int longest, out string? value)
    {
        value = null;
        if (!IsGiven(index))
        {
            return true;
        }

        bool isGood = Text(index, longest, out string text);
        value = text;
        return isGood;
    }

    /// <summary>Four numbers with dots, in quotes.</summary>
    internal bool Address(int index, out IPAddress address)
    {
        address = IPAddress.Any;
        if (!Text(index, 15, out string text))
        {
            return false;
        }

        if (!NameCommands.TryParseAddress(text, out IPAddress? parsed))
        {
            return Refuse(ErrorCode.Invalid(index));
        }

        address = parsed!; // The parser said so.
        return true;
    }

    /// <summary>A MAC address in quotes, which comes back in lower case. The lowest bit of the first octet marks a
    /// group, which an interface cannot be.</summary>
    internal bool Mac(int index, out string mac)
    {
        if (!Text(index, 17, out mac))
        {
            return false;
        }

        string[] octets = mac.Split(':');
        mac = mac.ToLowerInvariant();
        return (octets.Length == 6
            && octets.All(octet => octet.Length == 2 && octet.All(char.IsAsciiHexDigit))
            && (Convert.ToByte(octets[0], 16) & 1) == 0)
            || Refuse(ErrorCode.Invalid(index));
    }

    internal bool MacOrNone(int index, out string? mac)
    {
        mac = null;
        if (!IsGiven(index))
        {
            return true;
        }

        bool isGood = Mac(index, out string given);
        mac = given;
        return isGood;
    }

    /// <summary>Gives a mistake the code of its command, which says more than the general one.</summary>
    internal bool Blame(bool isGood, int code)
    {
        Mistake = isGood ? Mistake : code;
        return isGood;
    }

    internal bool Refuse(int code)
    {
        Mistake = Mistake == 0 ? code : Mistake;
        return false;
    }

    /// <summary>Reads one parameter; returns the place behind its comma, or beyond the end.</summary>
    private int ParseOne(string text, int position)
    {
        if (position < text.Length && text[position] == '"')
        {
            return ParseText(text, position + 1);
        }

        int comma = text.IndexOf(',', position);
        int end = comma < 0 ? text.Length : comma;
        string word = text[position..end];
        bool isNumber = word.Length > 0 && word.AsSpan(word[0] is '-' or '+' ? 1 : 0) is { Length: > 0 } digits
            && !digits.ContainsAnyExceptInRange('0', '9');
        _isMalformed |= word.Length > 0 && !isNumber;
        Kind kind = !isNumber ? Kind.Empty : word[0] == '+' ? Kind.Signed : Kind.Number;
        _items.Add((kind, word));
        return end + 1;
    }

    private int ParseText(string text, int position)
    {
        var value = new StringBuilder();
        for (; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length && text[position + 1] is ',' or '"' or '\\')
            {
                position++;
            }
            else if (text[position] == ',')
            {
                _isMalformed = true; // It had to be escaped.
            }

            value.Append(text[position]);
        }

        // The closing quote must be there, and nothing but a comma behind it.
        _isMalformed |= position >= text.Length || (position + 1 < text.Length && text[position + 1] != ',');
        _items.Add((Kind.Text, value.ToString()));
        return position + 2;
    }
}
