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

    /// <summary>
    /// Whether the module is as it should be once the change, if there is one, has been made; false where its answer
    /// could not be read, and a change would have to guess.
    /// </summary>
    public virtual bool IsKnown => true;
}
