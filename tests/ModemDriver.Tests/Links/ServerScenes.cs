using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>What dialogues with a listening module have in common.</summary>
internal static class ServerScenes
{
    public const int Port = 80;

    /// <summary>The module begins to listen; it says which side began a link, if its firmware can.</summary>
    public static LinkListener Listening(this Dialogue d, ListenRequest? request = null)
    {
        Task<LinkListener> listening = d.Listen(request);
        d.BeginToListen(request);
        return Dialogue.ResultOf(listening);
    }

    /// <summary>The user asks to listen.</summary>
    public static Task<LinkListener> Listen(this Dialogue d, ListenRequest? request = null) =>
        d.Do(() => d.Modem.ListenAsync(request ?? new ListenRequest(Port), CancellationToken.None));

    /// <summary>The commands of a start, each of which succeeds.</summary>
    public static void BeginToListen(this Dialogue d, ListenRequest? request = null)
    {
        d.TellOrigins();
        d.Exchange("AT+CIPSERVER=0");
        d.Exchange($"AT+CIPSERVERMAXCONN={request?.MaxLinks ?? 5}");
        d.Exchange($"AT+CIPSERVER=1,{request?.Port ?? Port}");
    }

    /// <summary>The module is set to say which side began a link; it was set so before.</summary>
    public static void TellOrigins(this Dialogue d)
    {
        if (d.Firmware == Firmware.NonOs17)
        {
            d.Exchange("AT+SYSMSG_CUR?", "+SYSMSG_CUR:2\r\nOK\r\n");
        }
        else if (d.Firmware != Firmware.NonOs16)
        {
            d.Exchange("AT+SYSMSG?", "+SYSMSG:2\r\nOK\r\n");
        }
    }

    /// <summary>A peer begins a link, and the module says so.</summary>
    public static void SayAccepted(this Dialogue d, int number, int peerPort = 49812) =>
        d.Say($"+LINK_CONN:0,{number},\"TCP\",1,\"10.0.0.50\",{peerPort},{Port}\r\n");

    /// <summary>The user asks for a link whose number the module picks.</summary>
    public static Task<LinkStream> ConnectByModule(this Dialogue d) => d.Connect(
        new LinkRequest("10.0.0.2", 80) { Allocation = LinkIdAllocation.ModuleAssigned });

    public static Task<LinkStream> Accept(this Dialogue d, LinkListener listener) =>
        d.Do(() => listener.AcceptAsync(CancellationToken.None));

    /// <summary>The link that is there to be accepted.</summary>
    public static LinkStream Accepted(this Dialogue d, LinkListener listener) =>
        Dialogue.ResultOf(d.Accept(listener));

    /// <summary>After a pause the driver asks what waits; nothing does, or so much.</summary>
    public static void AskAfterPause(this Dialogue d, string counts = "0,0,0,0,0")
    {
        d.Pass(0.25);
        d.Exchange("AT+CIPRECVLEN?", $"+CIPRECVLEN:{counts}\r\n\r\nOK\r\n");
    }
}
