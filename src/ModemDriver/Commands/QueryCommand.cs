using System.Text;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Commands;

/// <summary>Takes a line of an answer, if it is one, and adds what it says to what is known so far.</summary>
/// <returns>Whether the line belongs to the answer, also when it says nothing of use.</returns>
internal delegate bool AnswerParser<T>(ReadOnlySpan<byte> line, ref T answer);

/// <summary>A command whose answer is read by one function, from its lines into one value.</summary>
/// <param name="line">What is sent.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="none">The answer as long as the module has said nothing.</param>
/// <param name="parse">Reads a line.</param>
internal sealed class QueryCommand<T>(CommandLine line, TimeSpan timeLimit, T none, AnswerParser<T> parse)
    : AtCommand(line, timeLimit)
{
    private T _answer = none;

    /// <summary>What the module has said.</summary>
    public T Answer => _answer;

    /// <summary>Whether the answer is a line without a prefix, as with <c>AT+CIMI</c>.</summary>
    public bool TakesBareLines { get; init; }

    /// <inheritdoc/>
    public override bool AnswersWithoutPrefix => TakesBareLines;

    /// <summary>
    /// The lines that end the answer and are a part of it, where an OK does not: it comes before them, or never. Default:
    /// none.
    /// </summary>
    public IReadOnlyList<ResultCode> LastLines { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => LastLines;

    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage) =>
        LastLines.Count == 0 || code.Verdict == ResultVerdict.Failure || LastLines.Contains(code);

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (LastLines.Count > 0 && result.IsSuccess)
        {
            parse(Encoding.Latin1.GetBytes(result.Text), ref _answer);
        }
    }

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line) => parse(line, ref _answer);
}
