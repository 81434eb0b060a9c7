using ModemDriver.Commands;
using ModemDriver.Protocol;

namespace ModemDriver.Channel;

/// <summary>Where a line belongs.</summary>
internal enum LineRoute
{
    /// <summary>An empty line, which means nothing.</summary>
    Empty,

    /// <summary>The echo of the command line.</summary>
    Echo,

    /// <summary>The final result code of the command in flight.</summary>
    Final,

    /// <summary>The module refused the last line because it is at work.</summary>
    Busy,

    /// <summary>An answer before the prompt that ends nothing.</summary>
    Intermediate,

    /// <summary>An information response of the command in flight; the command has taken it.</summary>
    Information,

    /// <summary>Not part of an answer: a URC, or noise.</summary>
    Unsolicited,
}

/// <summary>Decides where a line belongs. A function of the command in flight and the line; it keeps nothing.</summary>
internal static class LineRouter
{
    /// <summary>
    /// In this order: echo of what we sent, final result code, information response that the command declared, and all
    /// else unsolicited. A line belongs to the command in flight only if that command says so.
    /// </summary>
    /// <param name="command">The command in flight; <see langword="null"/> for none.</param>
    /// <param name="stage">How far it has come.</param>
    /// <param name="line">The line.</param>
    /// <param name="codes">The result codes of the dialect.</param>
    /// <param name="isUrc">
    /// Tells a line that the dialect knows as a URC; asked before commands without a prefix.
    /// </param>
    /// <param name="code">The result code, for <see cref="LineRoute.Final"/>.</param>
    public static LineRoute Route(
        AtCommand? command,
        CommandStage stage,
        ReadOnlySpan<byte> line,
        IReadOnlyList<ResultCode> codes,
        UrcTest isUrc,
        out ResultCode? code)
    {
        code = null;
        if (line.Trim((byte)' ').IsEmpty)
        {
            return LineRoute.Empty;
        }

        if (command is null || stage == CommandStage.Queued)
        {
            return LineRoute.Unsolicited;
        }

        if (line.SequenceEqual(command.Line.Text))
        {
            return LineRoute.Echo;
        }

        code = Find(command.OwnResults, line) ?? Find(codes, line);
        if (code is not null)
        {
            if (code.Verdict == ResultVerdict.Busy)
            {
                // After the prompt it is about surplus bytes, and the command under way is not disturbed.
                return stage == CommandStage.Written ? LineRoute.Busy : LineRoute.Intermediate;
            }

            return command.IsFinal(code, stage) ? LineRoute.Final : LineRoute.Intermediate;
        }

        if (command.AnswersWithoutPrefix && !command.Names(line) && isUrc(line))
        {
            return LineRoute.Unsolicited;
        }

        return command.OnLine(line) ? LineRoute.Information : LineRoute.Unsolicited;
    }

    /// <summary>Whether a line is one of these result codes.</summary>
    public static bool IsResult(IReadOnlyList<ResultCode> codes, ReadOnlySpan<byte> line) => Find(codes, line) is not null;

    private static ResultCode? Find(IReadOnlyList<ResultCode> codes, ReadOnlySpan<byte> line)
    {
        // Those of the dialect are an array, and are gone through for every line.
        if (codes is ResultCode[] array)
        {
            return Find(array.AsSpan(), line);
        }

        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i].Matches(line))
            {
                return codes[i];
            }
        }

        return null;
    }

    private static ResultCode? Find(ReadOnlySpan<ResultCode> codes, ReadOnlySpan<byte> line)
    {
        foreach (var code in codes)
        {
            if (code.Matches(line))
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>Whether the dialect knows a line as a URC.</summary>
    public delegate bool UrcTest(ReadOnlySpan<byte> line);
}
