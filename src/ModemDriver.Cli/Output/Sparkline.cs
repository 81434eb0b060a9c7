namespace ModemDriver.Cli.Output;

/// <summary>Values over time as one line of small bars, the newest at the right.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const string PlainBars = ".:-=+*#@";

    /// <summary>The line; what is not known is a blank.</summary>
    /// <param name="values">The values, the oldest first.</param>
    /// <param name="least">The value of the lowest bar.</param>
    /// <param name="most">The value of the highest bar.</param>
    /// <param name="isUnicode">Whether the terminal can show bars; else plain characters.</param>
    public static string Of(IEnumerable<double?> values, double least, double most, bool isUnicode)
    {
        string bars = isUnicode ? Bars : PlainBars;
        return string.Concat(values.Select(value => value is double known
            ? bars[(int)Math.Clamp((known - least) / (most - least) * bars.Length, 0, bars.Length - 1)]
            : ' '));
    }
}
