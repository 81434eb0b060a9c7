using System.Globalization;
using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// The reader of parameters: the fields are what stands between the commas outside quotes, trimmed and without their quotes;
/// numbers are numbers; addresses read back as they are shown.
/// </summary>
/// <remarks>Input: what stands behind a prefix.</remarks>
internal static class FieldTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        FieldReader reader = new(input), numbers = new(input);
        for (int start = 0; start <= input.Length;)
        {
            int end = EndOfField(input, start);
            ReadOnlySpan<byte> expected = Bare(input[start..end]);
            Promise.Holds(reader.TryRead(out ReadOnlySpan<byte> field), $"no field at {start}");
            Promise.Holds(field.SequenceEqual(expected), $"{AtText.Escape(field)} instead of {AtText.Escape(expected)}");
            bool isNumber = IsNumber(expected, out int number);
            Promise.Holds(
                numbers.TryReadInt(out int read) == isNumber && read == number, $"{read} instead of {number}, which is {isNumber}");
            CheckAddress(field, number);
            start = end + 1;
        }

        Promise.Holds(!reader.TryRead(out _) && !numbers.TryReadInt(out _), $"a field behind the last one");
        Promise.Holds(reader.Rest.IsEmpty, $"something is left");
    }

    private static void CheckAddress(ReadOnlySpan<byte> field, int port)
    {
        if (FieldReader.ToAddress(field) is not { } address)
        {
            Promise.Holds(FieldReader.ToEndPoint(field, port) is null, $"an end point without an address");
            return;
        }

        Promise.Holds(
            address.Equals(FieldReader.ToAddress(Encoding.ASCII.GetBytes(address.ToString()))), $"{address} does not read back");
        Promise.Holds(
            FieldReader.ToEndPoint(field, port) is not null == port is >= 0 and <= 65535, $"an end point with the port {port}");
    }

    // Quotes pair from the field's own start.
    private static int EndOfField(ReadOnlySpan<byte> text, int start)
    {
        for (int end = start; end < text.Length; end++)
        {
            if (text[end] == ',' && text[start..end].Count((byte)'"') % 2 == 0)
            {
                return end;
            }
        }

        return text.Length;
    }

    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> field)
    {
        field = field.Trim((byte)' ');
        return field is [(byte)'"', .., (byte)'"'] ? field[1..^1] : field;
    }

    private static bool IsNumber(ReadOnlySpan<byte> field, out int number)
    {
        string text = Encoding.Latin1.GetString(field).Trim(' ');
        number = 0;
        return text.AsSpan(text is ['+' or '-', ..] ? 1 : 0) is { IsEmpty: false } digits
            && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
