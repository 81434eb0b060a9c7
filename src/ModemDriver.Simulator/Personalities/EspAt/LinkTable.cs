using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The five links: which there are, how they come and how they go.</summary>
internal sealed class LinkTable(EspAtModule module)
{
    internal const int Size = 5;

    private static readonly TimeSpan LateLoss = TimeSpan.FromSeconds(10);

    private readonly EspAtLink?[] _links = new EspAtLink?[Size];
    private readonly List<int> _reserved = [];

    /// <summary>Whether a TCP link has existed since the boot.</summary>
    internal bool HadLink { get; private set; }

    internal bool AnyOpen => _links.Any(link => link is { IsClosed: false });

    internal IEnumerable<EspAtLink> Open => _links.OfType<EspAtLink>().Where(link => !link.IsClosed);

    private ModuleHost Host => module.Host;

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

        Host.Loop.StartHere(() => module.Receiver.PumpAsync(link));
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
            module.Receiver.Notify(link);
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
                module.Receiver.Push(link, unread);
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

    /// <summary>The peer has closed, or the air is gone.</summary>
    internal void Gone(EspAtLink link)
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
