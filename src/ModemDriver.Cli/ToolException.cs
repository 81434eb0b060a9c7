namespace ModemDriver.Cli;

/// <summary>A trouble that the tool itself has found. The message is the sentence that the user reads.</summary>
internal sealed class ToolException(ExitCode code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ExitCode Code { get; } = code;
}
