namespace ModemDriver.Mqtt;

/// <summary>The life of a managed client.</summary>
public enum MqttClientState
{
    /// <summary>The modem is not online: nothing is tried until it is.</summary>
    WaitingForModem,

    /// <summary>A connection is being opened, or the broker has yet to accept it.</summary>
    Connecting,

    /// <summary>The broker has accepted; messages go both ways.</summary>
    Connected,

    /// <summary>The connection failed or was lost; the next attempt comes after a pause.</summary>
    BackingOff,

    /// <summary>
    /// The broker refused for a reason that a repetition will not change, such as bad credentials. Nothing is tried until
    /// <see cref="ManagedMqttClient.Reconnect"/>; messages are still accepted by the outbox.
    /// </summary>
    Refused,

    /// <summary>Disposed, or the modem was closed or is faulted: no further attempt will be made.</summary>
    Closed,
}

/// <summary>Why a connection failed or ended.</summary>
public enum MqttDisconnectCause
{
    /// <summary>Nothing has ended yet, or its owner closed the client.</summary>
    None,

    /// <summary>No Stream could be opened: the inner exception is that of the source.</summary>
    NotReachable,

    /// <summary>TLS failed: an untrusted certificate, a wrong name, no common version.</summary>
    TlsFailed,

    /// <summary>The broker did not answer CONNECT in time.</summary>
    NoAnswer,

    /// <summary>The broker refused; <see cref="MqttRefusedException.Code"/> says why.</summary>
    Refused,

    /// <summary>The broker closed the connection, or said DISCONNECT.</summary>
    ClosedByBroker,

    /// <summary>The Stream failed.</summary>
    StreamFailed,

    /// <summary>Nothing came from the broker, or nothing could be written, for the keep-alive.</summary>
    Silence,

    /// <summary>The broker sent what cannot be.</summary>
    ProtocolError,

    /// <summary>The outbox could not be written, for example because the disk is full.</summary>
    OutboxFailed,

    /// <summary>The modem lost the network, or is recovering.</summary>
    ModemLost,

    /// <summary><see cref="ManagedMqttClient.Reconnect"/> was called.</summary>
    Requested,
}

/// <summary>One change of a client's state.</summary>
/// <param name="OldState">Before.</param>
/// <param name="NewState">After.</param>
/// <param name="Cause">Why the connection failed or ended.</param>
/// <param name="Reason">What was thrown, where something went wrong; else <see langword="null"/>.</param>
public sealed record MqttClientStateChange(
    MqttClientState OldState, MqttClientState NewState, MqttDisconnectCause Cause, Exception? Reason);
