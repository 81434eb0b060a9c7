using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <content>What the module says of its own.</content>
internal sealed partial class ModemRunner
{
    /// <inheritdoc/>
    public bool IsUrc(ReadOnlySpan<byte> line) =>
        (_dialect?.ReadNotice(line) ?? DialectCatalog.ReadNoticeWhileUnknown(line)).Kind != NoticeKind.None;

    // Every module starts with its echo on. One that echoes again has started anew, and its word for it was lost: in the
    // middle of a payload, on a line with noise, or because its firmware has none.
    /// <inheritdoc/>
    public void OnEcho()
    {
        if (_isBroughtUp && _probe.IsEchoOff)
        {
            OnModuleReset("it echoes again");
        }
    }

    /// <inheritdoc/>
    public void OnUnsolicited(ReadOnlySpan<byte> line)
    {
        var notice = _dialect?.ReadNotice(line) ?? default;
        if (notice.Kind == NoticeKind.None && _logger.IsEnabled(LogLevel.Debug))
        {
            Log.StrayLine(_logger, PortName, Channel.Redaction.Display(line));
        }

        if (WiFiChanged is { } told && notice.Kind != NoticeKind.None && _dialect!.ReadWiFiEvent(line) is { } change)
        {
            // What was read from a line is known; that we were joining or leaving is known here.
            change = change with { IsRequested = _isJoining || _isLeaving };
            _events.Post(nameof(WiFiInterface.Changed), () => told(change));
        }

        if (IsCellular(notice.Kind))
        {
            OnCellularReport(_dialect!.ReadCellularReport(line)); // no dialect, no such notice
        }

        OnReportLine(line);
        if (MessageCommands?.ReadPlace(line) is { } place)
        {
            _inbox?.OnStored(place);
        }

        OnUssd(line);
        OnCallNews(line);
        OnServiceLine(line);
        if (UrcListener?.Invoke() is { } listener)
        {
            var urc = Urc.FromLine(AtText.Latin1(line), notice.Kind != NoticeKind.None);
            _events.Post(nameof(Modem.UrcReceived), () => listener(urc));
        }

        OnNotice(notice);
    }

    /// <inheritdoc/>
    public void OnPushedPayload(in AtFrame piece)
    {
        if (piece.LinkId == PayloadHeader.OfService)
        {
            OnServicePayload(piece);
        }
        else
        {
            Links.OnPushed(piece);
        }
    }

    /// <inheritdoc/>
    public void OnPushedWhole(int linkId)
    {
        if (linkId == PayloadHeader.OfService)
        {
            OnServicePayloadWhole();
        }
        else
        {
            Links.OnPushedWhole(linkId);
        }
    }

    /// <inheritdoc/>
    public bool MayFollowPushed(ReadOnlySpan<byte> line) => _dialect?.MayFollowPushed(line) ?? true;

    /// <inheritdoc/>
    public void OnBytesLost(int linkId, ModemProtocolException reason)
    {
        if (linkId < 0)
        {
            OnServiceBytesLost(linkId == PayloadHeader.OfService);
        }

        if (linkId != PayloadHeader.OfService)
        {
            Links.OnBytesLost(linkId, reason);
        }
    }

    /// <inheritdoc/>
    public void OnBroken(Exception reason) => Raise(ModemEvent.ChannelBroken, reason);

    private void OnNotice(in ModuleNotice notice)
    {
        switch (notice.Kind)
        {
            case NoticeKind.ModuleReady or NoticeKind.ModuleBooting:
                _notices.Post(NoticeKind.ModuleReady);
                if (_isBroughtUp)
                {
                    OnModuleReset("it has started anew");
                }
                else if (_probe.IsAsking)
                {
                    // It has forgotten the question. It is looked for again at once.
                    Channel.Abort(ResetReason("it started anew while it was asked who it is"));
                }

                break;
            case NoticeKind.NetworkLeft:
                _notices.Post(notice.Kind);

                // A join says so itself when it leaves one access point for another.
                if (!_isJoining && !_isLeaving)
                {
                    OnNetworkLeft("the module has left its network");
                }

                break;
            case NoticeKind.NetworkJoined or NoticeKind.AddressObtained:
                _notices.Post(notice.Kind);
                break;
            case NoticeKind.RegistrationChanged or NoticeKind.SimChanged or NoticeKind.SimRemoved
                or NoticeKind.SignalReported or NoticeKind.PacketDataLost:
                _notices.Post(notice.Kind);
                OnCellularNotice(notice.Kind);
                break;
            default:
                Links.OnNotice(notice);
                break;
        }
    }

    private void OnModuleReset(string how)
    {
        var reason = ResetReason(how);
        _isBroughtUp = false;
        _cellular.Forget();
        _inbox?.OnModuleReset();
        ForgetCharacterSet();
        Raise(ModemEvent.ModuleReset, reason);
        Channel.Abort(reason);
    }

    private ModemClosedException ResetReason(string how) =>
        new($"{PortName}: the module lost its state: {how}.") { Port = PortName };
}
