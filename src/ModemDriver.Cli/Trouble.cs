using System.Net.Sockets;
using System.Security.Authentication;
using ModemDriver.Mqtt;
using ModemDriver.Transport;
using MQTTnet.Protocol;

namespace ModemDriver.Cli;

/// <summary>What went wrong, as an exit code and one sentence that says what to do.</summary>
internal sealed record Trouble(ExitCode Code, string Sentence)
{
    /// <summary>Finds the exception that says most, outermost first, and words it.</summary>
    /// <remarks>HttpClient, MQTTnet and Streams wrap our exceptions, so the whole chain is looked at.</remarks>
    public static Trouble From(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (Recognise(cause) is Trouble trouble)
            {
                return trouble;
            }
        }

        return new Trouble(ExitCode.Refused, OneLine(exception.Message));
    }

    private static Trouble? Recognise(Exception exception) => exception switch
    {
        ToolException tool => new(tool.Code, OneLine(tool.Message)),
        TransportException port => FromPort(port),
        ModuleSilentException silent => new(
            ExitCode.ModuleSilent,
            $"{AsSentence(silent)} Check that the module has power, that TX and RX are crossed, and --baud."),
        CommandTimeoutException late => new(
            ExitCode.TimeLimit, $"{AsSentence(late)} Try again; --log wire shows the dialogue."),
        NetworkJoinException { Reason: NetworkJoinFailure.NotConfigured } => new(
            ExitCode.Refused,
            $"The module has not joined a network: name one with --ssid, and its password in {CommonOptions.PasswordVariable}."),
        NetworkJoinException join => new(ExitCode.Refused, $"{AsSentence(join)} {Advice(join.Reason)}"),
        SimException sim => new(ExitCode.Refused, $"{AsSentence(sim)} {Advice(sim.Reason)}".TrimEnd()),
        LinkException { Reason: LinkFailure.Refused or LinkFailure.TimedOut or LinkFailure.NameNotFound } link => new(
            ExitCode.Refused, $"{AsSentence(link)} Check that the other end can be reached from the module's network."),
        LinkException { Reason: LinkFailure.TlsFailed } tls => new(
            ExitCode.Refused,
            $"{AsSentence(tls)} Check the module's roots and its clock; --insecure verifies nothing."),
        FeatureNotSupportedException { Feature: ModemFeature.ModuleTlsVerification } unverified => new(
            ExitCode.Refused, $"{AsSentence(unverified)} --insecure allows it."),
        FeatureNotSupportedException missing => new(
            ExitCode.Refused, $"{AsSentence(missing)} modem info lists what this module can do."),
        CommandFailedException failed => new(
            ExitCode.Refused, $"{AsSentence(failed)} --log wire shows the dialogue."),
        MqttRefusedException { Code: MqttConnectReasonCode.BadUserNameOrPassword or MqttConnectReasonCode.NotAuthorized }
            refused => new(ExitCode.Refused, $"{AsSentence(refused)} Check --user, its password, and --client-id."),
        MqttOutboxException outbox => new(ExitCode.Refused, AsSentence(outbox)),
        // What lies inside says more.
        MqttClosedException { InnerException: not null } => null,
        ModemClosedException { InnerException: not null } => null,
        ModemException modem => new(ExitCode.Refused, AsSentence(modem)),
        AuthenticationException tls => new(
            ExitCode.Refused,
            $"The TLS handshake failed: {AsSentence(tls)} --cacert FILE trusts a certificate of your own."),
        SocketException socket => new(ExitCode.Refused, AsSentence(socket)),
        TimeoutException late => new(ExitCode.TimeLimit, AsSentence(late)),
        ArgumentException argument => new(ExitCode.Usage, OneLine(WithoutParameter(argument)).TrimEnd('.', ' ') + "."),
        _ => null,
    };

    private static string Advice(NetworkJoinFailure reason) => reason switch
    {
        NetworkJoinFailure.NotRegistered => "Check the antenna; modem signal --watch shows what is received.",
        NetworkJoinFailure.RegistrationDenied or NetworkJoinFailure.AttachFailed =>
            "Ask the operator whether the card is active.",
        NetworkJoinFailure.RoamingNotAllowed => "Leave out --no-roaming to allow it.",
        NetworkJoinFailure.ActivationFailed => "Check --apn, --apn-user and the password.",
        NetworkJoinFailure.RadioOff => "modem restart starts the module anew.",
        _ => "Check --ssid and the password.",
    };

    private static string Advice(SimFailure reason) => reason switch
    {
        SimFailure.PinRequired => $"Give it with --pin-file or in {CommonOptions.PinVariable}.",
        SimFailure.PinWithheld => "If it is right, modem sim --unlock gives it all the same.",
        SimFailure.PinRefused => "It is not tried again by itself.",
        SimFailure.PukRequired => "Its PUK is in the papers of the card; a telephone takes it.",
        SimFailure.NotInserted => "Some modules see a card only after modem restart.",
        _ => "",
    };

    // The transport's own sentences say what to do.
    private static Trouble FromPort(TransportException port) => new(
        port.Failure is TransportFailure.Gone or TransportFailure.Stalled or TransportFailure.Closed
            ? ExitCode.Refused
            : ExitCode.PortUnavailable,
        AsSentence(port));

    // The name of a parameter of ours says nothing to whoever typed the command line.
    private static string WithoutParameter(ArgumentException argument) => argument.Message.Replace(
        $" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal);

    private static string AsSentence(Exception exception) => OneLine(exception.Message).TrimEnd('.', ' ') + ".";

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
