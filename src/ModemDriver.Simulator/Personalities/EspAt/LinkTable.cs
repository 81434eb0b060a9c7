using System.Buffers.Text;
using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The five links, and the bytes that come in on them.</summary>
internal sealed class LinkTable(EspAtModule module)
{
    internal const int Size = 5;

    private static readonly TimeSpan LateLoss = TimeSpan.FromSeconds(10);

    /// <summary>What fits one Ethernet frame; reassembly is off by default.</summary>
    private const int LongestDatagram = 1472;

    // Header, explicit nonce and tag of a record with AES-GCM: RFC 5246 section 6.2.3.3, RFC 5288 section 3.
    private const int TlsRecordBytes = 29;

    private const int MaxDatagramBytes = 65_535;

    /// <summary>Segments taken without giving the loop to others.</summary>
    private const int PumpBudget = 8;

    private readonly EspAtLink?[] _links = new EspAtLink?[Size];
    private readonly List<int> _reserved = [];
    private readonly int _segmentBytes =
        int.Parse(module.Switches[LinkSwitches.LargestPush], CultureInfo.InvariantCulture);

    private readonly byte[] _header = new byte[64];

    /// <summary>Whether a TCP link has existed since the boot.</summary>
    internal bool HadLink { get; private set; }

    internal bool AnyOpen => _links.Any(link => link is { IsClosed: false });

    internal IEnumerable<EspAtLink> Open => _links.OfType<EspAtLink>().Where(link => !link.IsClosed);

    private ModuleHost Host => module.Host;

    /// <summary>What passive mode announces: of a TLS link the length of what came, which is more than it says.</summary>
    internal int AnnouncedLength(EspAtLink link) =>
        link.Unread.Count == 0 || link.Type != LinkRequest.Ssl || module.Switches[LinkSwitches.TlsLength] == "plain"
            ? link.Unread.Count
            : link.Unread.Count + TlsRecordBytes;

    /// <summary>Passive mode is not for transparent mode; with NonOS it is for TCP only.</summary>
    private bool IsPassiveFor(EspAtLink link) => module.Settings is { Passive: true, Transparent: false }
        && (link.Type == LinkRequest.Tcp || !module.Forms.HoldsOnlyTcp);

    /// <summary>A link that the host may use; <see langword="null"/> when the number is free.</summary>
    internal EspAtLink? Find(int id) => _links[id] is { IsClosed: false } link ? link : null;

    /// <summary>A link whose data may be read, though it may be closed already.</summary>
    internal EspAtLink? FindReadable(int id) => _links[id];

    internal int? FreeId(bool lowest)
    {
        IEnumerable<int> ids = Enumerable.Range(0, Size).Where(id => Find(id) is null && !_reserved.Contains(id));
        return (lowest ? ids : ids.Reverse()).Cast<int?>().FirstOrDefault();
    }

    /// <summary>Keeps a number for a link that is coming up, until the result is disposed.</summary>
    internal IDisposable Reserve(int id)
    {
        _reserved.Add(id);
        return new Reservation(() => _reserved.Remove(id));
    }

    /// <summary>A link has come up; the host is told of it, unless it is not to be shown.</summary>
    internal EspAtLink Add(int id, NetworkConnection connection, LinkRequest? request, bool isShown = true) => Add(
        new EspAtLink(id, connection, request, Host.Loop, module.Life) { HeardAt = Host.Clock.Now }, isShown);

    /// <summary>A client of the server has come.</summary>
    internal EspAtLink Accept(int id, NetworkConnection connection, string type, bool isShown) => Add(
        new EspAtLink(id, connection, null, Host.Loop, module.Life) { HeardAt = Host.Clock.Now, Type = type }, isShown);

    private EspAtLink Add(EspAtLink link, bool isShown)
    {
        _links[link.Id] = link;
        HadLink |= !link.KeepsBorders;
        if (isShown)
        {
            SayConnected(link);
        }

        Host.Loop.StartHere(() => PumpAsync(link));
        return link;
    }

    private void SayConnected(EspAtLink link)
    {
        NetworkConnection connection = link.Connection;
        if ((module.Settings.Current.SysMsg & 2) != 0)
        {
            module.Respond.Urc(WireText.Format(
                $"+LINK_CONN:0,{link.Id},\"{link.Type}\",{(link.IsAccepted ? 1 : 0)},\"{connection.Remote.Address}\",{connection.Remote.Port},")
                + WireText.Format($"{connection.Local.Port}\r\n"));
        }
        else
        {
            module.Respond.Urc(Prefix(link.Id) + "CONNECT\r\n");
        }
    }

    /// <summary>The host closes a link.</summary>
    internal void Close(EspAtLink link)
    {
        Forget(link);
        link.End(orderly: true);
        SayClosed(link);
    }

