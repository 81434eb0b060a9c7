using ModemDriver.Commands;
using ModemDriver.Transport;

namespace ModemDriver.Services;

/// <summary>The commands of the module's own serial line: what a dialect must supply.</summary>
internal interface ILineCommands
{
    /// <summary>Asks how the line is set.</summary>
    QueryCommand<LineSettings?> Read();

    /// <summary>
    /// Sets another rate, for as long as the module runs. The module answers at the old rate, and changes then.
    /// </summary>
    /// <param name="bitRate">The new rate.</param>
    /// <param name="current">Everything else stays as it is; null: as the port has it.</param>
    /// <param name="port">How the port is set.</param>
    AtCommand SetBitRate(int bitRate, LineSettings? current, SerialTransportOptions port);

    /// <summary>How long after its answer the module needs to change, with a margin.</summary>
    TimeSpan ChangeTime { get; }
}

/// <summary>How a module's line is set, in the numbers of its dialect.</summary>
/// <param name="DataBits">The data bits.</param>
/// <param name="StopBits">The number for the stop bits.</param>
/// <param name="Parity">The number for the parity.</param>
/// <param name="FlowControl">The number for the flow control.</param>
internal sealed record LineSettings(int DataBits, int StopBits, int Parity, int FlowControl);
