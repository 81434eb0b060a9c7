namespace ModemDriver.Simulator.Transcripts;

/// <summary>A transcript cannot be read, or the module does not do what it says.</summary>
public sealed class TranscriptException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="line">The line of the file.</param>
    /// <param name="message">What is wrong there.</param>
    public TranscriptException(int line, string message)
        : base(Wire.WireText.Format($"Line {line}: {message}")) => Line = line;

    /// <summary>The line of the file, from 1.</summary>
    public int Line { get; }
}
