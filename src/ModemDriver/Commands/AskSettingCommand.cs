using ModemDriver.Framing;

namespace ModemDriver.Commands;

/// <summary>
/// Asks how the module is set, so that what is written to its flash is written only when it differs.
/// </summary>
internal abstract class AskSettingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>
    /// What has to be sent after the answer; <see langword="null"/> when the module is already set so.
    /// </summary>
    public abstract AtCommand? Change { get; }
}
