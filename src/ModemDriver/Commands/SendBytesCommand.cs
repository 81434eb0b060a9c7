using ModemDriver.Framing;

namespace ModemDriver.Commands;

/// <summary>Hands counted bytes to a service of the module's own, once it has asked for them.</summary>
/// <param name="line">What is sent before.</param>
/// <param name="timeLimit">From the moment it is written to its final result code.</param>
/// <param name="payload">The bytes.</param>
/// <param name="promptLine">
/// The line by which the module asks for them; null: it asks with a prompt at the start of a line.
/// </param>
internal sealed class SendBytesCommand(
    CommandLine line, TimeSpan timeLimit, CommandPayload payload, string? promptLine = null)
    : AtCommand(line, timeLimit)
{
    private readonly byte[]? _promptLine = promptLine is null ? null : System.Text.Encoding.ASCII.GetBytes(promptLine);

    /// <summary>The lines that end it when the bytes are there, where an OK does not. Default: none.</summary>
    public IReadOnlyList<Protocol.ResultCode> Verdicts { get; init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Protocol.ResultCode> OwnResults => Verdicts;

    /// <inheritdoc/>
    public override bool MayPrompt => _promptLine is null;

    /// <inheritdoc/>
    public override CommandPayload Payload => payload;

    // Some pages of manuals leave the blank behind the colon out.
    /// <inheritdoc/>
    public override bool IsPromptLine(ReadOnlySpan<byte> line)
    {
        var wanted = _promptLine.AsSpan();
        var colon = wanted.IndexOf(": "u8);
        return !wanted.IsEmpty
            && (line.SequenceEqual(wanted)
                || (colon > 0 && line.StartsWith(wanted[..(colon + 1)]) && line[(colon + 1)..].SequenceEqual(wanted[(colon + 2)..])));
    }

    // Nothing that succeeds can come before the last byte is on its way.
    /// <inheritdoc/>
    public override bool IsFinal(Protocol.ResultCode code, CommandStage stage) =>
        code.Verdict == Protocol.ResultVerdict.Failure
        || (stage == CommandStage.PayloadSent && (Verdicts.Count == 0 || Verdicts.Contains(code)));
}
