using ModemDriver.Framing;

namespace ModemDriver.Links;

/// <content>A link of datagrams.</content>
internal sealed partial class Link
{
    /// <summary>What it has received; <see langword="null"/> for a link that is a stream of bytes.</summary>
    public DatagramQueue? Datagrams { get; init; }

    /// <summary>A piece of a datagram has come from the module.</summary>
    /// <returns>Whether a datagram was dropped.</returns>
    public bool TakeDatagram(in AtFrame piece)
    {
        BytesReceived += piece.Text.Length;
        Metrics?.CountLinkReceived(piece.Text.Length);
        return Datagrams!.Take(piece, piece.Offset == 0 ? piece.Header?.ReadSender(piece.Raw) : null); // the caller has looked
    }

    /// <summary>The module has taken a datagram.</summary>
    public void CountSent(int bytes)
    {
        BytesSent += bytes;
        Metrics?.CountLinkSent(bytes);
    }

    private void EndDatagrams() => Datagrams?.End(WhyNotSent);
}
