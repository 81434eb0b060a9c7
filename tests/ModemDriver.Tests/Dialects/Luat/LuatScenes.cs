using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>What the dialogues with these modules have in common, as strict as the rest. Written by hand.</summary>
internal static class LuatScenes
{
    public const string V1169 = "AirM2M_780E_V1169_LTE_AT";
    public const string V1121 = "AirM2M_780E_V1121_LTE_AT";

    /// <summary>Of the chip that has least: no transparent mode, and, in this flavour, no TLS.</summary>
    public const string V1005 = "AirM2M_780EQ_V1005_LTE_AT";
    public const string Peer = "10.0.0.2:80";
    public const string Ok = "\r\nOK\r\n";

    private static readonly string[] Settings =
    [
        "AT+CIPSHUT", "AT+CIPMODE=0", "AT+CIPSSL=0", "AT+CIPSPRT=1", "AT+CIPQSEND=1", "AT+CIPATS=1,10", "AT+CIPHEAD=1",
        "AT+CIPSHOWTP=0", "AT+CIPSRIP=0", "AT+CIPRXF=1",
    ];

    /// <summary>A modem that has been opened and is online.</summary>
    public static Dialogue Online(
        Split split, string version = V1169, Func<ModemOptions, ModemOptions>? options = null, bool isPassive = true)
    {
        bool isPush = false;
        bool isSingle = false;
        Dialogue d = new(split, options: usual =>
        {
            ModemOptions chosen = options?.Invoke(usual) ?? usual;
            isPush = chosen.ReceiveMode == ReceiveMode.Push;
            isSingle = chosen.ConnectionMode == ConnectionMode.Single;
            return chosen;
        });
        FindModule(d, version);
        BringUp(d, isPush, isPassive, isFull: version != V1005);
        d.Exchange(isSingle ? "AT+CIPMUX=0" : "AT+CIPMUX=1");
        if (isSingle && (isPush || !isPassive))
        {
            d.Exchange("AT+CIPHEAD=1");
        }

        Assert.Equal(ModemState.Ready, d.Modem.State);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        Attach(d);
        Activate(d);
        Assert.True(online.IsCompletedSuccessfully, $"{online.Status} {online.Exception}");
        return d;
    }

    public static Dialogue OnlinePush(Split split) =>
        Online(split, options: options => options with { ReceiveMode = ReceiveMode.Push });

    public static Dialogue OnlineSingle(Split split, ReceiveMode receive = ReceiveMode.Automatic) => Online(
        split, options: options => options with { ConnectionMode = ConnectionMode.Single, ReceiveMode = receive });

    /// <summary>The module is found and says who it is; it has just started, and echoes.</summary>
    public static void FindModule(Dialogue d, string version = V1169)
    {
        d.Hear(string.Empty);
        d.Exchange("AT", "AT\r\n\r\nOK\r\n");
        d.Pass(0.1);
        Identify(d, version);
    }

    public static void Identify(Dialogue d, string version = V1169)
    {
        d.Exchange("ATE0", "ATE0\r\n\r\nOK\r\n");
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.Exchange("ATI", $"\r\n{version}\r\n\r\nOK\r\n");
        d.Exchange("ATI", $"\r\n{version}\r\n\r\nOK\r\n");
    }

    public static void BringUp(Dialogue d, bool isPush = false, bool isPassive = true, bool isFull = true)
    {
        foreach (string line in (string[])["AT+CMEE=1", "AT+CREG=2", "AT+CGREG=2", "AT+CEREG=2", "AT+CGEREP=2,1"])
        {
            d.Exchange(line);
        }

        if (isFull)
        {
            d.Exchange("AT+UPGRADE=\"AUTO\",0");
        }

        foreach (string line in Settings.Where(line => isFull || line is not ("AT+CIPMODE=0" or "AT+CIPSSL=0")))
        {
            d.Exchange(line, line == "AT+CIPSHUT" ? "\r\nSHUT OK\r\n" : Ok);
        }

        d.Exchange(isPush ? "AT+CIPRXGET=0" : "AT+CIPRXGET=5", isPassive ? Ok : "\r\nERROR\r\n");
    }

