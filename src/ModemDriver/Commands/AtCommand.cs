using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Commands;

/// <summary>One command: its line, what belongs to its answer, and how long that may take.</summary>
/// <remarks>
/// The <c>On</c> methods run on the modem's loop while the bytes are still in the transport's buffer: they read what
/// they need and keep no span. A command object is used once.
/// </remarks>
internal abstract class AtCommand
{
    /// <summary>Describes a command.</summary>
    /// <param name="line">What is sent.</param>
    /// <param name="timeLimit">From the moment it is written to its final result code.</param>
    protected AtCommand(CommandLine line, TimeSpan timeLimit)
    {
        Line = line;
        TimeLimit = timeLimit;
    }

    /// <summary>What is sent.</summary>
    public CommandLine Line { get; }

    /// <summary>From the moment it is written to its final result code.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>Final result codes of this command alone, beyond those of the dialect.</summary>
    public virtual IReadOnlyList<ResultCode> OwnResults => [];

    /// <summary>The header of the payload that this command fetches; <see langword="null"/> for none.</summary>
    public virtual PayloadHeader? FetchedHeader => null;

    /// <summary>Whether the module may ask for payload with a prompt.</summary>
    public virtual bool MayPrompt => false;

    /// <summary>
    /// Whether the module asks for payload with this line, where it has no prompt for it. Asked until the payload is on its way.
    /// </summary>
    public virtual bool IsPromptLine(ReadOnlySpan<byte> line) => false;

    /// <summary>
    /// How long the module may take to ask for the payload, where the result takes much longer; <see langword="null"/>: as long as
    /// for all.
    /// </summary>
    public virtual TimeSpan? PromptLimit => null;

    /// <summary>
    /// What makes the module give up its wait for the payload, and sends nothing; <see langword="null"/>: what its dialect has for
    /// that.
    /// </summary>
    public virtual string? CancelsPayload => null;

    /// <summary>What is sent after the prompt; <see langword="null"/> when there is nothing to send.</summary>
    public virtual CommandPayload? Payload => null;

    /// <summary>
    /// Asked just before the line is written, and again before its payload: false withdraws it, because what it was for
    /// is gone. <see langword="null"/>: it is always written.
    /// </summary>
    public Func<bool>? MayWrite { get; set; }

    /// <summary>The line, or its payload, is about to be written.</summary>
    /// <returns>Whether it may: what <see cref="MayWrite"/> says.</returns>
    public virtual bool OnWriting() => MayWrite?.Invoke() != false;

    /// <summary>
    /// Where all that follows its success goes, because from there on the line carries data without frames;
    /// <see langword="null"/> for all other commands.
    /// </summary>
    public virtual IDataSink? DataSink => null;

    /// <summary>
    /// Whether the lines of the answer have no prefix, so that a known URC among them must be told first.
    /// </summary>
    public virtual bool AnswersWithoutPrefix => false;

    /// <summary>
    /// Whether a line is part of this command's answer though the dialect knows it as a URC too: it bears the command's own
    /// name. Asked of commands without a prefix.
    /// </summary>
    public virtual bool Names(ReadOnlySpan<byte> line) => false;

    /// <summary>Whether nobody wants it any more; asked when its turn comes, and it is then not sent.</summary>
    public virtual bool IsGivenUp => false;

    /// <summary>Whether the code ends the command at this stage.</summary>
    public virtual bool IsFinal(ResultCode code, CommandStage stage) => true;

    /// <summary>
    /// Whether, after this result, another one may still come: the channel then makes sure before it goes on.
    /// </summary>
    public virtual bool IsOutcomeDoubtful(in FinalResult result) => false;

    /// <summary>Takes a line if it is an information response of this command, judged by prefix and shape.</summary>
    /// <returns>Whether it was taken; if not, it is looked up as a URC.</returns>
    public virtual bool OnLine(ReadOnlySpan<byte> line) => false;

    /// <summary>Told of an empty line while it is in flight.</summary>
    /// <param name="rawLength">Its length on the wire, with its end.</param>
    public virtual void OnEmptyLine(int rawLength)
    {
    }

    /// <summary>Takes a piece of the payload that this command fetches.</summary>
    public virtual void OnPayload(in AtFrame piece)
    {
    }

    /// <summary>
    /// Told of the final result code, before anything that stands behind it on the wire is looked at.
    /// </summary>
    public virtual void OnFinal(in FinalResult result)
    {
    }

    /// <summary>
    /// What the module has said that makes its success none, for the message of an error; <see langword="null"/> for nothing.
    /// </summary>
    public virtual string? Contradiction => null;

    /// <summary>What the module said besides, for the message of an error.</summary>
    public virtual IReadOnlyList<string> Remarks => [];
}
