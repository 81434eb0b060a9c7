using System.Buffers;
using System.Text;

namespace ModemDriver.Messaging;

/// <summary>An address field: a number, or a name of at most eleven characters.</summary>
/// <remarks>TS 23.040 section 9.1.2.5.</remarks>
internal static class PduAddress
{
    /// <summary>The longest number, in digits.</summary>
    public const int MaxDigits = 20;

    private const byte International = 0x91;
    private const byte Unknown = 0x81;
    private const byte Alphanumeric = 0xD0;
    private const int MaxNameSeptets = 11;
    private const int TypeMask = 0x70;
    private const int InternationalType = 0x10;
    private const int AlphanumericType = 0x50;
    private const string Digits = "0123456789*#abc";

    private static readonly SearchValues<char> Diallable = SearchValues.Create(Digits);

    /// <summary>Whether it can be sent to: an optional plus, then digits, <c>*</c> and <c>#</c>.</summary>
    public static bool IsDiallable(ReadOnlySpan<char> number)
    {
        var digits = number is ['+', ..] ? number[1..] : number;
        return digits.Length is > 0 and <= MaxDigits && digits.IndexOfAnyExcept(Diallable) < 0;
    }

    /// <summary>Writes an address: count of digits, type, digits; a name if it is no number.</summary>
    public static void Write(List<byte> destination, string number)
    {
        if (!IsDiallable(number))
        {
            WriteName(destination, number);
            return;
        }

        var digits = number.AsSpan(number is ['+', ..] ? 1 : 0);
        destination.Add((byte)digits.Length);
        WriteTyped(destination, number);
    }

    /// <summary>Writes the address of a service centre: count of octets, type, digits. Empty: the module's own.</summary>
    public static void WriteServiceCentre(List<byte> destination, string? number)
    {
        if (string.IsNullOrEmpty(number))
        {
            destination.Add(0);
            return;
        }

        var digits = number.Length - (number[0] == '+' ? 1 : 0);
        destination.Add((byte)(1 + ((digits + 1) / 2)));
        WriteTyped(destination, number);
    }

    /// <summary>Reads an address: its length counts digits.</summary>
    /// <exception cref="PduException">It is cut short or too long.</exception>
    public static string Read(ref PduReader reader, string field)
    {
        var digits = reader.ReadOctet(field);
        if (digits > MaxDigits + 2)
        {
            throw new PduException($"its {field} has {digits} digits");
        }

        var type = reader.ReadOctet(field);
        var octets = reader.ReadOctets((digits + 1) / 2, field);
        return (type & TypeMask) == AlphanumericType
            ? GsmAlphabet.Decode(Septets.Unpack(octets, 0, digits * 4 / 7))
            : ToNumber(octets, digits, type);
    }

    /// <summary>Reads the address of a service centre: its length counts octets. Null for none.</summary>
    /// <exception cref="PduException">It is cut short or too long.</exception>
    public static string? ReadServiceCentre(ref PduReader reader)
    {
        const string field = "service centre";
        var length = reader.ReadOctet(field);
        if (length == 0)
        {
            return null;
        }

        if (length > 1 + ((MaxDigits + 2) / 2))
        {
            throw new PduException($"its {field} has {length} octets");
        }

        var type = reader.ReadOctet(field);
        var number = ToNumber(reader.ReadOctets(length - 1, field), (length - 1) * 2, type);
        return number.Length == 0 ? null : number;
    }

    // The length counts the half octets that are used: ceil(7n / 4).
    private static void WriteName(List<byte> destination, string name)
    {
        if (!GsmAlphabet.TryEncode(name, out var septets) || septets.Length > MaxNameSeptets)
        {
            throw new ArgumentException("A name has at most eleven characters of the default alphabet.", nameof(name));
        }

        destination.Add((byte)(((septets.Length * 7) + 3) / 4));
        destination.Add(Alphanumeric);
        var packed = new byte[Septets.OctetsOf(septets.Length)];
        Septets.Pack(septets, 0, packed);
        destination.AddRange(packed);
    }

    private static void WriteTyped(List<byte> destination, string number)
    {
        var isInternational = number[0] == '+';
        destination.Add(isInternational ? International : Unknown);
        for (var i = isInternational ? 1 : 0; i < number.Length; i += 2)
        {
            var low = Digits.IndexOf(number[i], StringComparison.Ordinal);
            var high = i + 1 < number.Length ? Digits.IndexOf(number[i + 1], StringComparison.Ordinal) : 0xF;
            destination.Add((byte)(low | (high << 4)));
        }
    }

    private static string ToNumber(ReadOnlySpan<byte> octets, int digits, byte type)
    {
        var number = new StringBuilder(digits + 1);
        if ((type & TypeMask) == InternationalType)
        {
            number.Append('+');
        }

        for (var i = 0; i < digits; i++)
        {
            var digit = i % 2 == 0 ? octets[i / 2] & 0xF : octets[i / 2] >> 4;
            if (digit == 0xF)
            {
                break; // The filler of an odd number.
            }

            number.Append(Digits[digit]);
        }

        return number is { Length: 1 } && number[0] == '+' ? string.Empty : number.ToString();
    }
}
