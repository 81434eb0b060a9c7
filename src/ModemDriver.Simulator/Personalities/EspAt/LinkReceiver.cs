using System.Buffers.Text;
using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The bytes that come in on links: pushed to the host, or kept and announced.</summary>
internal sealed class LinkReceiver(EspAtModule module)
{
    /// <summary>What fits one Ethernet frame; reassembly is off by default.</summary>
    private const int LongestDatagram = 1472;

    // Header, explicit nonce and tag of a record with AES-GCM: RFC 5246 section 6.2.3.3, RFC 5288 section 3.
    private const int TlsRecordBytes = 29;

    private const int MaxDatagramBytes = 65_535;

    /// <summary>Segments taken without giving the loop to others.</summary>
    private const int PumpBudget = 8;

    private readonly int _segmentBytes =
        int.Parse(module.Switches[LinkSwitches.LargestPush], CultureInfo.InvariantCulture);

    private readonly byte[] _header = new byte[96];

    private ModuleHost Host => module.Host;

    /// <summary>What passive mode announces: of a TLS link the length of what came, which is more than it says.</summary>
    internal int AnnouncedLength(EspAtLink link) =>
        link.Unread.Count == 0 || link.Protocol != LinkRequest.Ssl || module.Switches[LinkSwitches.TlsLength] == "plain"
            ? link.Unread.Count
            : link.Unread.Count + TlsRecordBytes;

    /// <summary>Passive mode is not for transparent mode; with NonOS it is for TCP only.</summary>
    private bool IsPassiveFor(EspAtLink link) => module.Settings is { Passive: true, Transparent: false }
        && (link.Protocol == LinkRequest.Tcp || !module.Forms.HoldsOnlyTcp);

    /// <summary>Takes what comes until the link ends.</summary>
    internal async Task PumpAsync(EspAtLink link)
    {
        var buffer = new byte[link.KeepsBorders ? MaxDatagramBytes : _segmentBytes];
        try
        {
            for (int turn = 1; ; turn++)
            {
                int room = await WhenRoomAsync(link);
                int count = await link.Connection.ReceiveAsync(
                    buffer.AsMemory(0, link.KeepsBorders ? buffer.Length : Math.Min(room, buffer.Length)), link.Life);
                link.Life.ThrowIfCancellationRequested();
                if (link.KeepsBorders)
                {
                    DatagramArrived(link, buffer.AsSpan(0, count));
                }
                else if (count == 0)
                {
                    break;
                }
                else
                {
                    Arrived(link, buffer.AsSpan(0, count));
                }

                if (turn % PumpBudget == 0)
                {
                    await Task.Yield();
                }
            }
        }
        catch (NetworkException reset)
        {
            Host.Trace($"! link {link.Id}: {reset.Message}");
        }

        link.Life.ThrowIfCancellationRequested();
        module.Links.Gone(link);
    }

    private async ValueTask<int> WhenRoomAsync(EspAtLink link)
    {
        if (!IsPassiveFor(link))
        {
            await Host.Uart.WhenRoomAsync(link.Life);
            return int.MaxValue;
        }

        while (!link.KeepsBorders && link.Unread.Count >= module.Profile.WindowBytes)
        {
            await link.Room.WaitAsync(link.Life);
        }

        return module.Profile.WindowBytes - link.Unread.Count;
    }

    private void DatagramArrived(EspAtLink link, ReadOnlySpan<byte> data)
    {
        string? loss = null;
        if (data.IsEmpty && (IsPassiveFor(link) || module.Switches[LinkSwitches.EmptyDatagram] == "ignored"))
        {
            loss = "it is empty";
        }
        else if (data.Length > LongestDatagram)
        {
            loss = "fragments are not put together";
        }
        else if (!module.Opener.HasAddress(link.Connection.Remote.AddressFamily))
        {
            loss = "there is no air";
        }
        else if (IsPassiveFor(link) && link.Unread.Count + data.Length > module.Profile.WindowBytes)
        {
            loss = "the buffer is full";
        }

        if (loss is not null)
        {
            Host.Trace(WireText.Format($"! link {link.Id}: a datagram of {data.Length} bytes is lost: {loss}"));
            return;
        }

        if (IsPassiveFor(link))
        {
            link.UnreadDatagrams.Enqueue(data.Length);
        }

        Arrived(link, data);
    }

    private void Arrived(EspAtLink link, ReadOnlySpan<byte> data)
    {
        link.HeardAt = Host.Clock.Now;
        if (!IsPassiveFor(link))
        {
            Push(link, data);
            return;
        }

        link.Unread.Write(data);
        if (!link.IsNoticed)
        {
            Notify(link);
        }
    }

    /// <summary>CR LF +IPD,[id,]length — nothing behind the number but the line end.</summary>
    internal void Notify(EspAtLink link)
    {
        link.IsNoticed = true;
        if (module.Switches[LinkSwitches.EarlyPassive] == "silent" && module.Profile.Doubtful.Count > 0)
        {
            return; // The library of 2.0.0 has no such text.
        }

        Header(link, AnnouncedLength(link), "\r\n"u8, withPeer: false);
    }

    /// <summary>CR LF +IPD,[id,]length[,address,port]:data — and nothing behind the data. Raw, and nothing else, as long as
    /// CIPMODE is 1, whether or not the host has entered transparent mode.</summary>
    internal void Push(EspAtLink link, ReadOnlySpan<byte> data)
    {
        if (module.Settings.Transparent)
        {
            module.Respond.Urc(data);
            return;
        }

        Header(link, data.Length, ":"u8, module.Settings.ShowsPeer);
        module.Respond.Urc(data);
    }

    private void Header(EspAtLink link, int length, ReadOnlySpan<byte> end, bool withPeer)
    {
        Span<byte> header = _header;
        "\r\n+IPD,"u8.CopyTo(header);
        int used = 7;
        if (module.Settings.Multiple)
        {
            header[used++] = (byte)('0' + link.Id);
            header[used++] = (byte)',';
        }

        _ = Utf8Formatter.TryFormat(Host.Faults.AnnouncedLength(length), header[used..], out int digits);
        used += digits;
        if (withPeer)
        {
            string quote = module.Forms.QuotesPeerAddress ? "\"" : "";
            IPEndPoint peer = link.Connection.Remote;
            used += WireText.Latin1.GetBytes(
                WireText.Format($",{quote}{peer.Address}{quote},{peer.Port}"), header[used..]);
        }

        end.CopyTo(header[used..]);
        module.Respond.Urc(header[..(used + end.Length)]);
    }
}
