using MQTTnet.Protocol;

namespace ModemDriver.Mqtt;

/// <summary>Which refusals of a CONNECT can change by themselves.</summary>
internal static class RefusalRules
{
    /// <summary>Whether the same CONNECT can succeed later.</summary>
    public static bool MayRetry(MqttConnectReasonCode code) => code switch
    {
        // MQTT 5 table 3-1. These are about the state of the broker.
        MqttConnectReasonCode.UnspecifiedError
            or MqttConnectReasonCode.ImplementationSpecificError
            or MqttConnectReasonCode.ServerUnavailable
            or MqttConnectReasonCode.ServerBusy
            or MqttConnectReasonCode.QuotaExceeded
            or MqttConnectReasonCode.UseAnotherServer
            or MqttConnectReasonCode.ConnectionRateExceeded => true,
        // The others are about what the CONNECT holds: version, name, credentials, rights, will.
        _ => false,
    };

    /// <summary>The counterpart of a return code of MQTT 3.1.1 (table 3.1).</summary>
    public static MqttConnectReasonCode FromReturnCode(MqttConnectReturnCode code) => code switch
    {
        MqttConnectReturnCode.ConnectionAccepted => MqttConnectReasonCode.Success,
        MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion =>
            MqttConnectReasonCode.UnsupportedProtocolVersion,
        MqttConnectReturnCode.ConnectionRefusedIdentifierRejected => MqttConnectReasonCode.ClientIdentifierNotValid,
        MqttConnectReturnCode.ConnectionRefusedServerUnavailable => MqttConnectReasonCode.ServerUnavailable,
        MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword => MqttConnectReasonCode.BadUserNameOrPassword,
        MqttConnectReturnCode.ConnectionRefusedNotAuthorized => MqttConnectReasonCode.NotAuthorized,
        // 6 to 255 are reserved: a broker that sends them says no, and does not say why.
        _ => MqttConnectReasonCode.UnspecifiedError,
    };
}
