using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The bytes that come in on links: pushed to the host, or kept and announced.</summary>
internal sealed class LinkReceiver(LuatModule module)
{
    /// <summary>The most bytes of one push, and of one read.</summary>
    internal const int LargestPacket = 1460;

    /// <summary>What a link holds before TCP pushes back.</summary>
    private const int WindowBytes = 10_220;

    /// <summary>Segments taken without giving the loop to others.</summary>
    private const int PumpBudget = 8;

    private const int MaxDatagramBytes = 65_535;

    private ModuleHost Host => module.Host;

    private bool IsPassive => module.Ip is { ReceiveMode: not 0, IsTransparent: false };

    /// <summary>Takes what comes until the link ends.</summary>
    internal async Task PumpAsync(LuatLink link)
    {
        NetworkConnection connection = link.Connection!; // It has connected.
        bool wasReset = false;
        var buffer = new byte[link.IsDatagram ? MaxDatagramBytes : LargestPacket];
        try
        {
            for (int turn = 1; ; turn++)
            {
                int room = await WhenRoomAsync(link);
                int count = await connection.ReceiveAsync(
                    buffer.AsMemory(0, link.IsDatagram ? buffer.Length : Math.Min(room, buffer.Length)), link.Life);
                await WhenFlowingAsync(link);
                link.Life.ThrowIfCancellationRequested();
                if (count == 0 && !link.IsDatagram)
                {
                    break;
                }

                Arrived(link, buffer.AsSpan(0, count));
                if (turn % PumpBudget == 0)
                {
                    await Task.Yield();
                }
            }
        }
        catch (NetworkException reset)
        {
            Host.Trace($"! link {link.Id}: {reset.Message}");
            wasReset = true;
        }

        link.Life.ThrowIfCancellationRequested();
        await WhenFlowingAsync(link);
        module.Links.Gone(link, wasReset);
    }

    private async ValueTask WhenFlowingAsync(LuatLink link)
    {
        while (!module.Packet.Flows || module.Transparent.HoldsData)
        {
            await link.Room.WaitAsync(link.Life);
        }
    }

    private async ValueTask<int> WhenRoomAsync(LuatLink link)
    {
        if (!IsPassive)
        {
            await Host.Uart.WhenRoomAsync(link.Life);
            return int.MaxValue;
        }

        while (!link.IsDatagram && link.Unread.Count >= WindowBytes)
        {
            await link.Room.WaitAsync(link.Life);
        }

        return WindowBytes - link.Unread.Count;
    }

    private void Arrived(LuatLink link, ReadOnlySpan<byte> data)
    {
        if (link.IsDatagram && (data.Length > LargestPacket
            || (IsPassive && link.Unread.Count + data.Length > WindowBytes)))
        {
            Host.Trace(WireText.Format($"! link {link.Id}: a datagram of {data.Length} bytes is lost"));
            return;
        }

        if (module.Ip.IsTransparent)
        {
            module.Respond.Raw(data);
            return;
        }

        if (!IsPassive)
        {
            Push(link, data);
            return;
        }

        if (data.IsEmpty)
        {
            return;
        }

        link.Unread.Write(data);
        if (link.IsDatagram)
        {
            link.UnreadDatagrams.Enqueue(data.Length);
        }

        if (!link.IsNoticed || module.Ip.ReceiveMode == 5)
        {
            Notify(link);
        }
    }

    // +CIPRXGET: 1[,<n>]
    private void Notify(LuatLink link)
    {
        link.IsNoticed = true;
        string blank = module.Switches.IsOn(LuatSwitches.ReadBlank) ? " " : "";
        string id = module.Ip.IsMultiple ? WireText.Format($",{link.Id}") : "";
        module.Respond.Urc($"+CIPRXGET:{blank}1{id}");
    }

    /// <summary>Takes unread bytes out; the caller has copied them.</summary>
    internal void Consumed(LuatLink link, int count)
    {
        link.Unread.Skip(count);
        while (count > 0 && link.UnreadDatagrams.TryPeek(out int length))
        {
            _ = link.UnreadDatagrams.Dequeue();
            if (length > count)
            {
                RequeueFirst(link.UnreadDatagrams, length - count);
            }

            count -= Math.Min(count, length);
        }

        link.IsNoticed = link.Unread.Count > 0 && module.Switches[LuatSwitches.ReadNotice] == "when-empty";
        link.Room.Set();
    }

    private static void RequeueFirst(Queue<int> queue, int first)
    {
        int[] rest = [.. queue];
        queue.Clear();
        queue.Enqueue(first);
        foreach (int length in rest)
        {
            queue.Enqueue(length);
        }
    }

    /// <summary>How much of the unread data one read gives.</summary>
    internal int Readable(LuatLink link, int wanted)
    {
        int most = link.UnreadDatagrams.TryPeek(out int first) && module.Switches[LuatSwitches.DatagramRead] == "one"
            ? first
            : link.Unread.Count;
        return Math.Min(wanted, most);
    }

    private void Push(LuatLink link, ReadOnlySpan<byte> data)
    {
        if (module.Ip.IsMultiple)
        {
            PushNumbered(link, data);
        }
        else
        {
            PushOnly(link, data);
        }
    }

    // CR LF +RECEIVE,<n>,<length>: CR LF data
    private void PushNumbered(LuatLink link, ReadOnlySpan<byte> data)
    {
        int announced = Host.Faults.AnnouncedLength(data.Length);
        string end = module.Switches[LuatSwitches.PushedData] == "inline" ? "" : "\r\n";
        module.Respond.Raw(WireText.Format($"\r\n+RECEIVE,{link.Id},{announced}:{end}"));
        module.Respond.Raw(data);
        EndPacket(isRaw: false);
    }

    // [CR LF RECV FROM: <address>:<port> CR LF][+IPD,<length>[,<protocol>]:]data[CR LF]
    private void PushOnly(LuatLink link, ReadOnlySpan<byte> data)
    {
        string lead = module.Switches.IsOn(LuatSwitches.PushLead) ? "\r\n" : "";
        if (module.Ip.ShowsPeer)
        {
            IPEndPoint peer = link.Connection!.Remote; // It has just received.
            string blank = module.Switches.IsOn(LuatSwitches.PeerBlank) ? " " : "";
            module.Respond.Raw(WireText.Format($"{lead}RECV FROM:{blank}{peer.Address}:{peer.Port}\r\n"));
            lead = "";
        }

        if (module.Ip.ShowsHeader)
        {
            int announced = Host.Faults.AnnouncedLength(data.Length);
            string protocol = module.Ip.ShowsProtocol ? "," + link.Request.Protocol : "";
            module.Respond.Raw(WireText.Format($"{lead}+IPD,{announced}{protocol}:"));
        }

        module.Respond.Raw(data);
        EndPacket(isRaw: !module.Ip.ShowsHeader);
    }

    private void EndPacket(bool isRaw)
    {
        if (!module.Ip.IsBare && (isRaw || module.Switches[LuatSwitches.PacketEnd] == "always"))
        {
            module.Respond.Raw("\r\n");
        }
    }
}
