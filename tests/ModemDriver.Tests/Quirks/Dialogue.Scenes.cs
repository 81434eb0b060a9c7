namespace ModemDriver.Tests.Quirks;

/// <content>What most dialogues have in common, as strict as the rest.</content>
internal sealed partial class Dialogue
{
    public const string Peer = "10.0.0.2:80";

    /// <summary>A modem that has been opened and is online.</summary>
    public static Dialogue Online(
        Split split, Firmware? firmware = null, Func<ModemOptions, ModemOptions>? options = null)
    {
        Dialogue dialogue = Ready(split, firmware, options);
        Task online = dialogue.Do(() => dialogue.Modem.GoOnlineAsync());
        dialogue.FindNetwork();
        Assert.True(online.IsCompletedSuccessfully, $"{online.Status}");
        return dialogue;
    }

    /// <summary>A modem that has been opened.</summary>
    public static Dialogue Ready(
        Split split, Firmware? firmware = null, Func<ModemOptions, ModemOptions>? options = null)
    {
        Dialogue dialogue = new(split, firmware, options);
        dialogue.FindModule();
        dialogue.BringUp();
        Assert.Equal(ModemState.Ready, dialogue.Modem.State);
        return dialogue;
    }

    /// <summary>The module is found and says who it is; it has just started, and echoes.</summary>
    public void FindModule()
    {
        Hear(string.Empty);
        Exchange("AT", "AT\r\n\r\nOK\r\n");
        Pass(0.1);
        Identify();
    }

    /// <summary>From the first good probe to the second answer to who it is.</summary>
    public void Identify()
    {
        Exchange("ATE0", "ATE0\r\n\r\nOK\r\n");
        Exchange("AT+GMR", Firmware.Version + "\r\nOK\r\n");
        Exchange("AT+GMR", Firmware.Version + "\r\nOK\r\n");
    }

    /// <summary>The bring-up; no link is open.</summary>
    public void BringUp()
    {
        foreach (string step in Firmware.Steps)
        {
            Exchange(step);
        }

        Exchange(Firmware.List);
        Exchange(_options.ConnectionMode == ConnectionMode.Multiple ? "AT+CIPMUX=1" : "AT+CIPMUX=0");
    }

    /// <summary>The module has joined its network by itself.</summary>
    public void FindNetwork()
    {
        TellNetwork();
        Exchange("AT+CIFSR", "+CIFSR:STAIP,\"10.0.0.9\"\r\n+CIFSR:STAMAC,\"00:11:22:33:44:66\"\r\n\r\nOK\r\n");
    }

    /// <summary>The module is asked for its network, and has one.</summary>
    public void TellNetwork()
    {
        string name = "CWJAP" + Firmware.JoinSuffix;
        Exchange($"AT+{name}?", $"+{name}:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n");
    }

    /// <summary>The user asks for a link.</summary>
    public Task<LinkStream> Connect(int? number = null) =>
        Connect(new LinkRequest("10.0.0.2", 80) { LinkId = number });

    /// <summary>The user asks for a link.</summary>
    public Task<LinkStream> Connect(LinkRequest request) => ConnectUntil(CancellationToken.None, request);

    /// <summary>The user asks for a link, and may think better of it.</summary>
    public Task<LinkStream> ConnectUntil(CancellationToken token, LinkRequest? request = null) =>
        Do(() => Modem.ConnectAsync(request ?? new LinkRequest("10.0.0.2", 80), token));

    /// <summary>The command that opens a link.</summary>
    public static string Open(int number) => $"AT+CIPSTART={number},\"TCP\",\"10.0.0.2\",80";

    /// <summary>A link that is open, and whose notice has been waited for.</summary>
    public LinkStream Connected(int number = 4)
    {
        Task<LinkStream> connecting = Connect(number);
        Exchange(Open(number), $"{number},CONNECT\r\n\r\nOK\r\n");
        LinkStream link = ResultOf(connecting);
        AskWhenQuiet();
        return link;
    }

    /// <summary>After a pause the driver asks what waits, where it can; nothing does.</summary>
    public void AskWhenQuiet(string counts = "0,0,0,0,0")
    {
        if (Firmware.IsPassive)
        {
            Pass(0.25);
            Exchange("AT+CIPRECVLEN?", $"+CIPRECVLEN:{counts}\r\n\r\nOK\r\n");
        }
    }

    /// <summary>
    /// After an attempt that failed the driver makes sure that the module still has its network and its links.
    /// </summary>
    public void CheckHealth()
    {
        TellNetwork();
        Exchange(Firmware.List);
    }

    /// <summary>A probe is answered, and no second answer comes.</summary>
    public void GetInStep()
    {
        Exchange("AT");
        Pass(0.1);
    }

    /// <summary>The user sends a command line.</summary>
    public Task<CommandResponse> Send(string line, double seconds = 30) =>
        Do(() => Modem.SendAsync(line, TimeSpan.FromSeconds(seconds), CancellationToken.None));

    /// <summary>The user joins the network anew.</summary>
    public Task Join() => Do(() => Modem.WiFi.JoinAsync(new WiFiOptions("net", "password"), CancellationToken.None));

    /// <summary>The user's next command works as if nothing had happened.</summary>
    public void Works()
    {
        Task<CommandResponse> response = Send("AT+SYSRAM?");
        Exchange("AT+SYSRAM?", "+SYSRAM:30000\r\nOK\r\n");
        Assert.Equal(["+SYSRAM:30000"], ResultOf(response).Lines);
    }

    /// <summary>The user writes; the pump may run as far as no time passes.</summary>
    public void Write(LinkStream link, string text) =>
        Assert.True(Do(() => link.WriteAsync(Bytes(text)).AsTask()).IsCompletedSuccessfully);

    /// <summary>So long that nothing follows what was pushed: then it is known to be whole.</summary>
    public void PassBehindPushed()
    {
        if (Wire.Unheard == 0)
        {
            Pass(0.02);
        }
    }

    /// <summary>What the user can read at once, or when what was pushed last is known to be whole; the end of the stream is the empty text.</summary>
    public string Read(LinkStream link, int most = 4096)
    {
        byte[] buffer = new byte[most];
        Task<int> reading = Do(() => link.ReadAsync(buffer).AsTask());
        if (!reading.IsCompleted)
        {
            PassBehindPushed();
        }

        return System.Text.Encoding.Latin1.GetString(buffer, 0, ResultOf(reading));
    }

    /// <summary>The reason for which the user's read fails at once.</summary>
    public LinkException ReadFailure(LinkStream link) =>
        Assert.IsType<LinkException>(FailureOf<IOException>(Do(() => link.ReadAsync(new byte[1]).AsTask())).InnerException);

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
