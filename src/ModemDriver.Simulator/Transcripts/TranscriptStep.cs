namespace ModemDriver.Simulator.Transcripts;

/// <summary>A line of a transcript.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">What crosses the wire; empty for an event or a pause.</param>
/// <param name="Text">The event; empty for the others.</param>
/// <param name="Pause">The pause; zero for the others.</param>
public sealed record TranscriptStep(
    int Line, TranscriptStepKind Kind, ReadOnlyMemory<byte> Bytes, string Text, TimeSpan Pause);

/// <summary>The kinds of lines that a replay acts upon.</summary>
public enum TranscriptStepKind
{
    /// <summary><c>&gt; </c> bytes from the host to the module.</summary>
    ToModule,

    /// <summary><c>&lt; </c> bytes from the module to the host.</summary>
    ToHost,

    /// <summary><c>@ </c> nothing on the wire for at least so many milliseconds.</summary>
    Pause,

    /// <summary><c>! </c> something outside the wire.</summary>
    Event,
}