    /// <summary>From the radio to the packet network.</summary>
    public static void Attach(Dialogue d)
    {
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", "\r\n+CPIN: READY\r\n\r\nOK\r\n");
        d.Exchange("AT+CEREG?", "\r\n+CEREG: 2,1,\"1863\",\"0183db22\",7\r\n\r\nOK\r\n");
        d.Exchange("AT+CGREG?", "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n\r\nOK\r\n");
        d.Exchange("AT+CREG?", "\r\n+CREG: 2,1,\"1863\",\"0183db22\",7\r\n\r\nOK\r\n");
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
    }

    /// <summary>From the packet network to the address, which is asked for once more.</summary>
    public static void Activate(Dialogue d)
    {
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        GetAddress(d);
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");
    }

    public static void GetAddress(Dialogue d)
    {
        d.Exchange("AT+CSTT");
        d.Exchange("AT+CIICR");
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");
    }

    /// <summary>The command that opens a link.</summary>
    public static string Open(int? number) => number is null
        ? "AT+CIPSTART=\"TCP\",\"10.0.0.2\",80"
        : $"AT+CIPSTART={number},\"TCP\",\"10.0.0.2\",80";

    /// <summary>A link that is open, and whose notice has been waited for.</summary>
    public static LinkStream Connected(Dialogue d, int number = 5, bool isPassive = true)
    {
        Task<LinkStream> connecting = d.Connect(number);
        d.Exchange(Open(number));
        d.Say($"\r\n{number}, CONNECT OK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        if (isPassive)
        {
            AskWhenQuiet(d, number);
        }

        return link;
    }

    /// <summary>The one link of single mode.</summary>
    public static LinkStream ConnectedSingle(Dialogue d, bool isPassive = true)
    {
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Open(null));
        d.Say("\r\nCONNECT OK\r\n");
        LinkStream link = Dialogue.ResultOf(connecting);
        if (isPassive)
        {
            d.Pass(0.25);
            d.Exchange("AT+CIPRXGET=4", "\r\n+CIPRXGET: 4,0\r\n\r\nOK\r\n");
        }

        return link;
    }

    /// <summary>After a pause the driver asks what waits; nothing does.</summary>
    public static void AskWhenQuiet(Dialogue d, int number = 5, double after = 0.25)
    {
        d.Pass(after);
        d.Exchange($"AT+CIPRXGET=4,{number}", $"\r\n+CIPRXGET: 4,{number},0\r\n\r\nOK\r\n");
    }

    /// <summary>After an attempt that failed the driver makes sure of the address and the links.</summary>
    public static void CheckHealth(Dialogue d, params int[] open)
    {
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");
        d.Exchange("AT+CIPSTATUS", Status("IP STATUS", open));
    }

    /// <summary>The answer to the question for links, in multiple mode.</summary>
    public static string Status(string state, params int[] open) =>
        $"\r\nOK\r\n\r\nSTATE: {state}\r\n\r\n" + string.Concat(Enumerable.Range(0, 6).Select(id => open.Contains(id)
            ? $"C: {id},0,\"TCP\",\"10.0.0.2\",\"80\",\"CONNECTED\"\r\n"
            : $"C: {id},,\"\",\"\",\"\",\"INITIAL\"\r\n"));

    /// <summary>The user's next command works as if nothing had happened.</summary>
    public static void Works(Dialogue d)
    {
        Task<CommandResponse> response = d.Send("AT+CSQ");
        d.Exchange("AT+CSQ", "\r\n+CSQ: 26,0\r\n\r\nOK\r\n");
        Assert.Equal(["+CSQ: 26,0"], Dialogue.ResultOf(response).Lines);
    }
}
