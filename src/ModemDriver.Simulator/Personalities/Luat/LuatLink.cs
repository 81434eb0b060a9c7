using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>What the host asked for.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65,535.</param>
internal sealed record LinkRequest(string Protocol, string Host, int Port)
{
    internal const string Tcp = "TCP";
    internal const string Udp = "UDP";
}

/// <summary>The state of one of several links.</summary>
internal enum LinkState
{
    Connecting,
    Connected,
    Closing,
    Closed,
}

/// <summary>One link of the module, from AT+CIPSTART on; its record outlives it.</summary>
internal sealed class LuatLink(int id, LinkRequest request, SimulatorLoop loop, CancellationToken moduleLife)
{
    private readonly CancellationTokenSource _life = CancellationTokenSource.CreateLinkedTokenSource(moduleLife);

    internal int Id => id;

    internal LinkRequest Request => request;

    internal NetworkConnection? Connection { get; set; }

    internal LinkState State { get; set; }

    internal bool IsOpen => State == LinkState.Connected;

    internal bool IsDatagram => request.Protocol == LinkRequest.Udp;

    /// <summary>Received and not read.</summary>
    internal ByteQueue Unread { get; } = new();

    /// <summary>The lengths of the datagrams in <see cref="Unread"/>.</summary>
    internal Queue<int> UnreadDatagrams { get; } = new();

    /// <summary>The host has been told of unread data.</summary>
    internal bool IsNoticed { get; set; }

    /// <summary>Payloads on their way to the peer.</summary>
    internal Queue<byte[]> Outgoing { get; } = new();

    /// <summary>Bytes that the host has sent since the connect.</summary>
    internal long Sent { get; set; }

    /// <summary>Bytes of those that the peer has.</summary>
    internal long Acknowledged { get; set; }

    internal long Outstanding => Sent - Acknowledged;

    /// <summary>There is room for received data, or the air is back.</summary>
    internal LoopSignal Room { get; } = new(loop);

    /// <summary>There is something to send, or the air is back.</summary>
    internal LoopSignal Work { get; } = new(loop);

    /// <summary>Something has been sent, or the link is gone.</summary>
    internal LoopSignal Progress { get; } = new(loop);

    internal CancellationToken Life => _life.IsCancellationRequested ? new CancellationToken(canceled: true) : _life.Token;

    internal void End(bool orderly)
    {
        if (_life.IsCancellationRequested)
        {
            return;
        }

        _life.Cancel();
        _life.Dispose(); // else the life of the module keeps it
        State = LinkState.Closed;
        if (orderly)
        {
            Connection?.Close();
        }
        else
        {
            Connection?.Abort();
        }

        Progress.Set();
    }
}
