namespace ModemDriver.Transport;

/// <summary>Why a transport could not be opened, or ended.</summary>
public enum TransportFailure
{
    /// <summary>Not one of the others; the message and the inner exception say more.</summary>
    Other,

    /// <summary>There is no such port, or nothing listens at the address.</summary>
    NotFound,

    /// <summary>Another program has the port open.</summary>
    Busy,

    /// <summary>This user may not open the port.</summary>
    AccessDenied,

    /// <summary>The path is not a serial port.</summary>
    NotASerialPort,

    /// <summary>The port was open and is gone: unplugged, hung up, connection lost.</summary>
    Gone,

    /// <summary>The transport was closed by its owner.</summary>
    Closed,

    /// <summary>The port took no byte for as long as we were ready to wait.</summary>
    Stalled,

    /// <summary>An identity names several ports of this computer.</summary>
    Ambiguous,
}

/// <summary>A transport could not be opened, or has ended.</summary>
public sealed class TransportException : ModemException
{
    /// <summary>Says what happened to which port.</summary>
    /// <param name="failure">The kind of failure.</param>
    /// <param name="port">The name of the port.</param>
    /// <param name="message">One sentence for a person.</param>
    /// <param name="innerException">What the system said.</param>
    public TransportException(TransportFailure failure, string port, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Port = port;
    }

    /// <summary>The kind of failure.</summary>
    public TransportFailure Failure { get; }
}
