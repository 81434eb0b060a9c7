using System.Text;
using CsCheck;
using ModemDriver.Framing;
using ModemDriver.Tests.Framing;

namespace ModemDriver.Tests.Fuzz;

/// <summary>Framer and field reader against any bytes, and against slow ways to do the same.</summary>
public sealed class FramerFuzzTests
{
    private const int MaxLine = 128;

    // Long lines, and headers that are almost too long, come from the repeated pieces.
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf(
            "\r", "\n", "\r\n", "\r\r\n", ">", "> ", " ", "+", "+I", "+IPD", "+IPD,", "+IPD,0,5:hello", "0", "5", "12", "2048", "2049",
            "99999999999", "007", ",", ":", "\"", "\"a,b\"", "OK", "+RECEIVE,", "+RECEIVE,1,3:", "+QIRD: ", "+QIRD:",
            "+MSG: ", "+MSG: \"t\",3 byte,", "+RECV:0,", "+RECV:0,\"t\",2,", "\",", " byte,",
            "+CIPRECVDATA:", "+CIPRECVDATA:2,", "+CIPRECVDATA,2:", "-1", "hello", "\0", "\u001b", "\u00ff", "CONNECT", "CON"),
        Gen.Char["\0\u007f\u0080\u00ffa0"].Array[0, 140].Select(text => new string(text)),
        Gen.Byte.Array[0, 12].Select(Encoding.Latin1.GetString));

    private static readonly PayloadHeader[] Pushed =
        [Headers.Pushed, Headers.OptionalLineEnd, Headers.LineEnd, Headers.ColonAfterCount, Headers.Text, Headers.TextWithoutUnit];

    private static readonly ReferenceFramer Reference = new(
        [.. Pushed, Headers.CommaAfterCount],
        ["+IPD,", "+RECEIVE,", "+QIRD: ", "+CIPRECVDATA,", "+MSG: ", "+RECV:0,", "+CIPRECVDATA:"],
        MaxLine);

    [Fact]
    public void Any_bytes_in_any_split_give_the_frames_of_the_slow_framer() =>
        Gen.Select(Piece.Array[1, 24], Gen.Int[0, int.MaxValue].Array[0, 12], Gen.Bool).Sample(
            (pieces, cuts, takesPrompt) =>
            {
                byte[] input = Encoding.Latin1.GetBytes(string.Concat(pieces));
                FramerSetup setup = new()
                {
                    Pushed = Pushed,
                    Fetched = Headers.CommaAfterCount,
                    MaxLine = MaxLine,
                    Mode = takesPrompt ? FramerMode.LinesWithPrompt : FramerMode.Lines,
                };
                int[] splits = [.. cuts.Select(cut => cut % (input.Length + 1)).Distinct().Order()];

                Assert.Equal(Reference.Frames(input, takesPrompt), FramerCheck.Frames(setup, input, splits));
            },
            iter: 40_000,
            threads: 1);

    [Fact]
    public void Any_fields_are_those_of_the_slow_reader() =>
        Gen.OneOf(
            Gen.Char["\"\",,, 0159-+xA\\\u00ff\0"].Array[0, 24].Select(text => new string(text)),
            Gen.Byte.Array[0, 24].Select(Encoding.Latin1.GetString))
        .Sample(
            text =>
            {
                FieldReader reader = new(Encoding.Latin1.GetBytes(text));
                FieldReader numbers = reader;
                List<string> found = [];
                foreach (string expected in SlowFields(text))
                {
                    Assert.Equal(IsNumber(expected, out int number), numbers.TryReadInt(out int read));
                    Assert.Equal(number, read);
                    Assert.True(reader.TryRead(out ReadOnlySpan<byte> field));
                    found.Add(Encoding.Latin1.GetString(field));
                }

                Assert.Equal(SlowFields(text), found);
                Assert.False(reader.TryRead(out _));
                Assert.False(numbers.TryReadInt(out _));
            },
            iter: 40_000,
            threads: 1);

    private static List<string> SlowFields(string text)
    {
        List<string> fields = [];
        string field = string.Empty;
        foreach (string part in text.Split(','))
        {
            // A comma inside quotes is no border: parts are joined until their quotes pair.
            field += part;
            if (field.Count(c => c == '"') % 2 == 0)
            {
                fields.Add(Bare(field));
                field = string.Empty;
            }
            else
            {
                field += ',';
            }
        }

        if (field.Length > 0)
        {
            fields.Add(Bare(field[..^1]));
        }

        return fields;
    }

    private static string Bare(string field)
    {
        string trimmed = field.Trim(' ');
        return trimmed.Length >= 2 && trimmed.StartsWith('"') && trimmed.EndsWith('"') ? trimmed[1..^1] : trimmed;
    }

    private static bool IsNumber(string field, out int number)
    {
        string text = field.Trim(' ');
        string digits = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        number = 0;
        return digits.Length > 0
            && digits.All(char.IsAsciiDigit)
            && int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out number);
    }
}
