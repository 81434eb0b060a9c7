using System.Buffers;
using ModemDriver.Commands;

namespace ModemDriver.Links;

/// <summary>What a link carries.</summary>
internal enum LinkKind
{
    /// <summary>A stream of bytes.</summary>
    Tcp,

    /// <summary>A stream of bytes, encrypted by the module.</summary>
    Tls,

    /// <summary>Datagrams.</summary>
    Udp,
}

/// <summary>A command that prepares the opening of a link.</summary>
/// <param name="Command">The command; if it asks for a setting, the change is sent behind it where needed.</param>
/// <param name="IsRequired">
/// Whether the link cannot be opened if the module refuses. The change behind a question is required in any case.
/// </param>
internal sealed record SetupStep(AtCommand Command, bool IsRequired = true);

/// <summary>The commands of UDP links: what a dialect must supply. All are built anew for each use.</summary>
internal interface IUdpCommands
{
    /// <summary>The largest datagram that can be sent, in bytes.</summary>
    int MaxDatagramBytes { get; }

    /// <summary>
    /// Whether the module would keep datagrams until they are fetched, and so lose their borders, and cannot do
    /// otherwise for one link.
    /// </summary>
    bool LosesBorders { get; }

    /// <summary>Whether the number must be known before the opening.</summary>
    bool NeedsNumber { get; }

    /// <summary>What goes before the opening.</summary>
    IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int? linkId, UdpRequest request);

    /// <summary>Opens the link.</summary>
    OpenLinkCommand Open(ConnectionMode mode, int? linkId, UdpRequest request);

    /// <summary>Sends a datagram to an address.</summary>
    AtCommand Send(ConnectionMode mode, int linkId, ReadOnlySequence<byte> payload, string address, int port);

    /// <summary>What goes behind the closing, so that the number is as any other again.</summary>
    IReadOnlyList<AtCommand> Restore(ConnectionMode mode, int linkId);
}
