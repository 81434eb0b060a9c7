using ModemDriver.Framing;

namespace ModemDriver.Commands;

/// <summary>A command whose answer is a result code alone.</summary>
internal sealed class SimpleCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>A command line without parameters of a caller.</summary>
    public SimpleCommand(string line, TimeSpan timeLimit)
        : this(CommandLineBuilder.Raw(line), timeLimit)
    {
    }
}
