namespace ModemDriver.Transport;

/// <summary>The modem control lines of V.24, where a transport has them.</summary>
/// <remarks>
/// A pseudo-terminal has none: reading one gives <see langword="null"/>, setting one returns <see langword="false"/>.
/// </remarks>
public interface IControlLines
{
    /// <summary>DTR, data terminal ready: ours to set.</summary>
    /// <param name="asserted">The new state.</param>
    /// <returns>Whether the port has the line.</returns>
    bool TrySetDataTerminalReady(bool asserted);

    /// <summary>RTS, request to send: ours to set.</summary>
    /// <param name="asserted">The new state.</param>
    /// <returns>Whether the port has the line.</returns>
    bool TrySetRequestToSend(bool asserted);

    /// <summary>CTS, clear to send; <see langword="null"/> where the port cannot tell.</summary>
    bool? ClearToSend { get; }

    /// <summary>DSR, data set ready; <see langword="null"/> where the port cannot tell.</summary>
    bool? DataSetReady { get; }

    /// <summary>DCD, data carrier detect; <see langword="null"/> where the port cannot tell.</summary>
    bool? DataCarrierDetect { get; }

    /// <summary>RI, ring indicator; <see langword="null"/> where the port cannot tell.</summary>
    bool? RingIndicator { get; }
}
