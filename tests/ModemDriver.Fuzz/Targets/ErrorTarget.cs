using System.Text;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Protocol;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// The tables of errors, and the display of lines. An error has words, and they lead back to it; what is displayed holds no
/// control character, and nothing of what stands behind the start of a secret.
/// </summary>
/// <remarks>Input: what stands behind <c>+CME ERROR:</c>, or any line.</remarks>
internal static class ErrorTarget
{
    private static readonly Redaction Redaction = new(DialectCatalog.WhileUnknown.SecretPrefixes);

    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        CheckModule(text);
        CheckMessage(text);
        CheckDisplay(input);
        Urc urc = Urc.FromLine(text, isKnown: false);
        Promise.Holds(text.StartsWith(urc.Prefix, StringComparison.Ordinal), $"a prefix that the line has not");
    }

    private static void CheckModule(string text)
    {
        CmeError error = CmeError.Read("+CME ERROR:" + text)!; // it begins so
        Promise.Holds(error.Text.Length > 0 && error.ToString().Length > 0, $"no words");
        Promise.Holds(error.Code is null or >= 0, $"the code {error.Code}");
        Promise.Holds(CmeError.Read("CME ERROR:" + text) is null, $"an error without its name");
        if (error.Code is { } code)
        {
            CmeError again = CmeError.Read($"+CME ERROR: {code}")!; // it begins so
            Promise.Holds(again == error, $"{code} was {error}, and then {again}");
        }
        else
        {
            Promise.Holds(error.Reason == CmeReason.Other, $"words that are not known, and the reason {error.Reason}");
        }

        CmeError words = CmeError.Read("+CME ERROR: " + error.Text)!; // it begins so
        Promise.Holds(words.Text == error.Text, $"the words {error.Text} lead to {words.Text}");
    }

    private static void CheckMessage(string text)
    {
        CmsError error = CmsError.Read("+CMS ERROR:" + text)!; // it begins so
        Promise.Holds(error.Text.Length > 0 && error.ToString().Length > 0, $"no words");
        Promise.Holds(error.Code is null or >= 0, $"the code {error.Code}");
        if (error.Code is { } code)
        {
            CmsError again = CmsError.Read($"+CMS ERROR: {code}")!; // it begins so
            Promise.Holds(again == error, $"{code} was {error}, and then {again}");
        }
    }

    private static void CheckDisplay(ReadOnlySpan<byte> line)
    {
        string shown = Redaction.Display(line);
        Promise.Holds(!shown.Any(char.IsControl), $"a control character in {shown}");
        int visible = Redaction.VisibleLength(line);
        Promise.Holds(visible >= 0 && visible <= line.Length, $"{visible} of {line.Length} to be seen");
        Promise.Holds(visible == line.Length || shown.EndsWith(Redaction.Mask, StringComparison.Ordinal), $"no mask");

        // The secret itself plays no part in where the mask begins.
        if (visible < line.Length)
        {
            byte[] other = line.ToArray();
            other.AsSpan(visible).Fill((byte)'x');
            Promise.Holds(Redaction.Display(other) == shown, $"the secret decides what is shown");
        }
    }
}
