using System.Globalization;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulation.Faults;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>All peers of a run: who they are, and what happens to them together.</summary>
internal sealed class PeerBook(Stage stage)
{
    private readonly List<Connection> _connections = [];
    private readonly Dictionary<int, Func<InMemoryPeer, Task>> _servers = [];
    private TaskCompletionSource? _stall;
    private bool _refuse;
    private bool _areSilent;
    private int _nextFlow = 1;
    private int _nextPort = 2000;

    /// <summary>All connections that there were.</summary>
    public IReadOnlyList<Connection> Connections => _connections;

    /// <summary>A port that nobody has had.</summary>
    public int NextPort() => _nextPort++;

    /// <summary>A flow unlike all others.</summary>
    public Flow NewFlow(bool hasTraps) => new(_nextFlow++, hasTraps);

    /// <summary>Notes a connection.</summary>
    public Connection Add(InMemoryPeer peer, bool hasTraps)
    {
        var connection = new Connection(peer, NewFlow(hasTraps), NewFlow(hasTraps));
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Serves a port, as soon as peers answer.</summary>
    public void Serve(int port, Func<InMemoryPeer, Task> server)
    {
        _servers[port] = server;
        Answer(port);
    }

    /// <summary>Serves it no more.</summary>
    public void Close(int port)
    {
        _servers.Remove(port);
        stage.Network.Refuse(Stage.Host, port);
    }

    /// <summary>Waits while peers do nothing.</summary>
    public Task GoOnAsync() => _stall?.Task ?? Task.CompletedTask;

    /// <summary>Something happens to all of them.</summary>
    public void Begin(WorldAct act)
    {
        switch (act)
        {
            case WorldAct.PeersReset:
                ResetAll();
                break;
            case WorldAct.PeersStall:
                _stall ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                break;
            default:
                _refuse |= act == WorldAct.PeersRefuse;
                _areSilent |= act == WorldAct.PeersSilent;
                AnswerAll();
                break;
        }
    }

    /// <summary>It is over.</summary>
    public void Mend(WorldAct act)
    {
        switch (act)
        {
            case WorldAct.PeersStall:
                TaskCompletionSource? stall = _stall;
                _stall = null;
                stall?.SetResult();
                break;
            case WorldAct.PeersRefuse or WorldAct.PeersSilent:
                _refuse &= act != WorldAct.PeersRefuse;
                _areSilent &= act != WorldAct.PeersSilent;
                AnswerAll();
                break;
            default:
                break;
        }
    }

    /// <summary>Sends back what comes.</summary>
    public static async Task EchoAsync(InMemoryPeer peer)
    {
        var buffer = new byte[2048];
        try
        {
            while (await peer.ReadAsync(buffer) is var count and > 0)
            {
                await peer.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // The module has vanished, or closed: there is nobody to send to.
        }
    }

    /// <summary>Reads to the end.</summary>
    public static async Task DrainAsync(InMemoryPeer peer)
    {
        var buffer = new byte[2048];
        try
        {
            while (await peer.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // The module has vanished, which is an end as well.
        }
    }

    /// <summary>After all was disposed, without faults, no link of the module is left.</summary>
    public void CheckAllEnded()
    {
        if (stage.Plan.Faults.Count > 0)
        {
            return;
        }

        foreach (Connection connection in _connections)
        {
            if (!connection.HasEnded && !connection.IsHalfOpen)
            {
                stage.Ledger.Violated(Promise.Bytes, string.Create(
                    CultureInfo.InvariantCulture, $"the peer of flow {connection.Up.Id} was never told of the end"));
            }
        }
    }

    private void ResetAll()
    {
        foreach (Connection connection in _connections)
        {
            if (!connection.HasEnded)
            {
                connection.IsReset = true;
                connection.Peer.Reset();
            }
        }
    }

    private void AnswerAll()
    {
        foreach (int port in _servers.Keys)
        {
            Answer(port);
        }
    }

    private void Answer(int port)
    {
        stage.Network.Refuse(Stage.Host, port);
        if (_areSilent)
        {
            stage.Network.BlackHole(Stage.Host, port);
        }
        else if (!_refuse)
        {
            stage.Network.Serve(Stage.Host, port, _servers[port]);
        }
    }
}
