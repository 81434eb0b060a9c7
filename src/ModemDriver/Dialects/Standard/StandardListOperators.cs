using ModemDriver.Cellular;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary><c>AT+COPS=?</c>: TS 27.007 section 7.3.</summary>
internal sealed class StandardListOperators(TimeSpan timeLimit)
    : ListOperatorsCommand(CommandLineBuilder.Raw("AT+COPS=?"), timeLimit)
{
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line) => OperatorLine.TakeList(line, Found);
}
