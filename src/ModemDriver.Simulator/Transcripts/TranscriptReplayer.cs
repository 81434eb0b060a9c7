using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Transcripts;

/// <summary>Plays the host of a transcript to a simulated module, on a virtual clock and one thread, and compares what
/// the module says byte for byte.</summary>
public static class TranscriptReplayer
{
    /// <summary>How long a <c>&lt; </c> line is waited for, in the module's time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Names of the events that a <c>! </c> line may tell of; <c>docs/transcripts.md</c> describes them.
    /// </summary>
    public static IReadOnlyCollection<string> Events => ReplayStage.Verbs;

    /// <summary>Replays a session.</summary>
    /// <param name="transcript">What was recorded.</param>
    /// <exception cref="TranscriptException">The module does something else, or an event is not known.</exception>
    public static void Replay(Transcript transcript)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        using var stage = new ReplayStage();
        foreach (TranscriptStep step in transcript.Steps)
        {
            switch (step.Kind)
            {
                case TranscriptStepKind.ToModule:
                    ExpectSilence(stage, step.Line);
                    stage.Send(step.Bytes.Span);
                    break;
                case TranscriptStepKind.ToHost:
                    Expect(stage, step);
                    break;
                case TranscriptStepKind.Pause:
                    // What comes at the very end of the pause belongs behind it.
                    stage.Advance(step.Pause - Step);
                    ExpectSilence(stage, step.Line);
                    stage.Advance(Step);
                    break;
                default:
                    stage.Happen(step);
                    break;
            }
        }

        ExpectSilence(stage, transcript.Steps.Count > 0 ? transcript.Steps[^1].Line : transcript.Line);
    }

    private static void Expect(ReplayStage stage, TranscriptStep step)
    {
        ReadOnlySpan<byte> expected = step.Bytes.Span;
        for (TimeSpan waited = TimeSpan.Zero; stage.Output.Length < expected.Length; waited += Step)
        {
            if (waited > Patience || !expected.StartsWith(stage.Output))
            {
                throw Mismatch(step.Line, expected, stage.Output);
            }

            stage.Advance(Step);
        }

        if (!stage.Output.StartsWith(expected))
        {
            throw Mismatch(step.Line, expected, stage.Output);
        }

        stage.Consume(expected.Length);
    }

    private static void ExpectSilence(ReplayStage stage, int line)
    {
        if (!stage.Output.IsEmpty)
        {
            throw new TranscriptException(line, $"The module has said '{WireText.Escape(stage.Output)}' too.");
        }
    }

    private static TranscriptException Mismatch(int line, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> got) =>
        new(line, $"Expected '{WireText.Escape(expected)}', and there is '{WireText.Escape(got)}'.");
}
