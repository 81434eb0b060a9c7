namespace ModemDriver.Transport;

/// <summary>The parity bit of a serial line.</summary>
public enum SerialParity
{
    /// <summary>No parity bit.</summary>
    None,

    /// <summary>The number of set bits is odd.</summary>
    Odd,

    /// <summary>The number of set bits is even.</summary>
    Even,

    /// <summary>The bit is always set.</summary>
    Mark,

    /// <summary>The bit is never set.</summary>
    Space,
}

/// <summary>The stop bits of a serial line.</summary>
public enum SerialStopBits
{
    /// <summary>One stop bit.</summary>
    One,

    /// <summary>Two stop bits.</summary>
    Two,
}

/// <summary>How a serial line is kept from overrunning.</summary>
public enum SerialFlowControl
{
    /// <summary>Nothing holds the sender back.</summary>
    None,

    /// <summary>The lines RTS and CTS. They must be wired: an open CTS stops the sender for good.</summary>
    RtsCts,
}

/// <summary>How a serial port is opened. A change applies to the next opening.</summary>
public sealed record SerialTransportOptions
{
    /// <summary>The lowest bit rate that is accepted, in bit/s.</summary>
    public const int MinimumBitRate = 300;

    /// <summary>The highest bit rate that is accepted, in bit/s.</summary>
    public const int MaximumBitRate = 5_000_000;

    /// <summary>
    /// The bit rate in bit/s, 300 to 5,000,000, both included. Default 115,200, which is how modules leave the factory.
    /// Rates off the usual list are allowed; the port says no when it cannot.
    /// </summary>
    public int BitRate { get; init; } = 115_200;

    /// <summary>The data bits of a character, 5 to 8, both included. Default 8; payload needs 8.</summary>
    public int DataBits { get; init; } = 8;

    /// <summary>The parity bit. Default none.</summary>
    public SerialParity Parity { get; init; }

    /// <summary>The stop bits. Default one.</summary>
    public SerialStopBits StopBits { get; init; }

    /// <summary>Flow control. Default none, since most boards wire three pins only.</summary>
    public SerialFlowControl FlowControl { get; init; }

    /// <summary>
    /// DTR at opening. Default on: with <c>AT&amp;D2</c> a module takes DTR off as the order to hang up. A port without
    /// the line, such as a pseudo-terminal, is opened all the same.
    /// </summary>
    public bool DataTerminalReady { get; init; } = true;

    /// <summary>
    /// RTS at opening. Default on. Not used with <see cref="SerialFlowControl.RtsCts"/>, where the port drives the
    /// line. On boards whose DTR and RTS lead to reset and boot pins, both on or both off lets the module run.
    /// </summary>
    public bool RequestToSend { get; init; } = true;

    /// <summary>
    /// Asks the driver of the port to hand over every byte at once. Default on. FTDI adapters otherwise collect for
    /// 16 ms. Linux only; a port that has no such setting is used as it is.
    /// </summary>
    public bool LowLatency { get; init; } = true;

    /// <summary>
    /// For how long a write may wait for a port that takes no byte at all, more than zero. Default 30 s. Then the
    /// transport closes with <see cref="TransportFailure.Stalled"/>. The caller's token ends a wait earlier.
    /// </summary>
    public TimeSpan WriteStallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long an opening may take, more than zero. Default 10 s.</summary>
    public TimeSpan OpenLimit { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        List<string> mistakes = [];
        Require(BitRate is >= MinimumBitRate and <= MaximumBitRate, "BitRate must be 300 to 5,000,000 bit/s");
        Require(DataBits is >= 5 and <= 8, "DataBits must be 5 to 8");
        Require(Enum.IsDefined(Parity), "Parity is not one of its values");
        Require(Enum.IsDefined(StopBits), "StopBits is not one of its values");
        Require(Enum.IsDefined(FlowControl), "FlowControl is not one of its values");
        Require(WriteStallLimit > TimeSpan.Zero, "WriteStallLimit must be more than zero");
        Require(OpenLimit > TimeSpan.Zero, "OpenLimit must be more than zero");
        if (mistakes.Count > 0)
        {
            throw new ArgumentException($"The serial options are wrong: {string.Join("; ", mistakes)}.");
        }

        void Require(bool condition, string mistake)
        {
            if (!condition)
            {
                mistakes.Add(mistake);
            }
        }
    }
}
