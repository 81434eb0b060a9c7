using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The six links: which there are, how they come and how they go. A single one has the number 0.</summary>
internal sealed class LinkTable(LuatModule module)
{
    internal const int Size = 6;

    private readonly LuatLink?[] _links = new LuatLink?[Size];

    internal IEnumerable<LuatLink> All => _links.OfType<LuatLink>();

    private IpStack Stack => module.Stack;

    /// <summary>The record of a link, though it may be closed.</summary>
    internal LuatLink? Find(int id) => _links[id];

    /// <summary>A link in the place of whatever had the number.</summary>
    internal LuatLink Add(int id, LinkRequest request) =>
        _links[id] = new LuatLink(id, request, module.Host.Loop, module.Life);

    /// <summary>The connection is there.</summary>
    internal void Connected(LuatLink link)
    {
        link.State = LinkState.Connected;
        _ = Stack.Enter(IpEvent.Connected);
        module.Host.Loop.StartHere(() => module.Receiver.PumpAsync(link));
        module.Host.Loop.StartHere(() => module.Sender.PumpAsync(link));
    }

    /// <summary>The host closes a link.</summary>
    internal void Close(LuatLink link)
    {
        link.End(orderly: true);
        AfterClose();
    }

    /// <summary>The peer has closed, or the connection has failed.</summary>
    /// <param name="link">Which.</param>
    /// <param name="wasReset">Not in an orderly way.</param>
    internal void Gone(LuatLink link, bool wasReset)
    {
        if (link.State != LinkState.Connected)
        {
            return;
        }

        link.End(orderly: true);
        if (module.Switches[LuatSwitches.UnreadAtClose] == "lost")
        {
            link.Unread.Clear();
            link.UnreadDatagrams.Clear();
        }

        AfterClose();
        bool isError = wasReset && !module.Ip.IsMultiple && module.Switches[LuatSwitches.ResetLine] == "tcp-error";
        module.Respond.UrcNow(isError ? "TCP ERROR:14" : module.Prefix(link) + "CLOSED");
        module.Transparent.Lost(link);
    }

    /// <summary>The context under the links is lost.</summary>
    internal void ContextLost()
    {
        string closes = module.Switches[LuatSwitches.DeactCloses];
        string[] lines =
        [
            .. All.Where(link => link.IsOpen && module.Ip.IsMultiple && closes != "none")
                .Select(link => module.Prefix(link) + "CLOSED"),
        ];
        foreach (LuatLink link in All)
        {
            link.End(orderly: false);
        }

        if (closes == "after")
        {
            module.Respond.UrcNow(module.Switches[LuatSwitches.DeactSpelling]);
        }

        foreach (string line in lines)
        {
            module.Respond.Urc(line);
        }

        if (closes != "after")
        {
            module.Respond.UrcNow(module.Switches[LuatSwitches.DeactSpelling]);
        }

        if (_links[0] is LuatLink only)
        {
            module.Transparent.Lost(only);
        }
    }

    /// <summary>AT+CIPSHUT: every link goes, and its record too, without a word.</summary>
    internal void Shut()
    {
        foreach (LuatLink link in All)
        {
            link.End(orderly: true);
        }

        Array.Clear(_links);
    }

    /// <summary>The module stops.</summary>
    internal void Abort()
    {
        foreach (LuatLink link in All)
        {
            link.End(orderly: false);
        }

        Array.Clear(_links);
    }

    /// <summary>Data moves again.</summary>
    internal void Resume()
    {
        foreach (LuatLink link in All)
        {
            link.Room.Set();
            link.Work.Set();
        }
    }

    // C: <n>,<bearer>,"<protocol>","<address>","<port>","<state>"
    internal string Describe(int id) => _links[id] is LuatLink link
        ? WireText.Format($"{id},0,\"{link.Request.Protocol}\",\"{link.Request.Host}\",\"{link.Request.Port}\",\"{Name(link)}\"")
        : WireText.Format($"{id},,\"\",\"\",\"\",\"INITIAL\"");

    private static string Name(LuatLink link) => link.State switch
    {
        LinkState.Connecting => "CONNECTING",
        LinkState.Connected => "CONNECTED",
        LinkState.Closing => "CLOSING",
        _ => "CLOSED",
    };

    /// <summary>A link could not be connected. With several, the others stay what they are.</summary>
    internal void AfterFailure()
    {
        if (module.Ip.IsMultiple)
        {
            AfterClose();
        }
        else
        {
            _ = Stack.Enter(IpEvent.ConnectFailed);
        }
    }

    private void AfterClose()
    {
        if (!module.Ip.IsMultiple || !All.Any(link => link.State is LinkState.Connected or LinkState.Connecting))
        {
            _ = Stack.Enter(IpEvent.Closed);
        }
    }
}
