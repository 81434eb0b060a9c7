using ModemDriver.Simulator.Network.Mqtt;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Settings and connection of the MQTT client: user guide, "MQTT AT commands".</summary>
internal sealed class MqttCommands(EspAtModule module) : CommandGroup(module)
{
    private const int LongestClientId = 256;
    private const int LongestName = 64;
    private const int LongestPath = 32;
    private const int LongestHost = 128;
    private const int LongestText = 1024;
    private const int MostProtocols = 5;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("MQTTUSERCFG") { Set = At(SetUser) },
        new("MQTTCLIENTID") { Set = At(call => SetText(call, WithClientId, MqttError.ClientIdLength)) },
        new("MQTTUSERNAME") { Set = At(call => SetText(call, WithUserName, MqttError.UserNameLength)) },
        new("MQTTPASSWORD") { Set = At(call => SetText(call, WithPassword, MqttError.PasswordLength)) },
        new("MQTTLONGCLIENTID") { Set = At(call => AskText(call, WithClientId, MqttError.ClientIdLength)) },
        new("MQTTLONGUSERNAME") { Set = At(call => AskText(call, WithUserName, MqttError.UserNameLength)) },
        new("MQTTLONGPASSWORD") { Set = At(call => AskText(call, WithPassword, MqttError.PasswordLength)) },
        new("MQTTCONNCFG") { Set = At(SetConnection) },
        new("MQTTSNI") { Set = At(SetServerName) },
        new("MQTTALPN") { Set = At(SetProtocols) },
        new("MQTTCONN") { Read = Says(_ => $"+MQTTCONN:0,{Client.State},{Client.Describe()}"), Set = ConnectAsync },
        new("MQTTCLEAN") { Set = CleanAsync },
    ];

    private MqttClient Client => Module.Mqtt;

    private static MqttUser WithClientId(MqttUser user, string text) => user with { ClientId = text };

    private static MqttUser WithUserName(MqttUser user, string text) => user with { UserName = text };

    private static MqttUser WithPassword(MqttUser user, string text) => user with { Password = text };

    /// <summary>Refuses a number of the client that is not 0, and a wrong number of parameters.</summary>
    internal static bool Begins(Parameters given, int least, int most) =>
        given.Blame(given.Takes(least, most), MqttError.Count)
        && given.Blame(given.Number(0, 0, 0, out _), MqttError.LinkId);

    // 0,<scheme>,"client id","user","password",<certificate>,<authority>,"path"
    private Outcome SetUser(CommandCall call)
    {
        Parameters given = call.Parameters;
        int schemes = Module.Profile.MqttSchemes;
        if (!Begins(given, 8, 8)
            || !given.Blame(given.Number(1, 1, schemes, out int scheme), MqttError.Scheme)
            || !given.Blame(given.Text(2, LongestClientId, out string id), MqttError.ClientIdLength)
            || !given.Blame(given.Text(3, LongestName, out string user), MqttError.UserNameLength)
            || !given.Blame(given.Text(4, LongestName, out string password), MqttError.PasswordLength)
            || !given.Blame(given.Number(5, 0, 0, out _), MqttError.ClientSlot)
            || !given.Blame(given.Number(6, 0, 0, out _), MqttError.AuthoritySlot)
            || !given.Blame(given.Text(7, LongestPath, out string path), MqttError.PathLength))
        {
            return given.Refusal;
        }

        if (Client.Broker is not null)
        {
            return Outcome.Error(Client.IsConnected ? MqttError.AlreadyConnected : MqttError.WrongState);
        }

        Client.User = new MqttUser(scheme, id, user, password, path);
        Client.Connection = null;
        return Outcome.Ok;
    }

    // 0,"text"
    private Outcome SetText(CommandCall call, Func<MqttUser, string, MqttUser> change, int lengthError)
    {
        Parameters given = call.Parameters;
        return !Begins(given, 2, 2) || !given.Blame(given.Text(1, LongestText, out string text), lengthError)
            ? given.Refusal
            : Change(user => change(user, text));
    }

    // 0,<length>: a prompt, so many bytes, OK
    private Outcome AskText(CommandCall call, Func<MqttUser, string, MqttUser> change, int lengthError)
    {
        Parameters given = call.Parameters;
        if (!Begins(given, 2, 2) || !given.Blame(given.Number(1, 1, LongestText, out int length), lengthError))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : Forms.LengthPrompt);
        Module.Input.Collect(new CountedPayload(
            length, bytes => Module.End(Change(user => change(user, WireText.Latin1.GetString(bytes))))));
        return Outcome.Said;
    }

    // 0,<keep-alive>,<disable clean session>,"will topic","will message"[,<QoS>[,<retain>]]
    private Outcome SetConnection(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Begins(given, 5, 7)
            || !given.Blame(given.Number(1, 0, 7200, out int keepAlive), MqttError.KeepAlive)
            || !given.Blame(given.Number(2, 0, 1, out int keepsSession), MqttError.CleanSession)
            || !given.Blame(given.TextOrNone(3, MqttMessageCommands.LongestTopic, out string? topic), MqttError.WillTopicLength)
            || !given.Blame(given.TextOrNone(4, LongestName, out string? message), MqttError.WillMessageLength)
            || !given.Blame(given.NumberOr(5, 0, 0, 2, out int qos), MqttError.WillQos)
            || !given.Blame(given.NumberOr(6, 0, 0, 1, out int retain), MqttError.WillRetain))
        {
            return given.Refusal;
        }

        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        MqttMessage? will = string.IsNullOrEmpty(topic)
            ? null
            : new MqttMessage(topic, WireText.Bytes(message ?? ""), qos, retain == 1);
        Client.Connection = new MqttConnectionSettings(
            keepAlive == 0 ? MqttConnectionSettings.UsualKeepAlive : keepAlive, keepsSession == 0, will);
        return Outcome.Ok;
    }

    // 0,"name"
    private Outcome SetServerName(CommandCall call)
    {
        Parameters given = call.Parameters;
        return !Begins(given, 2, 2) || !given.Text(1, LongestHost, out string name)
            ? given.Refusal
            : Change(user => user with { Names = user.Names with { ServerName = name, CommonName = name } });
    }

    // 0,<count>[,"protocol"...]
    private Outcome SetProtocols(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Begins(given, 2, 2 + MostProtocols)
            || !given.Number(1, 0, MostProtocols, out int count)
            || !given.Blame(given.Takes(2 + count, 2 + count), MqttError.Count))
        {
            return given.Refusal;
        }

        var protocols = new List<string>();
        for (int i = 0; i < count; i++)
        {
            if (!given.Text(2 + i, LongestName, out string protocol))
            {
                return given.Refusal;
            }

            protocols.Add(protocol);
        }

        return Change(user => user with { Names = user.Names with { Protocols = protocols } });
    }

    private Outcome Change(Func<MqttUser, MqttUser> change)
    {
        if (Refusal() is Outcome refusal)
        {
            return refusal;
        }

        Client.User = change(Client.User!); // Refusal has looked.
        return Outcome.Ok;
    }

    /// <summary>Settings want AT+MQTTUSERCFG before them, and no connection.</summary>
    private Outcome? Refusal() => Client switch
    {
        { User: null } => Outcome.Error(MqttError.NotConfigured),
        { Broker: not null } => Outcome.Error(MqttError.WrongState),
        _ => null,
    };

    // 0,"host",<port>,<reconnect>
    private async ValueTask<Outcome> ConnectAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Begins(given, 4, 4)
            || !given.Blame(given.Text(1, LongestHost, out string host), MqttError.HostLength)
            || !given.Blame(given.Number(2, 1, 65_535, out int port), MqttError.Port)
            || !given.Blame(given.Number(3, 0, 1, out int reconnects), MqttError.Reconnect))
        {
            return given.Refusal;
        }

        int wrong = Client switch
        {
            { User: null } => MqttError.NotConfigured,
            { IsConnected: true } => MqttError.AlreadyConnected,
            { Broker: not null } => MqttError.WrongState, // It connects by itself, or wants AT+MQTTCLEAN first.
            { User.ClientId: "" } => MqttError.NoClientId,
            { User: MqttUser user } when Module.Tls.Missing(user.Tls) is not null => MqttError.TlsSettings,
            _ => 0,
        };
        if (wrong != 0)
        {
            return Outcome.Error(wrong);
        }

        if (await Client.ConnectAsync(new MqttBroker(host, port, reconnects == 1), call.Life))
        {
            return Outcome.Ok;
        }

        if (Module.Switches[MqttSwitches.FailedConnect] == "disconnect-first")
        {
            Client.SayDisconnected();
        }

        return Outcome.Error(MqttError.StartFailed);
    }

    private async ValueTask<Outcome> CleanAsync(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!Begins(given, 1, 1))
        {
            return given.Refusal;
        }

        if (Client.User is null)
        {
            return Outcome.Error(MqttError.Uninitialised);
        }

        bool isFirst = Module.Switches[MqttSwitches.CleanOrder] == "disconnect-first";
        bool wasConnected = await Client.CleanAsync(call.Life);
        call.Life.ThrowIfCancellationRequested();
        if (wasConnected && isFirst)
        {
            Client.SayDisconnected();
        }

        Module.End(Outcome.Ok);
        if (wasConnected && !isFirst)
        {
            Client.SayDisconnected();
        }

        return Outcome.Said;
    }
}
