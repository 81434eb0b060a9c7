using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Cellular;

/// <summary>Searches for operators; the module answers when it is done, which takes minutes.</summary>
internal abstract class ListOperatorsCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What was found so far, in the order of the answer.</summary>
    public List<CellularOperator> Found { get; } = [];
}
