using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>One link of the module.</summary>
internal sealed class EspAtLink(
    int id, NetworkConnection connection, LinkRequest? request, SimulatorLoop loop, CancellationToken moduleLife)
{
    private readonly CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(moduleLife);
    private SegmentQueue? _segments;
    private bool _hasEnded;

    internal int Id => id;

    internal NetworkConnection Connection => connection;

    /// <summary>What the host asked for; <see langword="null"/> when the peer has come by itself.</summary>
    internal LinkRequest? Request => request;

    /// <summary>Whether it is a client of the server.</summary>
    internal bool IsAccepted => request is null;

    /// <summary>When the peer has last sent something.</summary>
    internal long HeardAt { get; set; }

    internal string Type { get; init; } = request?.Type ?? LinkRequest.Tcp;

    /// <summary>The type without the version of IP.</summary>
    internal string Protocol => LinkRequest.ProtocolOf(Type);

    /// <summary>Whether it is made of datagrams.</summary>
    internal bool KeepsBorders => connection.KeepsBorders;

    /// <summary>The lengths of the datagrams in <see cref="Unread"/>.</summary>
    internal Queue<int> UnreadDatagrams { get; } = new();

    /// <summary>Received and not read, in passive mode.</summary>
    internal ByteQueue Unread { get; } = new();

    /// <summary>The host has been told of unread data since its last read.</summary>
    internal bool IsNoticed { get; set; }

    /// <summary>The peer has closed, or the air is gone.</summary>
    internal bool IsGone { get; set; }

    /// <summary>CLOSED has been said.</summary>
    internal bool IsClosed { get; set; }

    internal CancellationToken Life => _life.IsCancellationRequested ? new CancellationToken(canceled: true) : _life.Token;

    /// <summary>The window has room again.</summary>
    internal LoopSignal Room { get; } = new(loop);

    /// <summary>What AT+CIPSENDBUF has put into the buffer.</summary>
    internal SegmentQueue Segments(EspAtModule module) => _segments ??= new SegmentQueue(module, this);

    internal void End(bool orderly)
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        _life.Cancel();
        _life.Dispose(); // else the life of the module keeps it
        if (orderly)
        {
            connection.Close();
        }
        else
        {
            connection.Abort();
        }
    }
}
