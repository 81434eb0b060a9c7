using Microsoft.Extensions.Time.Testing;
using ModemDriver.Diagnostics;
using ModemDriver.Simulator;
using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>
/// A modem and a module on the thread of the test and on a clock that only the test moves, with a cable between them.
/// </summary>
/// <remarks>
/// Time moves only when neither side has anything left to do. So a limit runs out because nothing answers, and never
/// because the machine is slow. Every call is awaited by <see cref="PassAsync(Task)"/>: nothing happens beside it.
/// </remarks>
internal sealed class VirtualRig : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(2);

    private readonly Pump _pump = new();
    private readonly WireLog _wire = new();
    private Modem? _modem;
    private StateLog? _states;

    private VirtualRig(string personality, Func<SimulatorOptions, SimulatorOptions>? simulate)
    {
        Network = new InMemoryNetwork { Scheduler = _pump };
        Network.Serve(Rig.Host, 7, Servers.EchoAsync);
        var options = new SimulatorOptions
        {
            Personality = personality,
            Network = Network,
            TimeProvider = Time,
            Scheduler = _pump,
        };
        Module = new ModemSimulator(simulate?.Invoke(options) ?? options);
    }

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The end of the dialogue, for the message of a test that fails.</summary>
    public string Wire => _wire.Tail();

    public Cable Cable { get; } = new();

    public ModemSimulator Module { get; }

    public InMemoryNetwork Network { get; }

    public Modem Modem => _modem ?? throw new InvalidOperationException("The modem is not open yet.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A modem that is online.</summary>
    public static async Task<VirtualRig> OnlineAsync(
        string personality = "esp-at",
        Func<ModemOptions, ModemOptions>? drive = null,
        Func<SimulatorOptions, SimulatorOptions>? simulate = null,
        string port = "memory",
        Func<TransportFactory, TransportFactory>? wire = null)
    {
        VirtualRig rig = await ReadyAsync(personality, drive, simulate, port, wire);
        await rig.PassAsync(rig.Modem.GoOnlineAsync(Token));
        await rig.ChangesUntilAsync(ModemState.Online);
        return rig;
    }

    /// <summary>A modem that is open.</summary>
    public static async Task<VirtualRig> ReadyAsync(
        string personality = "esp-at",
        Func<ModemOptions, ModemOptions>? drive = null,
        Func<SimulatorOptions, SimulatorOptions>? simulate = null,
        string port = "memory",
        Func<TransportFactory, TransportFactory>? wire = null)
    {
        var rig = new VirtualRig(personality, simulate);
        var options = new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            TimeProvider = rig.Time,
            Seed = 11,
            Scheduler = rig._pump,
            Tap = new WireTap(rig._wire),
        };
        var factory = TransportFactory.ForStream(
            port, _ => ValueTask.FromResult(rig.Cable.Through(rig.Module.OpenStream())), rig.Time, true);
        rig._modem = await rig.PassAsync(Modem.OpenAsync(wire?.Invoke(factory) ?? factory, drive?.Invoke(options) ?? options, Token));
        rig._states = new StateLog(rig._modem);
        return rig;
    }

    /// <summary>Lets time pass until a call has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> call)
    {
        await PassAsync((Task)call);
        return await call;
    }

    /// <inheritdoc cref="PassAsync{T}(Task{T})"/>
    public async Task PassAsync(Task call)
    {
        long started = Time.GetTimestamp();
        await SettleAsync();
        while (!call.IsCompleted)
        {
            Assert.True(Time.GetElapsedTime(started) < LongestRun, $"the call does not end:\n{Wire}");
            Time.Advance(Step);
            await SettleAsync();
        }

        await call;
    }

    /// <summary>Lets so much time pass.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await SettleAsync();
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            Time.Advance(Step);
            await SettleAsync();
        }
    }

    /// <summary>Lets time pass until the modem has come to a state; tells how it came there since the last call.</summary>
    public async Task<IReadOnlyList<ModemStateChange>> ChangesUntilAsync(ModemState state) =>
        await PassAsync(_states!.UntilAsync(state, Token)); // an open modem has a log

    public Task<LinkStream> ConnectAsync(int port = 7) => PassAsync(Modem.ConnectAsync(Rig.Host, port, Token));

    /// <summary>A link, and the peer that it led to.</summary>
    public async Task<(LinkStream Link, InMemoryPeer Peer)> ConnectToPeerAsync(int port)
    {
        InMemoryListener listener = Network.Listen(Rig.Host, port);
        LinkStream link = await ConnectAsync(port);
        return (link, await PassAsync(listener.AcceptAsync(Token).AsTask()));
    }

    /// <summary>A new link works.</summary>
    public async Task NewLinkWorksAsync()
    {
        LinkStream link = await ConnectAsync();
        await PassAsync(Traffic.EchoAsync(link, 10_000, seed: 30, Token));
        await PassAsync(link.DisposeAsync().AsTask());
    }

    public async ValueTask DisposeAsync()
    {
        if (_modem is not null)
        {
            await PassAsync(_modem.DisposeAsync().AsTask());
        }

        await PassAsync(Module.DisposeAsync().AsTask());
        Assert.Null(Module.Failure);
        await _wire.DisposeAsync();
    }

    // What a test awaits goes on beside the pump, on the thread pool, and may give it something to do again.
    private async Task SettleAsync()
    {
        do
        {
            await PoolTurnAsync();

            // A thread of the pool that has taken its work and lost the processor goes first: time must not run past it.
            Thread.Yield();
        }
        while (_pump.Run());
    }

    // Behind what the pool has been given; a work item of the usual kind would go before it.
    private static Task PoolTurnAsync()
    {
        var turn = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.SetResult(), turn, preferLocal: false);
        return turn.Task;
    }
}
