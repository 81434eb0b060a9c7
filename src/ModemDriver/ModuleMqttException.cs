namespace ModemDriver;

/// <summary>Why MQTT by the module's own client failed.</summary>
public enum ModuleMqttFailure
{
    /// <summary>The broker was not reached: no network, no such name, no connection, or no TLS with it.</summary>
    NotReached,

    /// <summary>The broker was reached, and refused the session: the name of the client, user or password.</summary>
    SessionRefused,

    /// <summary>There is no session, and the module does not say why: the broker was not reached, or refused.</summary>
    NoSession,

    /// <summary>The module refused: it did not send it, or the broker refused it.</summary>
    Refused,

    /// <summary>
    /// The broker said nothing in time, or the module did not say what came of bytes that it was to publish. Whether a message was
    /// published is not known; the connection is given up.
    /// </summary>
    NoAnswer,

    /// <summary>The connection to the broker has ended, or the module or its network was lost.</summary>
    ConnectionLost,

    /// <summary>It was closed from this side.</summary>
    Closed,
}

/// <summary>MQTT by the module's own client failed.</summary>
public sealed class ModuleMqttException : ModemException
{
    internal ModuleMqttException(ModuleMqttFailure reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why.</summary>
    public ModuleMqttFailure Reason { get; }
}
