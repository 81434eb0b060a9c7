using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>A filter of topics to receive.</summary>
/// <param name="Filter">Topics with wildcards: <c>+</c> for one level, a final <c>#</c> for all below.</param>
public sealed record MqttSubscription(string Filter)
{
    /// <summary>The highest level at which messages are wanted. Default at least once (QoS 1).</summary>
    public MqttQualityOfServiceLevel QualityOfService { get; init; } = MqttQualityOfServiceLevel.AtLeastOnce;

    /// <summary>MQTT 5 only: whether this client's own messages are left out. Default false.</summary>
    public bool NoLocal { get; init; }

    /// <summary>MQTT 5 only: whether messages keep the retain flag of their publisher. Default false.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>MQTT 5 only: which retained messages the broker sends. Default those that match, always.</summary>
    public MqttRetainHandling RetainHandling { get; init; } = MqttRetainHandling.SendAtSubscribe;

    /// <summary>Throws where it cannot be asked for.</summary>
    internal void Validate()
    {
        TopicRules.CheckFilter(Filter, nameof(Filter));
        if (QualityOfService is < MqttQualityOfServiceLevel.AtMostOnce or > MqttQualityOfServiceLevel.ExactlyOnce)
        {
            throw new ArgumentOutOfRangeException(nameof(QualityOfService), QualityOfService, "QoS is 0, 1 or 2.");
        }
    }
}

/// <summary>What the broker said to one filter of a SUBSCRIBE.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Code">
/// The broker's code: what was granted, which may be less than was asked for, or why it was refused. MQTT 3.1.1 knows one
/// refusal only, <see cref="MqttSubscribeReasonCode.UnspecifiedError"/>.
/// </param>
public sealed record MqttSubscribeResult(string Filter, MqttSubscribeReasonCode Code)
{
    /// <summary>Whether messages will come. A refused filter is forgotten: it is not asked for again.</summary>
    public bool IsGranted => Code <= MqttSubscribeReasonCode.GrantedQoS2;
}

/// <summary>What the broker said to one filter of an UNSUBSCRIBE.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Code">The broker's code; with MQTT 3.1.1, which has none, always success.</param>
public sealed record MqttUnsubscribeResult(string Filter, MqttUnsubscribeReasonCode Code);
