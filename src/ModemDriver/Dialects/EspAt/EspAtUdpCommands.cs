using System.Buffers;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>UDP links of AT firmware. ESP-AT user guide, TCP/IP AT Commands.</summary>
internal sealed class EspAtUdpCommands(EspAtFirmware firmware, EspAtReceiving receiving) : IUdpCommands
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(15);

    /// <summary>An Ethernet frame with the headers of IP and UDP; fragments are not put together again.</summary>
    public int MaxDatagramBytes => 1460;

    /// <inheritdoc/>
    public bool LosesBorders => receiving.IsPassive(LinkKind.Udp, null)
        && !EspAtFeatures.Has(firmware, ModemFeature.ReceiveModePerLink);

    /// <inheritdoc/>
    public bool NeedsNumber => receiving.IsPassive(LinkKind.Udp, null);

    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, UdpRequest request)
    {
        var steps = new List<SetupStep>();
        if (!receiving.ShowsSenders)
        {
            // Without it datagrams come all the same, and their senders stay unknown.
            steps.Add(new SetupStep(new EspAtShowSendersCommand(receiving, SettingLimit), IsRequired: false));
        }

        if (receiving.IsPassive(LinkKind.Udp, linkId))
        {
            steps.Add(new SetupStep(new EspAtReceiveTypeCommand(mode, linkId, isPassive: false, receiving, SettingLimit)));
        }

        return steps;
    }

    /// <inheritdoc/>
    public OpenLinkCommand Open(ConnectionMode mode, int? linkId, UdpRequest request)
    {
        var isMultiple = mode == ConnectionMode.Multiple;
        var line = NewLine(isMultiple && linkId is null ? "AT+CIPSTARTEX=" : "AT+CIPSTART=")
            .NumberIf(isMultiple ? linkId : null)
            .Text("UDP", "type")
            .Text(request.Host, nameof(request))
            .Number(request.Port)
            .NumberIf(request.LocalPort)
            .NumberIf(request.LocalPort is null ? null : (int)request.PeerMode)
            .Build();
        return new EspAtOpenLinkCommand(line, OpenLimit);
    }

    // Where it goes is named each time: naming another one has been seen to change the peer for good.
    /// <inheritdoc/>
    public AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload, string address, int port) =>
        new EspAtSendCommand(
            NewLine("AT+CIPSEND=")
                .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
                .Number(payload.Length)
                .Text(address, nameof(address))
                .Number(port)
                .Build(),
            SendLimit,
            new CommandPayload(payload));

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Restore(ConnectionMode mode, int linkId) =>
        receiving.IsPushed(linkId)
            ? [new EspAtReceiveTypeCommand(mode, linkId, isPassive: true, receiving, SettingLimit)]
            : [];

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}

/// <summary><c>AT+CIPDINFO=1</c>: received data says from whom it is.</summary>
internal sealed class EspAtShowSendersCommand(EspAtReceiving receiving, TimeSpan timeLimit)
    : AtCommand(CommandLineBuilder.Raw("AT+CIPDINFO=1"), timeLimit)
{
    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result) => receiving.ShowsSenders |= result.IsSuccess;
}

/// <summary><c>AT+CIPRECVTYPE=[&lt;id&gt;,]&lt;mode&gt;</c>: whether one link is kept or pushed.</summary>
internal sealed class EspAtReceiveTypeCommand(
    ConnectionMode mode, int? linkId, bool isPassive, EspAtReceiving receiving, TimeSpan timeLimit)
    : AtCommand(
        new CommandLineBuilder("AT+CIPRECVTYPE=")
            .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
            .Number(isPassive ? 1 : 0)
            .Build(),
        timeLimit)
{
    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (result.IsSuccess)
        {
            receiving.SetPushed(linkId ?? 0, !isPassive);
        }
    }
}
