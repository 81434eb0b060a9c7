using System.Buffers;
using System.Globalization;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;

namespace ModemDriver.Dialects.Luat;

/// <summary>UDP links of the vendor's AT firmware: each has one peer, and says what comes from nobody else.</summary>
/// <remarks>The vendor's AT manual, AT+CIPSTART, AT+CLPORT. What is kept until it is fetched has no borders.</remarks>
internal sealed class LuatUdpCommands(LuatReceiving receiving, LuatIpStack stack) : IUdpCommands
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(55);

    private readonly Dictionary<int, string> _peers = [];
    private readonly Dictionary<int, int> _ports = [];

    /// <inheritdoc/>
    public int MaxDatagramBytes => LuatReceiving.MaxPayload;

    /// <inheritdoc/>
    public bool LosesBorders => receiving.IsPassive;

    /// <inheritdoc/>
    public bool NeedsNumber => true;

    // AT+CLPORT=[<n>,]"UDP",<port>      it stays for the number, so it is taken back for a link that names none
    /// <inheritdoc/>
    public IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, UdpRequest request)
    {
        stack.ThrowIfWordsAreTaken(mode);
        if (request.PeerMode != UdpPeerMode.Fixed || request.Host == "0.0.0.0")
        {
            throw new NotSupportedException("A UDP link of this module has one peer, which is that of the request.");
        }

        var id = linkId ?? 0;
        var port = request.LocalPort ?? 0;
        if (_ports.GetValueOrDefault(id) == port)
        {
            return [];
        }

        var line = new CommandLineBuilder("AT+CLPORT=")
            .NumberIf(mode == ConnectionMode.Multiple ? id : null)
            .Text("UDP", "type")
            .Number(port);
        var set = new LuatStackCommand(
            line.Build(), SettingLimit, isSet => _ports[id] = isSet ? port : _ports.GetValueOrDefault(id));
        return [new SetupStep(set, IsRequired: port != 0)];
    }

    /// <inheritdoc/>
    public OpenLinkCommand Open(ConnectionMode mode, int? linkId, UdpRequest request)
    {
        var id = linkId ?? 0;
        _peers[id] = PeerText(request.Host, request.Port);
        return new LuatOpenLinkCommand(
            new CommandLineBuilder("AT+CIPSTART=")
                .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
                .Text("UDP", "type")
                .Text(request.Host, nameof(request))
                .Number(request.Port)
                .Build(),
            OpenLimit,
            OpenLimit,
            mode,
            id,
            stack);
    }

    /// <inheritdoc/>
    public AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload, string address, int port) =>
        _peers.GetValueOrDefault(linkId) == PeerText(address, port)
            ? new LuatSendCommand(
                new CommandLineBuilder("AT+CIPSEND=")
                    .NumberIf(mode == ConnectionMode.Multiple ? linkId : null)
                    .Number(payload.Length)
                    .Build(),
                SendLimit,
                new CommandPayload(payload),
                mode,
                linkId)
            : throw new NotSupportedException("A UDP link of this module sends to its own peer and nobody else.");

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Restore(ConnectionMode mode, int linkId) => [];

    private static string PeerText(string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
}
