using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Transcripts;

/// <summary>Who is at the other ends of the links of a replay, by port.</summary>
/// <param name="network">Where they are.</param>
/// <param name="module">Tells the module's address.</param>
/// <param name="pump">Lets everything happen that is due.</param>
internal sealed class ReplayPeers(InMemoryNetwork network, Func<IPAddress> module, Action pump)
{
    private readonly Dictionary<int, InMemoryListener> _listeners = [];
    private readonly Dictionary<int, InMemoryPeer> _peers = [];
    private readonly Dictionary<int, InMemoryDatagramPeer> _sockets = [];

    // server <address> <port>
    internal void Listen(string[] words) => _listeners[Number(words[2])] = network.Listen(words[1], Number(words[2]));

    // client <address> <port> <port of the module>
    internal void Connect(string[] words)
    {
        var from = new IPEndPoint(IPAddress.Parse(words[1]), Number(words[2]));
        _peers[from.Port] = network.Connect(module().ToString(), Number(words[3]), from);
    }

    // peer <port> sends <bytes> | received <bytes> | closes | resets
    internal void Act(string[] words, string rest)
    {
        int port = Number(words[1]);
        if (_listeners.TryGetValue(port, out InMemoryListener? listener)
            && listener.TryAccept(out InMemoryPeer? fresh))
        {
            _peers[port] = fresh;
        }

        InMemoryPeer peer = _peers.GetValueOrDefault(port)
            ?? throw new InvalidOperationException("no link has been opened to this port");
        byte[] bytes = Bytes(rest, 2);
        switch (words[2])
        {
            case "sends":
                ValueTask writing = peer.WriteAsync(bytes);
                _ = writing.AsTask(); // Far below the window.
                break;
            case "received":
                pump();
                Compare(peer.TakeReceived(), bytes);
                break;
            case "closes":
                peer.Dispose();
                break;
            case "resets":
                peer.Reset();
                break;
            default:
                throw new FormatException($"a peer does not '{words[2]}'");
        }
    }

    // datagrams <address> <port>
    internal void Open(string[] words) =>
        _sockets[Number(words[2])] = network.OpenDatagrams(words[1], Number(words[2]));

    // datagram <port> sends <port of the module> <bytes> | received <bytes>
    internal void ActDatagram(string[] words, string rest)
    {
        InMemoryDatagramPeer socket = _sockets.GetValueOrDefault(Number(words[1]))
            ?? throw new InvalidOperationException("no socket has been opened at this port");
        switch (words[2])
        {
            case "sends":
                socket.Send(Bytes(rest, 3), new IPEndPoint(module(), Number(words[3])));
                break;
            case "received":
                pump();
                Compare(socket.TryReceive(out InMemoryDatagram got) ? got.Data.Span : [], Bytes(rest, 2));
                break;
            default:
                throw new FormatException($"a datagram is not '{words[2]}'");
        }
    }

    private static void Compare(ReadOnlySpan<byte> got, ReadOnlySpan<byte> expected)
    {
        if (!got.SequenceEqual(expected))
        {
            throw new InvalidOperationException($"the peer has received '{WireText.Escape(got)}'");
        }
    }

    /// <summary>What stands behind so many words.</summary>
    private static byte[] Bytes(string rest, int words) =>
        Transcript.Unescape(rest.Split(' ', words + 1).ElementAtOrDefault(words) ?? "", 0);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
