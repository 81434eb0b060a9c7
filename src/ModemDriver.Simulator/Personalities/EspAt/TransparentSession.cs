using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Transparent mode while both directions are raw: packets to the peer, and the connection that the module makes
/// anew by itself, for ever, when it is lost.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Reset cancels it.
internal sealed class TransparentSession(EspAtModule module)
#pragma warning restore CA1001
{
    private const int ShowsStates = 4;

    private readonly Queue<byte[]> _packets = new();
    private readonly LoopSignal _work = new(module.Host.Loop);
    private CancellationTokenSource _life = new();
    private TransparentPhase? _phase;
    private LinkRequest? _request;
    private EspAtLink? _link;
    private int _waitingBytes;
    private bool _isSending;
    private bool _wasLinked;
    private long _escapedAt;

    internal bool IsActive => _phase is not null;

    /// <summary>Whether the module tells of links and of Wi-Fi though its data is raw: AT+SYSMSG, bit 2.</summary>
    internal bool ShowsStateTexts => (module.Settings.Current.SysMsg & ShowsStates) != 0;

    private ModuleHost Host => module.Host;

    private bool HasPackets => _packets.Count > 0 || _isSending;

    internal bool Owns(EspAtLink link) => IsActive && ReferenceEquals(link, _link);

    /// <summary>AT+CIPSEND without parameters.</summary>
    internal void Enter(EspAtLink link)
    {
        _link = link;
        Start(link.Request);
    }

    /// <summary>The link that AT+SAVETRANSLINK has stored: payload is taken from now on, though nothing is connected.
    /// </summary>
    internal void Boot(LinkRequest request)
    {
        _link = null;
        Start(request);
        Reconnect();
    }

    internal void Reset()
    {
        _life.Cancel();
        _phase = null;
        _link = null;
        _packets.Clear();
        _waitingBytes = 0;
        _isSending = false;
        Host.Uart.Input.HoldsInput = false;
    }

    /// <summary>The peer has closed, or the air is gone.</summary>
    internal void Lost(EspAtLink link)
    {
        _link = null;
        if (ShowsStateTexts)
        {
            module.Respond.Urc(module.Links.Prefix(link.Id) + "CLOSED\r\n");
        }

        LimitInput();
        _work.Set();
        Reconnect();
    }

    /// <summary>The server has a new client, for whom transparent mode may have waited.</summary>
    internal void Accepted(EspAtLink link)
    {
        if (IsActive && _request is null && _link is null)
        {
            _link = link;
            LimitInput();
            _work.Set();
        }
    }

    private void Start(LinkRequest? request)
    {
        _life = CancellationTokenSource.CreateLinkedTokenSource(module.Life);
        _request = request;
        _wasLinked = _link is not null;
        CancellationToken life = _life.Token;
        _phase = new TransparentPhase(Host, module.Profile.MaxSendBytes, module.Settings.TransparentSilence, life)
        {
            Packet = Send,
            Escaped = Escape,
        };
        Host.Trace("! transparent mode");
        module.Input.PassThrough(_phase);
        Host.Loop.StartHere(() => SendAsync(life));
    }

    private void Send(ReadOnlySpan<byte> packet)
    {
        // Without a connection a little is kept, once there was one; the rest is lost.
        if (_link is null && (!_wasLinked || _waitingBytes + packet.Length > module.Profile.MaxSendBytes))
        {
            Host.Trace($"! lost without a connection: {packet.Length} bytes");
            return;
        }

        // To TCP borders mean nothing; a datagram is no longer than a network packet.
        int most = _link is { KeepsBorders: true } ? module.Profile.SegmentBytes : packet.Length;
        _waitingBytes += packet.Length;
        for (; !packet.IsEmpty; packet = packet[Math.Min(most, packet.Length)..])
        {
            _packets.Enqueue(packet[..Math.Min(most, packet.Length)].ToArray());
        }

        LimitInput();
        _work.Set();
    }

    private void LimitInput() => Host.Uart.Input.HoldsInput = IsActive
        && (_phase!.IsEscaped || (_link is not null && _waitingBytes >= 2 * module.Profile.MaxSendBytes));

    private async Task SendAsync(CancellationToken life)
    {
        while (true)
        {
            life.ThrowIfCancellationRequested();
            if (_link is EspAtLink link && _packets.TryDequeue(out byte[]? packet))
            {
                _waitingBytes -= packet.Length;
                LimitInput();
                _isSending = true;
                await TrySendAsync(link, packet);
                life.ThrowIfCancellationRequested();
                _isSending = false;
            }
            else if (_phase is { IsEscaped: true })
            {
                Leave();
                return;
            }
            else
            {
                await _work.WaitAsync(life);
            }
        }
    }

    private async Task TrySendAsync(EspAtLink link, byte[] packet)
    {
        try
        {
            await link.Connection.SendAsync(packet, link.Life);
        }
        catch (NetworkException failure)
        {
            Host.Trace($"! lost with the connection: {packet.Length} bytes: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            // The link ended meanwhile; the packet is lost. A reset of the module is the caller's matter.
        }
    }

    /// <summary>The three signs have come: what lies before them goes out first.</summary>
    private void Escape(long at)
    {
        _escapedAt = at;
        if (_link is null || !HasPackets)
        {
            Leave();
        }
        else
        {
            LimitInput();
            _work.Set();
        }
    }

    private void Leave()
    {
        TransparentPhase phase = _phase!; // Only what is active is left.
        bool isDead = _link is null && _wasLinked;
        Reset();
        Host.Trace("! transparent mode left");
        if ((module.Settings.Current.SysMsg & 1) != 0)
        {
            module.Respond.Urc(module.Forms.QuitText);
        }

        if (isDead && module.Switches.IsOn(LinkSwitches.ClosedAfterEscape))
        {
            module.Respond.Urc("CLOSED\r\n");
        }

        if (module.Switches[LinkSwitches.ModeAfterEscape] == "0")
        {
            module.Settings.Transparent = false;
        }

        module.Input.Leave(_escapedAt, phase);
    }

    private void Reconnect()
    {
        if (_request is LinkRequest request)
        {
            CancellationToken life = _life.Token;
            Host.Loop.StartHere(() => ReconnectAsync(request, life));
        }
    }

    private async Task ReconnectAsync(LinkRequest request, CancellationToken life)
    {
        while (true)
        {
            await Host.Clock.WaitAsync(TimeSpan.FromMilliseconds(100 * module.Settings.Current.ReconnectTicks), life);
            if (!module.Opener.HasAddress(request.Family))
            {
                continue;
            }

            (NetworkConnection? connection, _) = await module.Opener.OpenAsync(request, 0, life);
            if (connection is not null)
            {
                if (!_wasLinked && module.Switches[LinkSwitches.SavedLinkPrompt] == "when-linked")
                {
                    module.Respond.Urc(EspAtModule.RawPrompt);
                }

                bool isSaid = !_wasLinked && module.Switches[LinkSwitches.SavedLinkText] == "connect";
                _wasLinked = true;
                _link = module.Links.Add(0, connection, request, isShown: ShowsStateTexts || isSaid);
                LimitInput();
                _work.Set();
                return;
            }

            if (!_wasLinked)
            {
                module.Respond.Urc(module.Forms.BootConnectFailure);
            }
        }
    }
}
