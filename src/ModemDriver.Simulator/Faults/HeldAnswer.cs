using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Faults;

/// <summary>An answer that a fault keeps until it is complete.</summary>
internal sealed class HeldAnswer(Fault fault)
{
    internal Fault Fault => fault;

    internal ByteQueue Bytes { get; } = new(256);

    internal void WriteTo(Uart uart)
    {
        switch (fault.Kind)
        {
            case FaultKind.Missing:
                break;
            case FaultKind.Replace:
                uart.Write(fault.Bytes);
                break;
            case FaultKind.Splice:
                int at = (int)Math.Min(fault.Offset, Bytes.Count);
                uart.Write(Bytes.Span[..at]);
                uart.Write(fault.Bytes);
                uart.Write(Bytes.Span[at..]);
                break;
            default:
                uart.Write(Bytes.Span);
                break;
        }
    }
}
