using ModemDriver.Simulator;
using ModemDriver.Simulator.Time;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>
/// A modem that is online, its module and a peer on one thread and on a clock that goes from timer to timer. Time passes
/// only while bytes cross the line or somebody waits: how fast the machine is does not matter.
/// </summary>
internal sealed class VirtualStage : IDisposable
{
    private const string Host = "10.0.0.2";
    private const int Port = 7;

    // Far more than any transfer takes.
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestPoolTurn = TimeSpan.FromSeconds(10);

    private readonly PumpScheduler _pump = new();
    private readonly VirtualClock _clock = new();
    private readonly InMemoryListener _listener;
    private readonly ModemSimulator _module;
    private readonly Modem _modem;

    public VirtualStage(string personality, int bitRate, ModuleTimings timings, GoodputMode mode)
    {
        var network = new InMemoryNetwork { Scheduler = _pump };
        _listener = network.Listen(Host, Port);
        _module = new ModemSimulator(new SimulatorOptions
        {
            Personality = personality,
            Unpaced = false,
            BitRate = bitRate,
            Timings = timings,
            Network = network,
            TimeProvider = _clock,
            Scheduler = _pump,
        });
        var factory = TransportFactory.ForStream(
            "memory", _ => ValueTask.FromResult<Stream>(_module.OpenStream()), _clock, true);
        _modem = Complete(Modem.OpenAsync(factory, new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            ConnectionMode = mode.Connection,
            ReceiveMode = mode.Receive,
            TimeProvider = _clock,
            Scheduler = _pump,
        }));
        Complete(_modem.GoOnlineAsync());
    }

    /// <summary>The time of the clock.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(_clock.GetTimestamp());

    /// <summary>Opens a link, or a transparent session, and takes the peer that it leads to.</summary>
    public (Stream Link, InMemoryPeer Peer) Connect(GoodputMode mode)
    {
        Stream link = mode.IsTransparent
            ? Complete(_modem.OpenTransparentAsync(Host, Port))
            : Complete(_modem.ConnectAsync(Host, Port));
        return (link, Complete(_listener.AcceptAsync().AsTask()));
    }

    /// <summary>Lets time pass until a call has ended.</summary>
    public T Complete<T>(Task<T> call)
    {
        Complete((Task)call);
        return call.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Complete{T}(Task{T})"/>
    public void Complete(Task call)
    {
        TimeSpan end = Now + LongestCall;
        _pump.RunAll();
        while (!call.IsCompleted)
        {
            // The end of a module comes by way of the thread pool, when no timer is left.
            if (Now > end || (!_clock.AdvanceToNext() && !call.Wait(LongestPoolTurn)))
            {
                throw new InvalidOperationException("The call does not end, and nothing is left that could end it.");
            }

            _pump.RunAll();
        }

        call.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Complete(_modem.DisposeAsync().AsTask());
        Complete(_module.DisposeAsync().AsTask());
        if (_module.Failure is Exception failure)
        {
            throw new InvalidOperationException("The simulator has failed.", failure);
        }
    }
}