    /// <summary>The access point is gone: every TCP link over it dies, and the peers learn nothing in order. UDP links
    /// stay, and so do those of the SoftAP's guests.</summary>
    internal void LoseAll() => Lose(link => !IsGuest(link));

    /// <summary>The SoftAP is gone, or starts anew.</summary>
    internal void LoseGuests() => Lose(IsGuest);

    private bool IsGuest(EspAtLink link) => link.Connection.Local.Address.Equals(module.SoftApAddress);

    private void Lose(Func<EspAtLink, bool> isConcerned)
    {
        foreach (EspAtLink link in Open.Where(link => !link.KeepsBorders && isConcerned(link)).ToArray())
        {
            link.End(orderly: false);
            Host.Loop.StartHere(() => SayLostAsync(link, module.Life));
        }
    }

    private async Task SayLostAsync(EspAtLink link, CancellationToken life)
    {
        string order = module.Switches[WiFiSwitches.ClosedAfterLoss];
        if (order == "late")
        {
            await Host.Clock.WaitAsync(LateLoss, life);
        }

        if (order != "never" && !link.IsClosed)
        {
            Gone(link);
        }
    }

    /// <summary>The module stops: nothing is said.</summary>
    internal void Abort()
    {
        foreach (EspAtLink link in _links.OfType<EspAtLink>())
        {
            link.End(orderly: false);
        }

        Array.Clear(_links);
        _reserved.Clear();
        HadLink = false;
    }

    /// <summary>Takes unread bytes out; the caller has written them to the wire. What a read leaves of a datagram is
    /// lost; a long one takes several.</summary>
    internal static void Consumed(EspAtLink link, int count)
    {
        link.Unread.Skip(count);
        while (count > 0 && link.UnreadDatagrams.TryDequeue(out int length))
        {
            link.Unread.Skip(Math.Max(0, length - count));
            count -= length;
        }

        link.IsNoticed = false;
        link.Room.Set();
    }

    /// <summary>What follows a read, behind its OK: a notice of the rest, or the CLOSED that was held back.</summary>
    internal void AfterRead(EspAtLink link)
    {
        if (link.Unread.Count > 0)
        {
            Notify(link);
        }
        else if (link.IsGone)
        {
            Forget(link);
            if (!link.IsClosed)
            {
                link.End(orderly: true);
                SayClosed(link);
            }
        }
    }

    /// <summary>Passive mode ends: what is unread is pushed.</summary>
    internal void PushUnread()
    {
        foreach (EspAtLink link in _links.OfType<EspAtLink>().Where(link => link.Unread.Count > 0))
        {
            do
            {
                int length = link.UnreadDatagrams.TryPeek(out int first) ? first : link.Unread.Count;
                byte[] unread = link.Unread.Span[..length].ToArray();
                Consumed(link, length);
                Push(link, unread);
            }
            while (link.Unread.Count > 0);

            AfterRead(link);
        }
    }

    internal string Prefix(int id) => module.Settings.Multiple ? WireText.Format($"{id},") : "";

    private void Forget(EspAtLink link)
    {
        if (ReferenceEquals(_links[link.Id], link))
        {
            _links[link.Id] = null;
        }
    }

    private void SayClosed(EspAtLink link)
    {
        link.IsClosed = true;
        module.Respond.Urc(Prefix(link.Id) + "CLOSED\r\n");
    }

    private async Task PumpAsync(EspAtLink link)
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
        Gone(link);
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
        else if (!module.Station.HasAddress)
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
    private void Notify(EspAtLink link)
    {
        link.IsNoticed = true;
        Header(link, AnnouncedLength(link), "\r\n"u8, withPeer: false);
    }

    /// <summary>CR LF +IPD,[id,]length[,address,port]:data — and nothing behind the data. Raw, and nothing else, as long as
    /// CIPMODE is 1, whether or not the host has entered transparent mode.</summary>
    private void Push(EspAtLink link, ReadOnlySpan<byte> data)
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

    /// <summary>The peer has closed, or the air is gone.</summary>
    private void Gone(EspAtLink link)
    {
        link.IsGone = true;
        if (module.Transparent.Owns(link))
        {
            Forget(link);
            link.End(orderly: true);
            link.IsClosed = true;
            module.Transparent.Lost(link);
            return;
        }

        string order = module.Switches[EspAtSwitches.ClosedBeforeRead];
        if (link.Unread.Count > 0 && order == "held")
        {
            return;
        }

        if (link.Unread.Count == 0 || order == "lossy")
        {
            Forget(link);
        }

        link.End(orderly: true);
        SayClosed(link);
    }

    private sealed class Reservation(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
