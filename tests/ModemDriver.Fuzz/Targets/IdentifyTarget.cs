using System.Text;
using ModemDriver.Dialects;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// Who is there: whatever answers, one recogniser takes it, and what the dialect says of itself can be shown.
/// </summary>
/// <remarks>Input: the lines of the answer.</remarks>
internal static class IdentifyTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Encoding.Latin1.GetString(input).Split('\n');
        Dialect? found = null;
        foreach (IDialectRecogniser recogniser in DialectCatalog.All)
        {
            if (recogniser.Recognise(lines) is not { } dialect)
            {
                continue;
            }

            found ??= dialect;
            Promise.Holds(!string.IsNullOrEmpty(dialect.Identity.Dialect), $"a dialect without a name");
            _ = dialect.Identity.ToString();
            foreach (ModemFeature feature in Enum.GetValues<ModemFeature>())
            {
                _ = dialect.Supports(feature);
            }

            Promise.Holds(dialect.Rules.MaxCommandLine > 0 && dialect.BringUp() is not null, $"no rules");
        }

        Promise.Holds(found is not null, $"nobody takes it");
    }
}
