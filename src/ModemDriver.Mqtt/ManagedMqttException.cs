using System.Globalization;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>Everything that the managed client throws for a reason that lies in the broker, the network or the disk.</summary>
public abstract class ManagedMqttException : IOException
{
    private protected ManagedMqttException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
        HelpLink = "docs/errors.md#" + GetType().Name.ToLower(CultureInfo.InvariantCulture);
    }
}

/// <summary>The broker answered CONNECT with a refusal.</summary>
public sealed class MqttRefusedException : ManagedMqttException
{
    internal MqttRefusedException(MqttConnectReasonCode code, string? brokersWords)
        : base($"The broker refused: {code}{(string.IsNullOrEmpty(brokersWords) ? "" : $" ({brokersWords})")}.")
    {
        Code = code;
        BrokersWords = brokersWords;
        MayRetry = RefusalRules.MayRetry(code);
    }

    /// <summary>The broker's code; the five of MQTT 3.1.1 are given as their counterparts of MQTT 5.</summary>
    public MqttConnectReasonCode Code { get; }

    /// <summary>What the broker added (MQTT 5); <see langword="null"/> where it added nothing.</summary>
    public string? BrokersWords { get; }

    /// <summary>
    /// Whether the same CONNECT can succeed later. False for bad credentials, not authorised, and whatever else is wrong
    /// with the CONNECT itself: the client then stops trying.
    /// </summary>
    public bool MayRetry { get; }
}

/// <summary>A connection failed, or ended while an answer was awaited.</summary>
public sealed class MqttConnectionException : ManagedMqttException
{
    internal MqttConnectionException(MqttDisconnectCause cause, string message, Exception? innerException = null)
        : base(message, innerException) => Cause = cause;

    /// <summary>Why.</summary>
    public MqttDisconnectCause Cause { get; }

    /// <summary>The code of a DISCONNECT of MQTT 5; <see langword="null"/> where the broker gave none.</summary>
    public MqttDisconnectReasonCode? BrokerCode { get; internal init; }
}

/// <summary>The client is closed, or its modem is.</summary>
public sealed class MqttClosedException : ManagedMqttException
{
    internal MqttClosedException(Exception? reason = null)
        : base("The MQTT client is closed.", reason)
    {
    }
}

/// <summary>Why the outbox failed.</summary>
public enum MqttOutboxFailure
{
    /// <summary>The disk or the file system failed; the inner exception says how.</summary>
    Unknown,

    /// <summary>It holds as much as it may, and its policy is to refuse.</summary>
    LimitReached,

    /// <summary>Another process, or another client of this one, has the file.</summary>
    InUse,

    /// <summary>The file is damaged, or no database. It was left as it is.</summary>
    Corrupt,

    /// <summary>The file is a database, but of another program. It was left as it is.</summary>
    NotAnOutbox,

    /// <summary>The file was written by a newer version. It was left as it is.</summary>
    NewerVersion,

    /// <summary>The disk is full. What was stored before is unharmed.</summary>
    DiskFull,

    /// <summary>The file or its folder cannot be opened or written.</summary>
    NotAccessible,
}

/// <summary>The outbox cannot be opened, or did not take a message.</summary>
public sealed class MqttOutboxException : ManagedMqttException
{
    /// <summary>Thrown by a store.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What happened, and with which file or the like.</param>
    /// <param name="innerException">What the store stands on has thrown.</param>
    public MqttOutboxException(MqttOutboxFailure reason, string message, Exception? innerException = null)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why.</summary>
    public MqttOutboxFailure Reason { get; }
}
